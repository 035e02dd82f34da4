import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import { isActive } from '../../../model/runAccounts.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { jobWords, pods } from '../../text.ts';
import { changeJob, needRight } from './changeJob.ts';
import { chooseJob, type JobTarget } from './chooseJob.ts';
import { podsEnd } from './podsEnd.ts';

/** Command: deletes a Job and its Pods, after asking, and waits for the Pods to end. */
export async function deleteJob(app: App, target?: JobTarget): Promise<void> {
  const job = await chooseJob(app, target, vscode.l10n.t('Delete which Job?'));
  const { namespace, name, uid } = job;
  await needRight(app, 'deleteJobs', namespace);
  const cluster = await app.model.cluster.get();
  const { describeJob } = await app.model.cluster.api();
  const described = await withProgress(vscode.l10n.t('Reading Job {0}', name), signal =>
    describeJob(cluster, { namespace, name, signal }),
  );
  // What is asked about is what is deleted: a Job of the same name that has come since is another one.
  const now = described.job.uid === uid ? described.job : job;
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete Job {0} and its Pods?', name),
    { modal: true, detail: details(now, cluster.context, described.pods.length) },
    vscode.l10n.t('Delete'),
  );
  if (answer === undefined) throw new vscode.CancellationError();
  const left = await changeJob(
    app,
    { job, right: 'deleteJobs', title: vscode.l10n.t('Deleting Job {0}', name) },
    async tools => {
      await tools.api.deleteJob(tools.cluster, { namespace, name, uid, signal: tools.signal });
      return podsEnd(tools, job);
    },
  );
  if (left > 0) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'Job {0} is deleted, but {1} did not end in time (is their node lost?). Until they do, they may take messages of the next run.',
        name,
        pods(left),
      ),
    );
  }
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

function fate(job: JobRow): string {
  const { queue } = job;
  if (!isActive(job)) return vscode.l10n.t('It has ended; messages are not touched.');
  if (queue === undefined) return vscode.l10n.t('It has not ended: its Pods are stopped.');
  return vscode.l10n.t(
    'It has not ended: its Pods are stopped, the messages they were working on go back to queue {0}, and those not taken yet stay there.',
    queue,
  );
}
