const MAX_ASKED_MS = 60_000;

/** Waiting times between tries: doubling from `minMs` to `maxMs`, each shortened at random by up to a half, so that many clients do not come back at once. */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  /** Tries in a row that failed. */
  failures = 0;

  constructor(minMs: number, maxMs: number) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
  }

  /** The next waiting time in ms. @param atLeastMs what the server asked for (Retry-After), believed up to a minute */
  next(atLeastMs = 0): number {
    const full = Math.min(this.#maxMs, this.#minMs * 2 ** this.failures);
    this.failures++;
    return Math.max(full * (0.5 + Math.random() / 2), Math.min(atLeastMs, MAX_ASKED_MS));
  }

  reset(): void {
    this.failures = 0;
  }
}
