/** What is known of a queue from the last look at it, and from the confirms since. */
export interface Before {
  /** Ready messages; undefined: the broker does not tell this user. */
  depth: number | undefined;
  /** Messages of the publication that were there. */
  ours: number;
  /** The line of the oldest of ours, by the look or by confirm; undefined: unknown. */
  oldest: number | undefined;
  /** Confirmed since that look. */
  confirmedSince: number;
  /** Somebody may have taken messages since: consumers were seen, or nobody has looked for a while. */
  perhapsTaken: boolean;
}

/** What a look at the queue has found. */
export interface Look {
  depth: number | undefined;
  /** undefined: the broker does not tell this user. */
  consumers: number | undefined;
  /** All ids of ours that are in the queue; undefined when they could not be read, or were too many. */
  ids: { asked: Set<number>; others: number; oldest: number | undefined } | undefined;
  /** The first of ours in the queue and how many of others' come before it, when only that was read. */
  head: { oldest: number; ahead: number } | undefined;
}

/** What became of the lines that were asked about. */
export interface Verdict {
  /** @param nth the line's place among those asked about, in the order they were sent */
  arrived(line: number, nth: number): boolean;
  /** Those that have not arrived are surely nowhere; otherwise sending them again may double them. */
  certain: boolean;
  /** Confirmed, taken by nobody as far as was seen, and gone. */
  lost: number;
}

/**
 * Which of the lines whose confirm never came are in the queue. Ids prove it; without them the depth tells how many,
 * for a channel's messages reach a queue in their order. Messages are taken from the head of a queue: while the oldest
 * of ours is there, nobody has taken any; and when it is not, those that are missing before the first of ours are taken.
 * @param askedCount how many lines are asked about at most
 */
export function whatArrived(before: Before, look: Look, askedCount: number): Verdict {
  if (look.consumers === undefined || look.consumers > 0) return unknowable(0);
  return look.ids ? byIds(before, look.ids, look.depth) : byDepth(before, look, askedCount);
}

function unknowable(lost: number): Verdict {
  return { arrived: () => false, certain: false, lost };
}

function byIds(before: Before, ids: NonNullable<Look['ids']>, depth: number | undefined): Verdict {
  const found: Verdict = { arrived: line => ids.asked.has(line), certain: true, lost: 0 };
  const { oldest } = ids;
  const missing = before.ours + before.confirmedSince - ids.others;
  if (missing > 0 && oldest !== undefined && oldest === before.oldest) return { ...found, lost: missing };
  if (ids.others > 0) return found;
  const taken = missing > 0 || (before.perhapsTaken && !foreignHeadIsThere(before, depth));
  if (!taken) return found;
  // All that was confirmed is gone; so is what was sent before the oldest that is left.
  if (oldest !== undefined) return { ...found, arrived: line => line < oldest || ids.asked.has(line) };
  return before.perhapsTaken ? unknowable(0) : { ...found, lost: missing };
}

/** Messages of others that were in the queue before ours still are: then nobody has come to ours. */
function foreignHeadIsThere({ depth: before = 0 }: Before, depth: number | undefined): boolean {
  return before > 0 && depth !== undefined && depth >= before;
}

function byDepth(before: Before, { depth, head }: Look, askedCount: number): Verdict {
  if (depth === undefined || before.depth === undefined) return unknowable(0);
  const headIsThere =
    head !== undefined && head.ahead === before.depth - before.ours && head.oldest === (before.oldest ?? head.oldest);
  const perhapsTaken = before.perhapsTaken && !headIsThere;
  const surplus = depth - before.depth - before.confirmedSince;
  if (surplus < 0) return unknowable(perhapsTaken ? 0 : -surplus);
  if (perhapsTaken || surplus > askedCount) return unknowable(0);
  return { arrived: (_, nth) => nth < surplus, certain: true, lost: 0 };
}
