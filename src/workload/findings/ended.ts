import type { Finding, Remedy } from '../findings.ts';
import { type RunLook, reckon } from '../ledger.ts';
import { hasEnded, lookAfterEnd, recentStretch } from '../looks.ts';
import { itemsBack, restOf } from './cameBack.ts';

/** What a run left when it ended. */
export function ended(looks: readonly RunLook[]): Finding[] {
  return [...itemsLeft(looks), ...backoffExhausted(looks), ...queueGone(looks), ...logsLost(looks)];
}

/**
 * Items in the queue that a Job did not take; those that came back although they counted as done are another matter.
 * Of a Job that ended after too many failures they are told with that.
 */
function itemsLeft(looks: readonly RunLook[]): Finding[] {
  const settled = lookAfterEnd(looks)?.settled;
  if (!settled || looks.at(-1)?.witness?.isLooking || settled.otherRuns > 0 || settled.queue?.ready === undefined)
    return [];
  if (settled.job.state === 'failed' && settled.job.reason !== 'DeadlineExceeded') return [];
  const { job, queue, depthAtStart, publishedSince, otherRunsEnded = 0 } = settled;
  // Of a run without D0 only what was there at its end is known to be its rest.
  if (depthAtStart === undefined && looks[0] && hasEnded(looks[0])) return [];
  const present = settled.queue.ready + (queue?.unacked ?? 0);
  const expected = otherRunsEnded > 0 ? undefined : reckon(settled).expected;
  const items = Math.min(present - itemsBack(looks), stillThere(looks, settled));
  if (items <= 0) return [];
  const proof: Finding['proof'] = {
    items,
    present,
    ready: settled.queue.ready,
    succeeded: job.succeeded,
    publishedSince,
  };
  if (queue?.unacked !== undefined) proof.unacked = queue.unacked;
  if (depthAtStart !== undefined) proof.depthAtStart = depthAtStart;
  if (expected !== undefined) proof.expected = expected;
  if (job.state === 'failed') proof.reason = job.reason ?? '';
  // Items published while it ran were never this run's to take.
  const wasToTake = depthAtStart === undefined || job.completions === undefined || depthAtStart > job.succeeded;
  const severity = wasToTake ? 'has-gone-wrong' : 'worth-knowing';
  return [{ code: 'items-left-behind', severity, proof, remedies: restOf(looks) }];
}

/** What of it may still be there: nothing when another run has come for it, and not more than the queue holds now. */
function stillThere(looks: readonly RunLook[], settled: RunLook): number {
  const now = looks.at(-1);
  if (!now || now.otherRuns > 0 || (now.otherRunsEnded ?? 0) > (settled.otherRunsEnded ?? 0)) return 0;
  if (now.queue?.exists === false) return 0;
  return now.queue?.ready === undefined ? Number.POSITIVE_INFINITY : now.queue.ready + (now.queue.unacked ?? 0);
}

function backoffExhausted(looks: readonly RunLook[]): Finding[] {
  const now = looks.at(-1);
  if (now?.job.state !== 'failed' || now.job.reason !== 'BackoffLimitExceeded') return [];
  const { failed, succeeded, completions } = now.job;
  const proof: Finding['proof'] = { failed, succeeded };
  if (completions !== undefined) proof.completions = completions;
  if (now.queue?.ready !== undefined) proof.ready = now.queue.ready;
  const log: Remedy[] = now.pods.length > 0 ? [{ action: 'show-log', numbers: {} }] : [];
  return [{ code: 'backoff-exhausted', severity: 'has-gone-wrong', proof, remedies: [...log, ...restOf(looks)] }];
}

/** The queue was not there when the Job failed: its Pods fail at their start. What was deleted later is no cause. */
function queueGone(looks: readonly RunLook[]): Finding[] {
  const settled = lookAfterEnd(looks)?.settled;
  if (settled?.job.state !== 'failed' || settled.queue?.exists !== false || !looks.some(look => !hasEnded(look)))
    return [];
  const { succeeded, failed } = settled.job;
  const remedies: Remedy[] = [{ action: 'create-queue', numbers: {} }];
  return [{ code: 'queue-missing', severity: 'has-gone-wrong', proof: { active: 0, succeeded, failed }, remedies }];
}

/**
 * No Pod is left of a Job that had too many failures, in two looks: a list of Pods may come a little after the Job.
 * At a deadline Kubernetes deletes only what still runs.
 */
function logsLost(looks: readonly RunLook[]): Finding[] {
  const stretch = recentStretch(looks);
  const gone = stretch?.every(({ job, pods }) => {
    return job.state === 'failed' && job.reason === 'BackoffLimitExceeded' && job.failed > 0 && pods.length === 0;
  });
  const failed = looks.at(-1)?.job.failed;
  if (!gone || failed === undefined) return [];
  const remedies: Remedy[] = [{ action: 'keep-failed-pods', numbers: {} }];
  return [{ code: 'logs-lost-on-failure', severity: 'has-gone-wrong', proof: { failed }, remedies }];
}
