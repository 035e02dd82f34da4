/** What was seen while the window, and nothing else, held messages back. */
export interface WindowSample {
  confirmed: number;
  ms: number;
}

/** How many messages may wait for their confirm at one time. */
export interface MessageWindow {
  readonly size: number;
  /** How many confirms make a sample that tells the window from chance. */
  readonly sampleOf: number;
  note(sample: WindowSample): void;
}

/** Throughput is at most window / time to confirm: 1,000 keep a broker busy that takes 25 ms to write to its disk. */
const START = 1_000;
const MIN = 100;
/** 40,000 messages a second over a way of 200 ms; more would only be more to account for when a connection is lost. */
const MAX = 8_000;
/** A sample spans twice the time to confirm: less is mostly the burst that filled the window. */
const WINDOWS_PER_SAMPLE = 2;
/** What chance alone does to the rate of a sample is less, mostly; and what a larger window gains less is not missed. */
const PAYS = 1.05;
/** Above this, messages wait at the broker for each other, and a cancelled publication for its last answers. */
const SLOW_MS = 400;
/** Samples between two trials that have brought nothing: one costs little, and chance may have hidden what it brings. */
const REST = 8;

/**
 * Finds the window by trying: twice as many for one sample, and again as long as the rate grows by 5 %; half as many
 * while confirms take long and the rate stays within 5 %. It takes no clock and no broker: the samples are all it knows.
 */
export class AdaptiveWindow implements MessageWindow {
  #size = START;
  /** What the present size is measured against; undefined: no trial is on. */
  #before: { size: number; rate: number } | undefined;
  #rest = 0;

  get size(): number {
    return this.#size;
  }

  get sampleOf(): number {
    return this.#size * WINDOWS_PER_SAMPLE;
  }

  note({ confirmed, ms }: WindowSample): void {
    const rate = confirmed / ms;
    if (this.#before && !this.#keeps(this.#before, rate)) {
      this.#size = this.#before.size;
      this.#before = undefined;
      this.#rest = REST;
    } else if (this.#before === undefined && this.#rest > 0) this.#rest--;
    else this.#try(rate);
  }

  #keeps(before: { size: number; rate: number }, rate: number): boolean {
    return this.#size > before.size ? rate >= before.rate * PAYS : rate >= before.rate / PAYS;
  }

  #try(rate: number): void {
    const slow = this.#size / rate > SLOW_MS;
    const next = slow ? Math.max(MIN, Math.ceil(this.#size / 2)) : Math.min(MAX, this.#size * 2);
    this.#before = next === this.#size ? undefined : { size: this.#size, rate };
    this.#size = next;
  }
}

/** A window that stays as it is. */
export function fixedWindow(size: number): MessageWindow {
  return { size, sampleOf: Number.POSITIVE_INFINITY, note() {} };
}
