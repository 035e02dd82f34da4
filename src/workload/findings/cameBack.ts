import type { Finding, Remedy } from '../findings.ts';
import type { RunLook } from '../ledger.ts';
import { hasEnded, lookAfterEnd, recentStretch } from '../looks.ts';

/**
 * Items that came back although their Pod counted as done: the queue holds more than D0 - succeeded + published.
 * The queue is read LAG_MS or more after the count, so every item counted was acked, or was back, by then:
 * what is too many cannot come from figures that lag. Other Jobs on the queue, or more items too many than were
 * counted, make the sum meaningless. What others publish looks the same: while the run goes on it counts only as far as
 * the broker's own count of what was published proves it, and at the end no more than what had been handed out before.
 */
export function cameBack(looks: readonly RunLook[]): Finding[] {
  const [counted, read] = evidence(looks);
  const items = itemsBack(looks);
  const { ready, unacked } = read?.queue ?? {};
  if (!counted || !read || items === 0 || ready === undefined || read.depthAtStart === undefined) return [];
  const { depthAtStart, publishedSince } = read;
  const { succeeded } = counted.job;
  const proof: Finding['proof'] = { items, depthAtStart, succeeded, publishedSince, ready };
  proof.expected = depthAtStart - succeeded + publishedSince;
  if (unacked !== undefined) proof.unacked = unacked;
  const remedies: Remedy[] = [
    { action: 'use-strict-worker', numbers: {} },
    { action: 'show-log', numbers: {} },
    ...restOf(looks),
  ];
  return [{ code: 'failed-item-counted-as-done', severity: 'has-gone-wrong', proof, remedies }];
}

/** How many items more than the account has there are, whoever put them there. */
export function excessOf(looks: readonly RunLook[]): number {
  const [counted, read] = evidence(looks);
  return counted && read ? Math.max(0, itemsTooMany(counted, read)) : 0;
}

/** How many items came back although they counted as done; 0 where that is not proven. */
export function itemsBack(looks: readonly RunLook[]): number {
  const [counted, read] = evidence(looks);
  if (!counted || !read) return 0;
  if (looks.some(look => look.at <= read.at && look.otherRuns + (look.otherRunsEnded ?? 0) > 0)) return 0;
  const items = Math.min(itemsTooMany(counted, read), provenBack(looks, counted, read));
  return items > counted.job.succeeded ? 0 : Math.max(0, items);
}

/**
 * How many of them are no messages of others: all when the broker has counted none of others, else those that had been
 * handed out before. Where neither is known they are taken for what they most often are.
 */
function provenBack(looks: readonly RunLook[], counted: RunLook, read: RunLook): number {
  const witness = looks.at(-1)?.witness;
  if (!hasEnded(counted)) return witness?.proven ?? 0;
  if (!witness) return Number.POSITIVE_INFINITY;
  const { redelivered, othersPublished, isLooking } = witness;
  if (isLooking) return 0;
  if (othersPublished === false) return Number.POSITIVE_INFINITY;
  if (!othersPublished) return redelivered ?? Number.POSITIVE_INFINITY;
  // A Pod that has acked gets the next message for the moment until it is gone: that one was handed out, too.
  return Math.max(0, (redelivered ?? 0) - read.job.parallelism);
}

/** A second Job for what is ready now, once the first has ended. */
export function restOf(looks: readonly RunLook[]): Remedy[] {
  const now = looks.at(-1);
  const completions = now?.queue?.ready ?? 0;
  return now && hasEnded(now) && completions > 0 ? [{ action: 'run-rest', numbers: { completions } }] : [];
}

/** The look whose count, and the look whose queue is compared with it; of a run that ended, as it left the queue. */
function evidence(looks: readonly RunLook[]): [RunLook?, RunLook?] {
  const now = looks.at(-1);
  if (now && hasEnded(now)) {
    const end = lookAfterEnd(looks);
    return [end?.ended, end?.settled];
  }
  const stretch = recentStretch(looks);
  return [stretch?.[0], stretch?.at(-1)];
}

/**
 * How many items the queue holds more than the account of an earlier or the same look has. Without the unacked figure it
 * is what is known at least. Where a Pod takes any number of items there is no such account.
 */
function itemsTooMany(counted: RunLook, read: RunLook): number {
  if (read.queue?.ready === undefined || read.depthAtStart === undefined) return 0;
  if (counted.job.completions === undefined) return 0;
  const present = read.queue.ready + (read.queue.unacked ?? 0);
  return present - (read.depthAtStart - counted.job.succeeded + read.publishedSince);
}
