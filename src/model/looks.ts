import type { RunLook } from '../workload/ledger.ts';

/** Milliseconds between the looks that a finding compares: the management API's figures are up to 5 s old. */
const APART = 5500;
/** Milliseconds after a run's end until the broker's figures are surely those after its last Pod. */
const SETTLE = 6500;

interface Seen {
  looks: RunLook[];
  wasActive: boolean;
  /** When it was first seen ended, by this machine's clock. */
  endedAt: number | undefined;
  settled: boolean;
}

/**
 * The last looks at each run. A run's account ends some seconds after the run: what happens on its queue later, the
 * next publish or the next run, says nothing about it.
 */
export class Looks {
  readonly #seen = new Map<string, Seen>();

  /** Runs that have ended and whose figures still settle. */
  get unsettled(): number {
    let count = 0;
    for (const seen of this.#seen.values()) if (seen.wasActive && seen.endedAt !== undefined && !seen.settled) count++;
    return count;
  }

  of(uid: string): RunLook[] {
    return this.#seen.get(uid)?.looks ?? [];
  }

  /**
   * Adds a look at a run.
   * @returns true once: when a run that was seen active has ended and its figures have settled
   */
  add(uid: string, look: RunLook, active: boolean): boolean {
    const seen = this.#seen.get(uid) ?? { looks: [], wasActive: false, endedAt: undefined, settled: false };
    this.#seen.set(uid, seen);
    if (active) {
      seen.wasActive = true;
      seen.endedAt = undefined;
    } else {
      seen.endedAt ??= look.at;
    }
    if (seen.settled) return false;
    // A run that had ended before anybody looked: today's queue is not its queue any more.
    push(seen.looks, seen.wasActive ? look : { ...look, queue: undefined });
    if (seen.endedAt === undefined) return false;
    seen.settled = !seen.wasActive || look.at - seen.endedAt >= SETTLE;
    return seen.settled && seen.wasActive;
  }

  /** Forgets the runs that are gone. */
  keep(uids: ReadonlySet<string>): void {
    for (const uid of this.#seen.keys()) if (!uids.has(uid)) this.#seen.delete(uid);
  }
}

// The newest look replaces the one before it until that one is far enough from its own predecessor.
function push(looks: RunLook[], look: RunLook): void {
  const [before, last] = looks.slice(-2);
  if (before && last && last.at - before.at < APART) looks.pop();
  looks.push(look);
  if (looks.length > 3) looks.shift();
}
