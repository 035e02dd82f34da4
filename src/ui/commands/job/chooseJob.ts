import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import type { App } from '../../app.ts';
import { pickOne } from '../../pickOne.ts';
import { jobWords } from '../../text.ts';
import { UserError } from '../../userError.ts';

/** The row of the Jobs view that a command was called on; the palette gives none. */
export type JobTarget = { kind: 'job'; uid: string };
export type PodTarget = { kind: 'pod'; uid: string; jobUid: string };

/**
 * @param fits which Jobs are to choose from
 * @returns the Job of the row; without one, the Job picked from those of the namespace
 * @throws UserError when it is gone or there is none; CancellationError; ClusterError
 */
export async function chooseJob(
  app: App,
  target: JobTarget | undefined,
  title: string,
  fits: (job: JobRow) => boolean = () => true,
): Promise<JobRow> {
  if (target?.kind === 'job') {
    const run = app.model.runs.find(target.uid);
    if (!run) throw new UserError(vscode.l10n.t('That Job is not there any more.'), { warning: true });
    return run.job;
  }
  const { listJobs } = await app.model.cluster.api();
  const cluster = await app.model.cluster.get();
  const jobs = (await listJobs(cluster, cluster.namespace)).filter(fits);
  jobs.sort((a, b) => b.created - a.created);
  const none = vscode.l10n.t('There is no Job in namespace {0} of context {1}.', cluster.namespace, cluster.context);
  return pick(
    jobs.map(job => ({ label: job.name, description: jobWords(job), entry: job })),
    title,
    none,
  );
}

async function pick<T>(items: (vscode.QuickPickItem & { entry: T })[], title: string, none: string): Promise<T> {
  if (items.length === 0) throw new UserError(none, { warning: true });
  const picked = await pickOne(items, { title, matchOnDescription: true });
  return picked.entry;
}
