import type { RunLook } from './ledger.ts';

/** A queue's figures from the management API are up to this old: what is true at both ends of such a time is true. */
export const LAG_MS = 5000;

/** Looks more often than this add nothing: the one between two others goes. */
const APART_MS = 1000;

/**
 * The looks to remember of one run, after a new one: oldest first, the last one now. They are few, and plain JSON.
 * Of a running Job: the last LAG_MS. Of one that ended: also the last looks before its end, the first after it, and the
 * first that shows the queue as it was left, so that a verdict on the run outlasts what is published later.
 * A run that had ended before its first look has no D0 here: nobody knows what was published since.
 */
export function keepLooks(looks: readonly RunLook[], look: RunLook): RunLook[] {
  const endedUnseen = hasEnded(looks[0] ?? look);
  const all = [...thinned(looks), endedUnseen ? { ...look, depthAtStart: undefined } : look];
  const end = all.findIndex(hasEnded);
  if (end < 0) return recent(all);
  const settled = settledAt(all);
  if (settled < 0) return [...all.slice(0, end + 1), ...recent(all.slice(end + 1))];
  return [...all.slice(0, end + 1), ...all.slice(settled, settled + 1), ...all.slice(settled + 1).slice(-1)];
}

/** Without the last one when it stands close behind another of the same state. */
function thinned(looks: readonly RunLook[]): readonly RunLook[] {
  const [before, last] = looks.slice(-2);
  const isClose = before && last && last.at - before.at < APART_MS && before.job.state === last.job.state;
  return isClose ? looks.slice(0, -1) : looks;
}

/** The looks of the last LAG_MS or a little more; undefined when they do not reach back so far. */
export function recentStretch(looks: readonly RunLook[]): RunLook[] | undefined {
  const stretch = recent(looks);
  return span(stretch) >= LAG_MS ? stretch : undefined;
}

/** The first look after the run's end, and the first that shows the queue as the run left it. */
export function lookAfterEnd(looks: readonly RunLook[]): { ended: RunLook; settled: RunLook } | undefined {
  const ended = looks.find(hasEnded);
  const settled = looks[settledAt(looks)];
  return ended && settled && { ended, settled };
}

/** Has the Job ended, well or not? */
export function hasEnded(look: RunLook): boolean {
  return look.job.state === 'complete' || look.job.state === 'failed';
}

function settledAt(looks: readonly RunLook[]): number {
  const ended = looks.find(hasEnded);
  return looks.findIndex(look => ended && look.at - ended.at >= LAG_MS && look.queue?.ready !== undefined);
}

function recent(looks: readonly RunLook[]): RunLook[] {
  const now = looks.at(-1)?.at ?? 0;
  return looks.slice(
    Math.max(
      0,
      looks.findLastIndex(look => now - look.at >= LAG_MS),
    ),
  );
}

function span(looks: readonly RunLook[]): number {
  return (looks.at(-1)?.at ?? 0) - (looks[0]?.at ?? 0);
}
