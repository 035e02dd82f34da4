import * as vscode from 'vscode';
import { messages, pods } from '../../text.ts';
import type { RunPlan } from './runPlan.ts';

/**
 * Asks once, naming all that will be created. Where the file says another number, that one can be chosen too.
 * @param changed the numbers are not the ones agreed to before
 * @returns the completions to run with
 * @throws CancellationError when the answer is no
 */
export async function confirmRun(plan: RunPlan, changed: boolean): Promise<number> {
  const question = vscode.l10n.t('Create Job {0} with completions {1}?', plan.name, plan.completions);
  const create =
    plan.manifestCompletions === undefined
      ? vscode.l10n.t('Create Job')
      : vscode.l10n.t('Create with {0}', plan.completions);
  const asInFile = vscode.l10n.t('Create with {0}, as in the File', plan.manifestCompletions ?? 0);
  const buttons = plan.manifestCompletions === undefined ? [create] : [create, asInFile];
  const detail = details(plan, changed).join('\n');
  const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, ...buttons);
  if (answer === create) return plan.completions;
  if (answer === asInFile && plan.manifestCompletions !== undefined) return plan.manifestCompletions;
  throw new vscode.CancellationError();
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
    ...(manifestCompletions === undefined ? [] : [fileSays(plan, manifestCompletions)]),
    ...(otherBroker === undefined
      ? []
      : [vscode.l10n.t('The messages were counted there; the Pods take them from {0}.', otherBroker)]),
  ];
}

function fileSays({ completions }: RunPlan, manifestCompletions: number): string {
  const difference = completions - manifestCompletions;
  return difference > 0
    ? vscode.l10n.t(
        'The file says completions {0}: that would leave {1} behind. The file is not changed.',
        manifestCompletions,
        messages(difference),
      )
    : vscode.l10n.t(
        'The file says completions {0}: {1} would wait for messages that are not there. The file is not changed.',
        manifestCompletions,
        pods(-difference),
      );
}
