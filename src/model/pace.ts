import type { Ending } from './emitter.ts';

/** Milliseconds between two looks at the broker: its management API has new figures every 5 s, its AMQP side always. */
const INTERVAL = 2000;
const LONGEST_BACK_OFF = 30_000;
/** Listing thousands of queues costs a broker most of a second: it gets this many times as long a rest. */
const REST = 9;

/**
 * Repeats a piece of work for as long as somebody looks: one at a time, again after INTERVAL, later where it takes long
 * or fails (doubling up to LONGEST_BACK_OFF). Nothing runs when nobody looks.
 */
export class Pace {
  readonly #work: () => Promise<void>;
  #lookers = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #failures = 0;
  #took = 0;
  #disposed = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Starts the work, or keeps it going, until the look is ended. */
  look(): Ending {
    let open = true;
    this.#lookers++;
    if (this.#lookers === 1) void this.now();
    return {
      dispose: () => {
        if (!open) return;
        open = false;
        this.#lookers--;
        if (this.#lookers === 0) clearTimeout(this.#timer);
      },
    };
  }

  /** Does the work at once; a call while it is under way has it done once more after that. */
  async now(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      await this.#running;
      if (!this.#again) return this.#running;
    }
    this.#again = false;
    clearTimeout(this.#timer);
    this.#running ??= this.#once().finally(() => {
      this.#running = undefined;
      this.#schedule();
    });
    return this.#running;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  // A failure is kept as the link's state by whoever failed; here it only slows the pace.
  async #once(): Promise<void> {
    const start = performance.now();
    try {
      await this.#work();
      this.#failures = 0;
      this.#took = performance.now() - start;
    } catch {
      this.#failures++;
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#lookers === 0 || this.#disposed) return;
    const wait = this.#failures > 0 ? INTERVAL * 2 ** this.#failures : Math.max(INTERVAL, this.#took * REST);
    this.#timer = setTimeout(() => void this.now(), Math.min(wait, LONGEST_BACK_OFF));
  }
}
