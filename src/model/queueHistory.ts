/** What was known of a queue at one moment; undefined is unknown, never 0. */
export interface QueueSample {
  /** Milliseconds since the epoch. */
  at: number;
  ready: number | undefined;
  unacked: number | undefined;
  /** Messages published to the queue a second. */
  publish: number | undefined;
  /** Messages given to consumers a second. */
  deliver: number | undefined;
}

/** An hour, at one sample every two seconds. */
export const SAMPLES_AT_MOST = 1800;
/** Samples (ms) that lie further apart than this have something unknown between them: the machine slept, a broker hung. */
const HOLE = 15_000;

/** The latest samples of a queue, oldest first. Where nothing is known for a while stands a sample without figures. */
export class QueueHistory {
  readonly #most: number;
  #samples: QueueSample[] = [];
  #interrupted = false;

  /** @param most how many samples are kept; the oldest go first */
  constructor(most = SAMPLES_AT_MOST) {
    this.#most = most;
  }

  get samples(): readonly QueueSample[] {
    return this.#samples;
  }

  /**
   * Appends a sample; one that is not later than the last is left out.
   * @returns what was appended: the sample, and before it one without figures where there is a hole
   */
  add(sample: QueueSample): readonly QueueSample[] {
    const last = this.#samples.at(-1);
    if (last && sample.at <= last.at) return [];
    const added = [sample];
    if (last && (this.#interrupted || sample.at - last.at > HOLE)) added.unshift(nothingKnown(last.at + 1));
    this.#interrupted = false;
    this.#samples = [...this.#samples, ...added].slice(-this.#most);
    return added;
  }

  /** Notes that nothing is known from the last sample to the next one, however soon that comes. */
  interrupt(): void {
    this.#interrupted = true;
  }
}

const nothingKnown = (at: number): QueueSample => ({
  at,
  ready: undefined,
  unacked: undefined,
  publish: undefined,
  deliver: undefined,
});
