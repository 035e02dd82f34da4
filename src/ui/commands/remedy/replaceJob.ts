import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import { isActive } from '../../../model/runAccounts.ts';
import { completionsFor } from '../../../workload/completions.ts';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { manifestReader } from '../../manifestReader.ts';
import { jobWords, messages, pods } from '../../text.ts';
import { UserError } from '../../userError.ts';
import { changeJob, needRight } from '../job/changeJob.ts';
import { chooseJob, type JobTarget } from '../job/chooseJob.ts';
import { createRun } from '../job/createRun.ts';
import { podsEnd } from '../job/podsEnd.ts';
import { newRunId } from '../job/runJob.ts';

/**
 * Command: deletes a Job and creates it anew, with as many completions as its queue has messages when the Pods of the
 * first have ended. Both are asked about at once.
 */
export async function replaceJob(app: App, target?: JobTarget): Promise<void> {
  const title = vscode.l10n.t('Replace which Job?');
  const job = await chooseJob(app, target, title, one => isActive(one) && one.queue !== undefined);
  const { name, namespace, uid } = job;
  await needRight(app, 'deleteJobs', namespace);
  const body = await changeJob(
    app,
    { job, right: 'createJobs', title: vscode.l10n.t('Reading Job {0}', name) },
    ({ api, cluster, signal }) => api.readJobAgain(cluster, { namespace, name, uid, signal }),
  );
  const { readManifest } = await manifestReader();
  const [manifest] = readManifest(JSON.stringify(body)).jobs;
  if (!manifest?.queue || job.completions === undefined) {
    throw new UserError(
      vscode.l10n.t('Job {0} takes messages until its queue is empty: no number fits better.', name),
      {
        warning: true,
      },
    );
  }
  const counted = await count(app, job, manifest.queue.value);
  await confirm(app, job, counted);
  const left = await changeJob(
    app,
    { job, right: 'deleteJobs', title: vscode.l10n.t('Deleting Job {0}', name) },
    async tools => {
      await tools.api.deleteJob(tools.cluster, { namespace, name, uid, signal: tools.signal });
      return podsEnd(tools, job);
    },
  );
  // Pods that have not ended hold messages that cannot be counted yet: then the number is asked about.
  await createRun(app, { job: manifest, name }, newRunId(), { agreed: left === 0 });
}

interface Counted {
  queue: string;
  ready: number;
  /** With the Job's Pods; undefined: the broker does not say. */
  unacked: number | undefined;
  /** What other active Jobs will take. */
  claimed: number;
  completions: number;
}

async function count(app: App, job: JobRow, queue: string): Promise<Counted> {
  const { queues, runs } = app.model;
  await queues.refresh();
  const depth = await queues.depth(queue);
  const sample = queues.find(queue)?.sample;
  // Both of one moment: their sum changes only by what is done meanwhile.
  const unacked = sample?.unacked;
  const ready = (unacked === undefined ? undefined : sample?.ready) ?? depth?.ready ?? 0;
  const claims = runs.claims(queue).filter(({ name }) => name !== job.name);
  const { completions, explanation } = completionsFor({ ready: ready + (unacked ?? 0), claims });
  if (completions > 0) return { queue, ready, unacked, claimed: explanation.claimed, completions };
  throw new UserError(
    vscode.l10n.t('Queue {0} has no messages for another Job: stop or delete Job {1} instead.', label(queue), job.name),
    { warning: true },
  );
}

async function confirm(app: App, job: JobRow, counted: Counted): Promise<void> {
  const { context } = await app.model.cluster.get();
  const queue = label(counted.queue);
  const replace = vscode.l10n.t('Replace');
  const podCount = app.model.runs.find(job.uid)?.pods.length ?? job.active;
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'Delete Job {0} with completions {1}, and create it anew with {2}?',
      job.name,
      job.completions ?? 0,
      counted.completions,
    ),
    {
      modal: true,
      detail: [
        vscode.l10n.t('Context: {0}', context),
        vscode.l10n.t('Namespace: {0}', job.namespace),
        vscode.l10n.t('State: {0}', jobWords(job)),
        vscode.l10n.t('Deleted with it: {0} and their logs', pods(podCount)),
        counted.unacked === undefined
          ? vscode.l10n.t('Ready in queue {0}: {1}; what its Pods hold comes back.', queue, messages(counted.ready))
          : vscode.l10n.t(
              'In queue {0}: {1} ready, {2} unacked, which come back when its Pods end.',
              queue,
              counted.ready,
              counted.unacked,
            ),
        ...(counted.claimed > 0 ? [vscode.l10n.t('Other active Jobs take {0} of them.', counted.claimed)] : []),
        vscode.l10n.t('The number is counted once more when its Pods have ended.'),
      ].join('\n'),
    },
    replace,
  );
  if (answer !== replace) throw new vscode.CancellationError();
}
