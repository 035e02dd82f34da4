import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { VIEWS } from '../../ids.ts';
import { UserError } from '../../userError.ts';
import { type ChosenJob, chooseManifest, type RunTarget } from './chooseManifest.ts';
import { confirmRun } from './confirmRun.ts';
import { freeName, isJobName } from './freeName.ts';
import { runBody } from './runBody.ts';
import { planRun, type RunPlan } from './runPlan.ts';

/** What an attempt at creating the run came to. */
type Attempt =
  | { kind: 'created'; job: JobRow }
  | { kind: 'name-taken'; plan: RunPlan; free: string }
  | { kind: 'to-confirm'; plan: RunPlan };

/**
 * Command: creates the Job of a manifest with as many completions as its queue has messages for it at that moment.
 * @param target the manifest's file, or the queue of a Job that has ended; the palette gives neither
 * @param index which of the file's Jobs
 */
export async function runJob(app: App, target?: RunTarget, index?: unknown): Promise<void> {
  const chosen = await chooseManifest(app, target, typeof index === 'number' ? index : undefined);
  const run = randomBytes(4).toString('hex');
  let name = chosen.job.name ?? generatedName(chosen, run);
  let agreed: Agreed | undefined;
  for (;;) {
    const attempt = await withProgress(vscode.l10n.t('Run Job {0}', name), (signal, report) =>
      attemptRun(app, { chosen, name, run, agreed, signal, report }),
    );
    switch (attempt.kind) {
      case 'created':
        followRun(app, attempt.job);
        return;
      case 'name-taken':
        name = await askName(attempt.plan, attempt.free);
        break;
      case 'to-confirm': {
        const { plan } = attempt;
        const changed = agreed !== undefined && agreed.plan.completions !== plan.completions;
        agreed = { plan, completions: await confirmRun(plan, changed) };
      }
    }
  }
}

/** What was agreed to: the run as it was then, and the completions to create it with. */
interface Agreed {
  plan: RunPlan;
  completions: number;
}

interface Attempting {
  chosen: ChosenJob;
  name: string;
  run: string;
  /** The Job is created only if what was agreed to is still so. */
  agreed: Agreed | undefined;
  signal: AbortSignal;
  report: (message: string) => void;
}

// The dry run comes before the question too, so that nobody is asked about a Job that the cluster would refuse. After
// the answer everything is read once more: messages may have come or gone while the question stood there.
async function attemptRun(app: App, o: Attempting): Promise<Attempt> {
  o.report(vscode.l10n.t('counting the messages'));
  const plan = await planRun(app, o.chosen, o.name, o.signal);
  const { createJob, listJobs, ANNOTATION, ClusterError } = await app.model.cluster.api();
  const cluster = await app.model.cluster.get();
  const { namespace } = plan;
  const agreed = o.agreed && isSameRun(plan, o.agreed.plan) ? o.agreed : undefined;
  const body = runBody(o.chosen.job.body, {
    ...plan,
    completions: agreed?.completions ?? plan.completions,
    annotations: {
      [ANNOTATION.run]: o.run,
      [ANNOTATION.queue]: plan.queue,
      [ANNOTATION.depth]: String(plan.ready),
    },
  });
  try {
    o.report(vscode.l10n.t('dry run'));
    await createJob(cluster, { namespace, body, dryRun: true, signal: o.signal });
    if (!agreed) return { kind: 'to-confirm', plan };
    o.report(vscode.l10n.t('creating'));
    return { kind: 'created', job: await createJob(cluster, { namespace, body, signal: o.signal }) };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    switch (error.code) {
      case 'conflict': {
        const names = (await listJobs(cluster, namespace, o.signal)).map(job => job.name);
        return { kind: 'name-taken', plan, free: freeName(plan.name, new Set([...names, plan.name])) };
      }
      case 'invalid':
        throw new UserError(vscode.l10n.t('The cluster does not accept Job {0}: {1}', plan.name, error.detail));
      case 'forbidden':
        throw new UserError(
          vscode.l10n.t(
            'You may not create Jobs in namespace {0} of context {1}: {2}',
            namespace,
            plan.context,
            error.detail,
          ),
        );
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

async function askName(plan: RunPlan, free: string): Promise<string> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('There is a Job {0} in {1} already', plan.name, plan.namespace),
    prompt: vscode.l10n.t('A name for this run; the file is not changed.'),
    value: free,
    ignoreFocusOut: true,
    validateInput: value =>
      isJobName(value)
        ? undefined
        : vscode.l10n.t(
            'Up to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.',
          ),
  });
  if (name === undefined) throw new vscode.CancellationError();
  return name;
}

function generatedName({ job, document }: ChosenJob, run: string): string {
  const metadata = job.body.metadata as { generateName?: unknown } | undefined;
  if (typeof metadata?.generateName === 'string') return `${metadata.generateName}${run}`;
  const file = vscode.workspace.asRelativePath(document.uri);
  throw new UserError(vscode.l10n.t('The Job in {0} has no metadata.name.', file));
}

function followRun(app: App, job: JobRow): void {
  app.model.runs.follow(job);
  void app.model.queues.refresh();
  void announce(job);
}

async function announce(job: JobRow): Promise<void> {
  const showJobs = vscode.l10n.t('Show Jobs');
  const text =
    job.completions === 1
      ? vscode.l10n.t('Job {0} created: 1 completion', job.name)
      : vscode.l10n.t('Job {0} created: {1} completions', job.name, job.completions ?? 0);
  const answer = await vscode.window.showInformationMessage(text, showJobs);
  if (answer === showJobs) await vscode.commands.executeCommand(`${VIEWS.jobs}.focus`);
}
