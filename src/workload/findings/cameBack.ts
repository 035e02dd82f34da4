import type { Finding, Remedy } from '../findings.ts';
import type { RunLook } from '../ledger.ts';
import { hasEnded, lookAfterEnd, recentStretch } from '../looks.ts';

/**
 * Items that came back although their Pod counted as done: the queue holds more than D0 - succeeded + published.
 * The queue is read LAG_MS or more after the count, so every item counted was acked, or was back, by then:
 * what is too many cannot come from figures that lag. Other Jobs on the queue, or more items too many than were
 * counted (someone else publishes), make the sum meaningless.
 */
export function cameBack(looks: readonly RunLook[]): Finding[] {
  const [counted, read] = evidence(looks);
  if (!counted || !read) return [];
  const items = itemsTooMany(counted, read);
  const { queue, depthAtStart, publishedSince } = read;
  if (items <= 0 || items > counted.job.succeeded || queue?.ready === undefined || depthAtStart === undefined)
    return [];
  if (looks.some(look => look.at <= read.at && look.otherRuns + (look.otherRunsEnded ?? 0) > 0)) return [];
  const { succeeded } = counted.job;
  const proof: Finding['proof'] = { items, depthAtStart, succeeded, publishedSince, ready: queue.ready };
  proof.expected = depthAtStart - succeeded + publishedSince;
  if (queue.unacked !== undefined) proof.unacked = queue.unacked;
  const remedies: Remedy[] = [
    { action: 'use-strict-worker', numbers: {} },
    { action: 'show-log', numbers: {} },
    ...restOf(looks),
  ];
  return [{ code: 'failed-item-counted-as-done', severity: 'has-gone-wrong', proof, remedies }];
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

/** Without the unacked figure it is what is known at least. */
function itemsTooMany(counted: RunLook, read: RunLook): number {
  if (read.queue?.ready === undefined || read.depthAtStart === undefined) return 0;
  const present = read.queue.ready + (read.queue.unacked ?? 0);
  return present - (read.depthAtStart - counted.job.succeeded + read.publishedSince);
}
