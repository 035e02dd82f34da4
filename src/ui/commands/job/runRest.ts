import * as vscode from 'vscode';
import { isActive } from '../../../model/runAccounts.ts';
import type { App } from '../../app.ts';
import { manifestReader } from '../../manifestReader.ts';
import { UserError } from '../../userError.ts';
import { changeJob } from './changeJob.ts';
import { chooseJob, type JobTarget } from './chooseJob.ts';
import { createRun } from './createRun.ts';
import { nameWithEnd } from './freeName.ts';
import { podsEnd } from './podsEnd.ts';
import { newRunId } from './runJob.ts';

/** Command: runs a Job like one that has ended, for what is left in its queue. It needs no file: the cluster has the Job. */
export async function runRest(app: App, target?: JobTarget): Promise<void> {
  const title = vscode.l10n.t('Run which Job again for the rest?');
  const before = await chooseJob(app, target, title, job => !isActive(job) && job.queue !== undefined);
  const { namespace, name, uid } = before;
  if (isActive(before)) {
    throw new UserError(vscode.l10n.t('Job {0} has not ended yet: what is left is still its own to take.', name), {
      warning: true,
    });
  }
  const body = await changeJob(
    app,
    { job: before, right: 'createJobs', title: vscode.l10n.t('Reading Job {0}', name) },
    async tools => {
      const { api, cluster, signal } = tools;
      const manifest = await api.readJobAgain(cluster, { namespace, name, uid, signal });
      // What its last Pods hold comes back when they end, and belongs to the rest.
      await podsEnd(tools, before);
      return manifest;
    },
  );
  const { readManifest } = await manifestReader();
  const [job] = readManifest(JSON.stringify(body)).jobs;
  if (!job?.queue) {
    throw new UserError(vscode.l10n.t('Job {0} names no queue (QUEUE in the env of its container).', name));
  }
  const base = name.replace(/-rest(-\d+)?$/, '');
  await createRun(app, { job, name: nameWithEnd(base, '-rest'), restOf: name }, newRunId());
}
