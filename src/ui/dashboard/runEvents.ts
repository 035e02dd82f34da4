import type { EventRow } from '../../cluster/index.ts';
import type { Model } from '../../model/model.ts';
import type { Run } from '../../model/runs.ts';

/** Milliseconds. */
const SOON = 1000;
const AGAIN = 5000;
const TIMEOUT = 20_000;
/** A reading may take this part of the time: a namespace with thousands of events is read less often. */
const SHARE = 20;

/** Reads a run's events again when the run has changed. */
export class RunEvents {
  readonly #model: Model;
  readonly #find: () => Run | undefined;
  readonly #onEvents: (events: EventRow[] | Error) => void;
  readonly #ends = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #seen = '';
  #notBefore = 0;

  constructor(model: Model, find: () => Run | undefined, onEvents: (events: EventRow[] | Error) => void) {
    this.#model = model;
    this.#find = find;
    this.#onEvents = onEvents;
  }

  /** Notes that the run may have changed. */
  look(): void {
    const run = this.#find();
    if (!run || this.#timer || this.#ends.signal.aborted) return;
    if (signature(run) === this.#seen) return;
    this.#timer = setTimeout(() => void this.#read(), Math.max(SOON, this.#notBefore - performance.now()));
  }

  dispose(): void {
    this.#ends.abort();
    clearTimeout(this.#timer);
  }

  async #read(): Promise<void> {
    const run = this.#find();
    const begun = performance.now();
    try {
      if (!run) return;
      this.#seen = signature(run);
      const { listEvents } = await this.#model.cluster.api();
      const cluster = await this.#model.cluster.get();
      const { namespace, name } = run.job;
      const names = new Set([name, ...run.pods.map(pod => pod.name)]);
      const signal = AbortSignal.any([this.#ends.signal, AbortSignal.timeout(TIMEOUT)]);
      const events = await listEvents(cluster, { namespace, names, signal });
      // One of the same name that is gone may have left some.
      this.#onEvents(events.filter(({ at }) => at >= run.job.created));
    } catch (error) {
      if (!this.#ends.signal.aborted) this.#onEvents(error instanceof Error ? error : new Error(String(error)));
    } finally {
      const took = performance.now() - begun;
      this.#notBefore = performance.now() + Math.max(AGAIN, took * SHARE);
      this.#timer = undefined;
      this.look();
    }
  }
}

const signature = ({ job, pods }: Run) =>
  JSON.stringify([job.uid, job.state, job.succeeded, job.failed, pods.map(pod => [pod.uid, pod.phase, pod.reason])]);
