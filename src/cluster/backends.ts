import { type Backend, findBackend } from './backend.ts';
import type { Cluster } from './cluster.ts';

/** For so long (ms) a Pod that was ready is taken to be so: a burst of connections asks the API server once. */
const FRESH_MS = 10_000;

/** The ready Pods behind a port of a Service, one at a time. */
export class Backends {
  readonly #cluster: Cluster;
  readonly #of: { namespace: string; service: string; port: number };
  #last: { backend: Backend; at: number } | undefined;

  constructor(cluster: Cluster, of: { namespace: string; service: string; port: number }) {
    this.#cluster = cluster;
    this.#of = of;
  }

  /** The one that was found last, if that is not long ago. */
  get recent(): Backend | undefined {
    // By the clock on the wall: the other one stands still while a computer sleeps.
    return this.#last && Math.abs(Date.now() - this.#last.at) < FRESH_MS ? this.#last.backend : undefined;
  }

  forget(): void {
    this.#last = undefined;
  }

  /** Chooses one anew. @throws ClusterError as findBackend() */
  async find(signal?: AbortSignal): Promise<Backend> {
    const backend = await findBackend(this.#cluster, { ...this.#of, signal });
    this.#last = { backend, at: Date.now() };
    return backend;
  }
}
