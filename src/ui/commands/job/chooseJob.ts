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
    if (!run) throw jobGone();
    return run.job;
  }
  const { jobs, ...place } = await jobsInUse(app);
  const fitting = jobs.filter(fits);
  if (jobs.length > 0 && fitting.length === 0) {
    throw new UserError(
      vscode.l10n.t(
        'There are Jobs in namespace {0} of context {1}, but none that this can be done with now.',
        place.namespace,
        place.context,
      ),
      { warning: true },
    );
  }
  return pickJob(
    fitting.map(job => jobItem(job, job)),
    title,
    place,
  );
}

/** A Job to choose, and what choosing it gives. */
export type JobItem<T> = vscode.QuickPickItem & { entry: T };

/** @returns a Job of the cluster, to choose */
export const jobItem = <T>(job: JobRow, entry: T): JobItem<T> => ({
  label: job.name,
  description: jobWords(job),
  entry,
});

/**
 * @returns the Jobs of the namespace in use, the latest first
 * @throws ClusterError
 */
export async function jobsInUse(app: App): Promise<{ context: string; namespace: string; jobs: JobRow[] }> {
  const { listJobs } = await app.model.cluster.api();
  const cluster = await app.model.cluster.get();
  const { context, namespace } = cluster;
  const jobs = await listJobs(cluster, namespace);
  return { context, namespace, jobs: jobs.sort((a, b) => b.created - a.created) };
}

/**
 * @param place where these are the Jobs of
 * @throws UserError when there is none; CancellationError
 */
export async function pickJob<T>(
  items: JobItem<T>[],
  title: string,
  { context, namespace }: { context: string; namespace: string },
): Promise<T> {
  if (items.length === 0) {
    throw new UserError(vscode.l10n.t('There is no Job in namespace {0} of context {1}.', namespace, context), {
      warning: true,
    });
  }
  return (await pickOne(items, { title, matchOnDescription: true })).entry;
}

/** @returns what is told about a row whose Job is gone */
export const jobGone = (): UserError =>
  new UserError(vscode.l10n.t('That Job is not there any more.'), { warning: true });
