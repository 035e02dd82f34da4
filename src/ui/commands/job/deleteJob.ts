import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { jobWords, pods } from '../../text.ts';
import { chooseJob, type JobTarget } from './chooseJob.ts';

/** Command: deletes a Job and its Pods, after asking. */
export async function deleteJob(app: App, target?: JobTarget): Promise<void> {
  const job = await chooseJob(app, target, vscode.l10n.t('Delete which Job?'));
  const cluster = await app.model.cluster.get();
  const api = await app.model.cluster.api();
  const { namespace, name, uid } = job;
  const described = await withProgress(vscode.l10n.t('Reading Job {0}', name), signal =>
    api.describeJob(cluster, { namespace, name, signal }),
  );
  // What is asked about is what is deleted: a Job of the same name that has come since is another one.
  const now = described.job.uid === uid ? described.job : job;
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete Job {0} and its Pods?', name),
    { modal: true, detail: details(now, cluster.context, described.pods.length) },
    vscode.l10n.t('Delete'),
  );
  if (answer === undefined) throw new vscode.CancellationError();
  await withProgress(vscode.l10n.t('Deleting Job {0}', name), signal =>
    api.deleteJob(cluster, { namespace, name, uid, signal }),
  );
}

function details(job: JobRow, context: string, podCount: number): string {
  return [
    vscode.l10n.t('Context: {0}', context),
    vscode.l10n.t('Namespace: {0}', job.namespace),
    vscode.l10n.t('Deleted with it: {0} and their logs', pods(podCount)),
    vscode.l10n.t('State: {0}', jobWords(job)),
    fate(job),
  ].join('\n');
}

function fate({ state, queue }: JobRow): string {
  const active = state === 'running' || state === 'suspended';
  if (!active) return vscode.l10n.t('It has ended; messages are not touched.');
  if (queue === undefined) return vscode.l10n.t('It has not ended: its Pods are stopped.');
  return vscode.l10n.t(
    'It has not ended: its Pods are stopped, the messages they were working on go back to queue {0}, and those not taken yet stay there.',
    queue,
  );
}
