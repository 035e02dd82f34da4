import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { pickOne } from '../../pickOne.ts';
import type { Subject } from '../../subject.ts';
import { clock, jobWords } from '../../text.ts';
import { UserError } from '../../userError.ts';
import type { JobTarget } from './chooseJob.ts';

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
  const gone = keptJobs(app).find(job => job.uid === uid);
  if (!gone) throw new UserError(vscode.l10n.t('That Job is not there any more.'), { warning: true });
  return gone;
}

async function choose(app: App, title: string): Promise<Subject> {
  const { listJobs } = await app.model.cluster.api();
  const { context, namespace } = await app.model.cluster.get();
  const jobs = await listJobs(await app.model.cluster.get(), namespace);
  jobs.sort((a, b) => b.created - a.created);
  const uids = new Set(jobs.map(({ uid }) => uid));
  const items = [
    ...jobs.map(job => ({
      label: job.name,
      description: jobWords(job),
      entry: { context, namespace, name: job.name, uid: job.uid },
    })),
    ...keptJobs(app)
      .filter(job => job.context === context && job.namespace === namespace && !uids.has(job.uid))
      .map(job => ({
        label: job.name,
        description: vscode.l10n.t('deleted; logs kept at {0}', clock(job.keptAt)),
        entry: job,
      })),
  ];
  if (items.length === 0) {
    throw new UserError(vscode.l10n.t('There is no Job in namespace {0} of context {1}.', namespace, context), {
      warning: true,
    });
  }
  return (await pickOne(items, { title, matchOnDescription: true })).entry;
}

/** The Jobs that logs are kept of, the latest first. */
function keptJobs(app: App): (Subject & { keptAt: number })[] {
  const jobs = app.logs.kept.all.map(({ context, namespace, job, jobUid, keptAt }) => {
    return { context, namespace, name: job, uid: jobUid, keptAt };
  });
  return [...new Map(jobs.map(job => [job.uid, job])).values()].reverse();
}
