/** What was known of a run at one moment; undefined is unknown, never 0. */
export interface RunSample {
  /** Milliseconds since the epoch. */
  at: number;
  ready: number | undefined;
  unacked: number | undefined;
  /** Completions that are still to come. */
  owed: number | undefined;
  waiting: number | undefined;
  running: number | undefined;
  succeeded: number | undefined;
  failed: number | undefined;
}

export const RUN_FIGURES = ['ready', 'unacked', 'owed', 'waiting', 'running', 'succeeded', 'failed'] as const;

/** An hour, at one sample every two seconds. */
export const RUN_SAMPLES_AT_MOST = 1800;
/** Samples (ms) that lie further apart than this have something unknown between them: the machine slept, nobody looked. */
const HOLE = 15_000;

/** The samples of a run, oldest first: all of its time, the older half of them thinned whenever they become too many. */
export class RunSamples {
  readonly #most: number;
  #samples: readonly RunSample[] = [];

  constructor(most = RUN_SAMPLES_AT_MOST) {
    this.#most = most;
  }

  get all(): readonly RunSample[] {
    return this.#samples;
  }

  /**
   * Appends samples; those that are not later than the last are left out.
   * @returns what was appended: the samples, and one without figures where there is a hole before them
   */
  add(...samples: readonly RunSample[]): readonly RunSample[] {
    const added: RunSample[] = [];
    for (const sample of samples) {
      const last = added.at(-1) ?? this.#samples.at(-1);
      if (last && sample.at <= last.at) continue;
      // A thinned past has its samples further apart; only what comes new can have been missed.
      if (last && sample.at - last.at > HOLE && known(last) && known(sample)) added.push(nothingKnown(last.at + 1));
      added.push(sample);
    }
    this.#keep([...this.#samples, ...added]);
    return added;
  }

  /** Takes samples in as they are: a past that was kept elsewhere, or sent. */
  append(samples: readonly RunSample[]): void {
    this.#keep([...this.#samples, ...samples]);
  }

  /** Takes samples in the place of those that there are. */
  replace(samples: readonly RunSample[]): void {
    this.#keep(samples);
  }

  #keep(samples: readonly RunSample[]): void {
    let kept = samples;
    while (kept.length > this.#most) {
      const half = Math.ceil(kept.length / 2);
      // The very first stays: it is where the run began.
      kept = kept.filter((_sample, n) => n >= half || n % 2 === 0);
    }
    this.#samples = kept;
  }
}

const known = (sample: RunSample) => RUN_FIGURES.some(name => sample[name] !== undefined);

function nothingKnown(at: number): RunSample {
  return {
    at,
    ready: undefined,
    unacked: undefined,
    owed: undefined,
    waiting: undefined,
    running: undefined,
    succeeded: undefined,
    failed: undefined,
  };
}
