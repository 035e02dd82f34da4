import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { pickOne } from '../../pickOne.ts';
import type { Subject } from '../../subject.ts';
import { clock, jobWords } from '../../text.ts';
import { UserError } from '../../userError.ts';
import type { JobTarget } from './chooseJob.ts';
import { openLog } from './openLog.ts';

/** Command: opens the logs of all Pods of a Job as one, and follows them while it is open. */
export async function showJobLog(app: App, target?: JobTarget): Promise<void> {
  await app.logs.kept.load();
  const subject = target?.kind === 'job' ? await known(app, target.uid) : await choose(app);
  await openLog(`${vscode.l10n.t('Job {0}', subject.name)}.log`, subject);
}

async function known(app: App, uid: string): Promise<Subject> {
  const run = app.model.runs.find(uid);
  const { context } = await app.model.cluster.get();
  if (run) return { context, namespace: run.job.namespace, name: run.job.name, uid };
  const gone = keptJobs(app).find(job => job.uid === uid);
  if (!gone) throw new UserError(vscode.l10n.t('That Job is not there any more.'), { warning: true });
  return gone;
}

async function choose(app: App): Promise<Subject> {
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
  const title = vscode.l10n.t('Show the logs of which Job?');
  return (await pickOne(items, { title, matchOnDescription: true })).entry;
}

/** The Jobs that logs are kept of, the latest first. */
function keptJobs(app: App): (Subject & { keptAt: number })[] {
  const jobs = app.logs.kept.all.map(({ context, namespace, job, jobUid, keptAt }) => {
    return { context, namespace, name: job, uid: jobUid, keptAt };
  });
  return [...new Map(jobs.map(job => [job.uid, job])).values()].reverse();
}
