import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { VIEWS } from '../../ids.ts';
import { imageWarning } from '../../imageLook.ts';
import { UserError } from '../../userError.ts';
import { isClusterError, needRight, refused } from './changeJob.ts';
import { type AgreedNumbers, confirmRun } from './confirmRun.ts';
import { runBody } from './runBody.ts';
import { planRun, type RunPlan } from './runPlan.ts';
import type { RunSource } from './runSource.ts';

/** What an attempt at creating the run came to. */
type Attempt =
  | { kind: 'created'; job: JobRow }
  | { kind: 'to-confirm'; plan: RunPlan; warning: string | undefined }
  | { kind: 'name-taken' };

/** What was agreed to: the run as it was then, and the numbers to create it with. */
interface Agreed {
  plan: RunPlan;
  numbers: AgreedNumbers;
}

interface Attempting {
  source: RunSource;
  run: string;
  /** The Job is created only if what was agreed to is still so. */
  agreed: Agreed | undefined;
  signal: AbortSignal;
  report: (message: string) => void;
}

/**
 * Creates a run after one question, and follows it.
 * @param run its id: a create that is sent again is known by it
 * @param o.agreed it was asked about already: it is created with the numbers that are right by then
 * @throws UserError; CancellationError; what planRun() throws
 */
export async function createRun(app: App, source: RunSource, run: string, o: { agreed?: boolean } = {}): Promise<void> {
  let agreed: Agreed | undefined;
  for (;;) {
    const attempt = await withProgress(vscode.l10n.t('Run Job {0}', source.name), (signal, report) =>
      attemptRun(app, { source, run, agreed, signal, report }),
    );
    if (attempt.kind === 'created') return followRun(app, attempt.job);
    if (attempt.kind === 'name-taken') continue;
    const { plan, warning } = attempt;
    const changed = agreed !== undefined && agreed.plan.completions !== plan.completions;
    const numbers = { completions: plan.completions, backoffLimit: undefined };
    agreed = { plan, numbers: o.agreed ? numbers : await confirmRun(plan, { changed, warning }) };
  }
}

// The dry run comes before the question too, so that nobody is asked about a Job that the cluster would refuse. After
// the answer everything is read once more: messages may have come or gone while the question stood there.
async function attemptRun(app: App, o: Attempting): Promise<Attempt> {
  const { source, signal, report } = o;
  const place = await app.model.cluster.get();
  await needRight(app, 'createJobs', source.job.namespace ?? place.namespace);
  report(vscode.l10n.t('counting the messages'));
  const plan = await planRun(app, source, signal);
  const { createJob, ANNOTATION } = await app.model.cluster.api();
  const cluster = await app.model.cluster.get();
  const { namespace } = plan;
  const agreed = o.agreed && isSameRun(plan, o.agreed.plan) ? o.agreed : undefined;
  const body = runBody(source.job.body, {
    ...plan,
    ...agreed?.numbers,
    annotations: {
      [ANNOTATION.run]: o.run,
      [ANNOTATION.queue]: plan.queue,
      [ANNOTATION.depth]: String(plan.confirmed ?? plan.ready),
      ...(source.restOf === undefined ? {} : { [ANNOTATION.rest]: source.restOf }),
    },
  });
  const look = { image: plan.image, pullPolicy: source.job.pullPolicy };
  try {
    report(vscode.l10n.t('dry run'));
    const [, warning] = await Promise.all([
      createJob(cluster, { namespace, body, dryRun: true, signal }),
      agreed ? undefined : imageWarning(app, look, signal),
    ]);
    if (!agreed) return { kind: 'to-confirm', plan, warning };
    report(vscode.l10n.t('creating'));
    return { kind: 'created', job: await createJob(cluster, { namespace, body, signal }) };
  } catch (error) {
    if (!isClusterError(error)) throw error;
    switch (error.code) {
      // Somebody has taken the name since the Jobs were listed: the next look finds another one.
      case 'conflict':
        return { kind: 'name-taken' };
      case 'invalid':
        throw new UserError(vscode.l10n.t('The cluster does not accept Job {0}: {1}', plan.name, error.detail));
      case 'forbidden':
        throw await refused(app, 'createJobs', namespace, error.detail);
      default:
        throw error;
    }
  }
}

// How many messages are ready may change with what other Jobs take of them: the run that was agreed to stays the same.
function isSameRun(a: RunPlan, b: RunPlan): boolean {
  const whatMatters = ({ ready: _ready, claimed: _claimed, ...plan }: RunPlan) => JSON.stringify(plan);
  return whatMatters(a) === whatMatters(b);
}

function followRun(app: App, job: JobRow): void {
  app.model.runs.follow(job);
  void app.model.queues.refresh();
  void announce(job);
}

async function announce(job: JobRow): Promise<void> {
  const showJobs = vscode.l10n.t('Show Jobs');
  const text =
    job.completions === undefined
      ? vscode.l10n.t('Job {0} created: it takes messages until the queue is empty', job.name)
      : job.completions === 1
        ? vscode.l10n.t('Job {0} created: 1 completion', job.name)
        : vscode.l10n.t('Job {0} created: {1} completions', job.name, job.completions);
  const answer = await vscode.window.showInformationMessage(text, showJobs);
  if (answer === showJobs) await vscode.commands.executeCommand(`${VIEWS.jobs}.focus`);
}
