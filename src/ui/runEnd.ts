import * as vscode from 'vscode';
import type { Run } from '../model/runs.ts';
import type { RemedyAction } from '../workload/findings.ts';
import { remediesOf } from '../workload/remediesOf.ts';
import { findingText } from './findingText.ts';
import { describeAction, remedyAction } from './remedies.ts';
import { duration, jobWords, list, messages } from './text.ts';
import type { Action } from './userError.ts';

/** What is offered beside Describe Job when a run has ended. */
const NEXT = ['run-rest', 'set-aside'] as const satisfies RemedyAction[];

/** Says how a run has ended, and offers what is likely to come next. */
export async function announce(run: Run): Promise<void> {
  const wrong = run.job.state === 'failed' || run.findings.some(({ severity }) => severity === 'has-gone-wrong');
  const show = wrong ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const actions = nextSteps(run);
  const label = await show(sentences(run).join(' '), ...actions.map(action => action.label));
  const chosen = actions.find(action => action.label === label);
  if (chosen) await vscode.commands.executeCommand(chosen.command, ...(chosen.args ?? []));
}

function sentences({ job, queue, findings }: Run): string[] {
  const took = duration((job.finished ?? job.created) - (job.started ?? job.created));
  const words = jobWords({ ...job, active: 0 });
  const titles = findings.map(finding => findingText(finding).title);
  return [
    job.state === 'failed'
      ? vscode.l10n.t('Job {0} has failed after {1}: {2}.', job.name, took, words)
      : vscode.l10n.t('Job {0} is complete after {1}: {2}.', job.name, took, words),
    ...(queue && titles.length === 0 ? [left(queue)] : []),
    ...titles,
  ];
}

function left({ name, ready, unacked }: NonNullable<Run['queue']>): string {
  if (ready === undefined) return vscode.l10n.t('What is left in queue {0} is not known.', name);
  if (ready === 0 && !unacked) return vscode.l10n.t('Queue {0} is empty.', name);
  const parts = [vscode.l10n.t('{0} ready', messages(ready))];
  if (unacked) parts.push(vscode.l10n.t('{0} unacked', unacked));
  return vscode.l10n.t('Left in queue {0}: {1}.', name, list(parts));
}

function nextSteps({ job, findings }: Run): Action[] {
  const remedies = findings.flatMap(remediesOf);
  const steps = NEXT.flatMap(action => remedies.find(remedy => remedy.action === action) ?? []);
  return [...steps.flatMap(remedy => remedyAction(remedy, { job: job.uid }) ?? []), describeAction(job.uid)];
}
