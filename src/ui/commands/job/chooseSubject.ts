import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import type { Subject } from '../../subject.ts';
import { clock } from '../../text.ts';
import { type JobItem, type JobTarget, jobGone, jobItem, jobsInUse, pickJob } from './chooseJob.ts';

/**
 * @returns the Job of the row; without one, the Job picked from those of the namespace and from those that are deleted
 * and have logs that are kept
 * @throws UserError when it is gone or there is none; CancellationError; ClusterError
 */
export async function chooseSubject(app: App, target: JobTarget | undefined, title: string): Promise<Subject> {
  await app.logs.kept.load();
  return target?.kind === 'job' ? known(app, target.uid) : choose(app, title);
}

async function known(app: App, uid: string): Promise<Subject> {
  const run = app.model.runs.find(uid);
  const { context } = await app.model.cluster.get();
  if (run) return { context, namespace: run.job.namespace, name: run.job.name, uid };
  const gone = keptJobs(app).find(({ job }) => job.uid === uid);
  if (!gone) throw jobGone();
  return gone.job;
}

async function choose(app: App, title: string): Promise<Subject> {
  const { jobs, ...place } = await jobsInUse(app);
  const { context, namespace } = place;
  const uids = new Set(jobs.map(({ uid }) => uid));
  const items: JobItem<Subject>[] = [
    ...jobs.map(job => jobItem(job, { ...place, name: job.name, uid: job.uid })),
    ...keptJobs(app)
      .filter(({ job }) => job.context === context && job.namespace === namespace && !uids.has(job.uid))
      .map(({ job, keptAt }) => ({
        label: job.name,
        description: vscode.l10n.t('deleted; logs kept at {0}', clock(keptAt)),
        entry: job,
      })),
  ];
  return pickJob(items, title, place);
}

/** The Jobs that logs are kept of, the latest first. */
function keptJobs(app: App): { job: Subject; keptAt: number }[] {
  const kept = app.logs.kept.all.map(({ context, namespace, job, jobUid, keptAt }) => {
    return { job: { context, namespace, name: job, uid: jobUid }, keptAt };
  });
  return [...new Map(kept.map(one => [one.job.uid, one])).values()].reverse();
}
