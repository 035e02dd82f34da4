import * as vscode from 'vscode';
import { messages } from '../../text.ts';
import type { RunPlan } from './runPlan.ts';

/**
 * Asks once, naming all that will be created.
 * @param changed the numbers are not the ones agreed to before
 * @throws CancellationError when the answer is no
 */
export async function confirmRun(plan: RunPlan, changed: boolean): Promise<void> {
  const question = vscode.l10n.t('Create Job {0} with completions {1}?', plan.name, plan.completions);
  const create = vscode.l10n.t('Create Job');
  const detail = details(plan, changed).join('\n');
  const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, create);
  if (answer !== create) throw new vscode.CancellationError();
}

function details(plan: RunPlan, changed: boolean): string[] {
  const { claimed, manifestCompletions, otherBroker } = plan;
  return [
    ...(changed ? [vscode.l10n.t('The queue has changed meanwhile; these are the numbers now.')] : []),
    vscode.l10n.t('Context: {0}', plan.context),
    vscode.l10n.t('Namespace: {0}', plan.namespace),
    vscode.l10n.t('Queue: {0} ({1})', plan.queue, plan.broker),
    claimed === 0
      ? vscode.l10n.t('completions: {0}, one for each of the {1} ready', plan.completions, messages(plan.ready))
      : vscode.l10n.t(
          'completions: {0}, of {1} ready less {2} for active Jobs',
          plan.completions,
          messages(plan.ready),
          claimed,
        ),
    vscode.l10n.t('parallelism: {0}', plan.parallelism),
    vscode.l10n.t('Image: {0}', plan.image),
    ...(manifestCompletions === undefined
      ? []
      : [vscode.l10n.t('The file says completions {0}; the file is not changed.', manifestCompletions)]),
    ...(otherBroker === undefined
      ? []
      : [vscode.l10n.t('The messages were counted there; the Pods take them from {0}.', otherBroker)]),
  ];
}
