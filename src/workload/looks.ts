import type { RunLook } from './ledger.ts';

/**
 * The management API's figures are up to this old when they are asked for: figures asked for so long after a look at the
 * Job are of a moment after that look.
 */
export const LAG_MS = 5000;

/** Looks more often than this add nothing: the one between two others goes. */
const APART_MS = 1000;

/** While the broker does not answer, looks would pile up without the figures that end a stretch. */
const MOST_LOOKS = 30;

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

/**
 * The looks from one at the Job to one at its queue as it was after that: the last LAG_MS or a little more.
 * undefined when they do not reach back so far.
 */
export function recentStretch(looks: readonly RunLook[]): RunLook[] | undefined {
  const stretch = recent(looks);
  const [first, now] = [stretch[0], stretch.at(-1)];
  return first && now && isOfAfter(now, first) ? stretch : undefined;
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
  const isKnown = ({ queue }: RunLook) => queue?.ready !== undefined || queue?.exists === false;
  return looks.findIndex(look => ended && isOfAfter(look, ended) && isKnown(look));
}

function recent(looks: readonly RunLook[]): RunLook[] {
  const now = looks.at(-1);
  const kept = looks.slice(
    Math.max(
      0,
      looks.findLastIndex(look => now && isOfAfter(now, look)),
    ),
  );
  return kept.length > MOST_LOOKS ? kept.toSpliced(1, 1) : kept;
}

/** Are the queue's figures in the one look of a moment after the other look? */
function isOfAfter(look: RunLook, other: RunLook): boolean {
  return (look.queue?.at ?? look.at) - other.at >= LAG_MS;
}
