const FIRST_MS = 500;
const SOON_MS = 1_000;
const LONGEST_MS = 30_000;
const MAX_ASKED_MS = 60_000;
// Of a trouble that has lasted a minute the end is noticed within a second, of one that lasts an hour within half a minute.
const PART_OF_TROUBLE = 1 / 60;

/** Waiting times between tries, each shortened at random by up to a half, so that many clients do not come back at once. */
export class Backoff {
  /** Tries in a row that failed. */
  failures = 0;
  #since = 0;

  /**
   * The next waiting time in ms.
   * @param askedMs what the server asked for (Retry-After), believed up to a minute: it knows better than any guess
   * @param now ms of a clock that never goes back
   */
  next(askedMs = 0, now = performance.now()): number {
    if (this.failures === 0) this.#since = now;
    const longest = Math.min(LONGEST_MS, Math.max(SOON_MS, (now - this.#since) * PART_OF_TROUBLE));
    const full = Math.min(longest, FIRST_MS * 2 ** this.failures);
    this.failures++;
    if (askedMs > 0) return Math.min(askedMs, MAX_ASKED_MS) + (Math.random() * FIRST_MS) / 2;
    return full * (0.5 + Math.random() / 2);
  }

  reset(): void {
    this.failures = 0;
  }
}
