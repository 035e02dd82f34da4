import type { Finding, Remedy, WaitCause } from '../findings.ts';
import { type RunLook, reckon } from '../ledger.ts';
import { recentStretch } from '../looks.ts';
import { proofOf } from './queueOfRun.ts';

/**
 * Pods that wait on an empty queue: nothing ready and nothing unacked in two looks, completions still owed, and as many
 * consumers as Pods (a Pod that is just exiting after its last ack is no consumer any more).
 */
export function waiting(looks: readonly RunLook[]): Finding[] {
  const stretch = recentStretch(looks);
  const now = stretch?.at(-1);
  if (!stretch || !now || !stretch.every(look => isWaiting(look) && sameCounts(look, now))) return [];
  const { completions = 0, succeeded, active, failed } = now.job;
  const owed = completions - succeeded;
  const proof: Finding['proof'] = { owed, active, completions, succeeded, failed, publishedSince: now.publishedSince };
  if (now.queue?.consumers !== undefined) proof.consumers = now.queue.consumers;
  if (now.depthAtStart !== undefined) {
    proof.depthAtStart = now.depthAtStart;
    proof.tooMany = tooMany(now, now.depthAtStart);
    proof.missing = reckon(now).missing;
  }
  const cause = causeOf(stretch, now);
  if (cause === 'acked-without-success') Object.assign(proof, podThatAcked(now));
  if (cause === 'taken-by-others') Object.assign(proof, proofOf(now.witness?.strangers));
  const end: Remedy = { action: 'delete-job', numbers: { succeeded, active } };
  const publish: Remedy = { action: 'publish-items', numbers: { items: owed } };
  const remedies = cause === 'taken-by-others' ? [publish, end] : [end, publish];
  return [{ code: 'waiting-on-empty-queue', severity: 'has-gone-wrong', ...(cause && { cause }), proof, remedies }];
}

function isWaiting({ job, queue, pods }: RunLook): boolean {
  const { completions, succeeded, active } = job;
  if (job.state !== 'running' || active === 0 || completions === undefined || completions <= succeeded) return false;
  if (!queue?.exists || queue.ready !== 0 || queue.unacked !== 0) return false;
  if (queue.consumers !== undefined && queue.consumers < active) return false;
  // A Pod that ended well and is not counted yet: the Job's status is behind.
  return pods.filter(pod => pod.phase === 'succeeded').length <= succeeded;
}

function sameCounts(a: RunLook, b: RunLook): boolean {
  return a.job.succeeded === b.job.succeeded && a.publishedSince === b.publishedSince;
}

function tooMany(look: RunLook, depthAtStart: number): number {
  return Math.max(0, (look.job.completions ?? 0) - depthAtStart - look.publishedSince);
}

/**
 * undefined when the numbers allow more than one. An item acked without a counted success needs a container that ended
 * badly: a failed Pod, one that is gone, or a restart. Where fewer are known than items are missing, and all Pods are, others took the rest.
 */
function causeOf(stretch: RunLook[], now: RunLook): WaitCause | undefined {
  if (now.depthAtStart === undefined) return undefined;
  const { missing } = reckon(now);
  if (missing <= tooMany(now, now.depthAtStart)) return 'too-many-completions';
  // A Pod that goes while its Job is suspended does not count as failed.
  const bad = now.pods.filter(pod => pod.phase === 'failed').length + (now.goneUncounted?.length ?? 0);
  const endedBadly = Math.max(now.job.failed, bad) + now.pods.reduce((sum, pod) => sum + pod.restarts, 0);
  const othersSeen = stretch.some(othersTake);
  if (endedBadly >= missing) return othersSeen ? undefined : 'acked-without-success';
  const podsKnown = now.pods.filter(pod => pod.phase !== 'failed').length >= now.job.succeeded + now.job.active;
  return podsKnown || othersSeen ? 'taken-by-others' : undefined;
}

/** Named where no other Pod can have been the one. */
function podThatAcked(now: RunLook): Finding['proof'] {
  const endedBadly = now.pods.filter(pod => pod.phase === 'failed' || pod.restarts > 0).map(pod => pod.name);
  const names = [...new Set([...endedBadly, ...(now.goneUncounted ?? [])])];
  return names.length > 0 && names.length <= reckon(now).missing ? { pods: names.length, pod: names.join(', ') } : {};
}

function othersTake({ job, queue, pods, otherRuns, otherRunsEnded = 0, witness }: RunLook): boolean {
  if ((witness?.strangers ?? []).length > 0) return true;
  const leaving = pods.filter(pod => pod.terminating).length;
  return otherRuns + otherRunsEnded > 0 || (queue?.consumers ?? 0) > job.active + leaving;
}
