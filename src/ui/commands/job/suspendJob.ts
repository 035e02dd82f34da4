import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { changeJob } from './changeJob.ts';
import { chooseJob, type JobTarget } from './chooseJob.ts';
import { sayShortly } from './sayShortly.ts';

/** Command: ends a Job's Pods and makes no more, until it is resumed. */
export async function suspendJob(app: App, target?: JobTarget): Promise<void> {
  const title = vscode.l10n.t('Suspend which Job?');
  const job = await chooseJob(app, target, title, ({ state }) => state === 'running');
  const { name } = job;
  await changeJob(
    app,
    { job, right: 'patchJobs', title: vscode.l10n.t('Suspending Job {0}', name) },
    ({ api, cluster, signal }) => api.patchJob(cluster, { ...job, spec: { suspend: true }, signal }),
  );
  sayShortly(vscode.l10n.t('Job {0} is suspended; the messages of its Pods go back to the queue.', name));
}

/** Command: has a suspended Job make Pods again. */
export async function resumeJob(app: App, target?: JobTarget): Promise<void> {
  const title = vscode.l10n.t('Resume which Job?');
  const job = await chooseJob(app, target, title, ({ state }) => state === 'suspended');
  const { name } = job;
  await changeJob(
    app,
    { job, right: 'patchJobs', title: vscode.l10n.t('Resuming Job {0}', name) },
    ({ api, cluster, signal }) => api.patchJob(cluster, { ...job, spec: { suspend: false }, signal }),
  );
  sayShortly(vscode.l10n.t('Job {0} goes on.', name));
}
