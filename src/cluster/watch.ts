import { Backoff } from './backoff.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { errorOfCause, errorOfStatusObject, isGone } from './failure.ts';
import { ItemStore, type Watched } from './itemStore.ts';
import { wholeLines } from './lines.ts';
import { listAll } from './list.ts';
import { pause } from './scope.ts';

/** How fresh the items are. `since`: ms of the first failure in a row. */
export type WatchState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'reconnecting'; since: number; error: ClusterError };

export interface WatchOptions<T> {
  path: string;
  query?: Record<string, string>;
  signal: AbortSignal;
  /** All items by uid, at most one call in 100 ms; the first call comes with the first complete list, also an empty one. */
  onItems: (items: ReadonlyMap<string, T>) => void;
  onState: (state: WatchState) => void;
  /** A connection without a byte for so long is dead; default 90 000 (the server sends a bookmark each minute). */
  silenceMs?: number;
}

// The server ends a watch by itself after this time, so that no connection grows old; it is taken up at once.
const WATCH_SECONDS = 240;
const SILENCE_MS = 90_000;
// A watch that lasted less did not work, however politely it ended: taking it up at once would be a busy loop.
const SHORT_WATCH_MS = 500;
// A credential plugin may open a browser window each time that it is run.
const CREDENTIALS_PAUSE_MS = 60_000;

/**
 * Lists and watches `path` until the signal aborts, whatever happens in between: a cut, a clean end, an expired
 * resourceVersion, silence, a refusal. What the handlers throw is told as a process warning and stops nothing.
 * After the signal aborted no handler is called.
 */
export function watch<T extends Watched>(cluster: Cluster, o: WatchOptions<T>): void {
  void new Watcher(cluster, o).run();
}

class Watcher<T extends Watched> {
  readonly #cluster: Cluster;
  readonly #o: WatchOptions<T>;
  readonly #store: ItemStore<T>;
  readonly #backoff = new Backoff(500, 30_000);
  #state: WatchState = { kind: 'connecting' };
  /** Where in the cluster's history the items stand; undefined: a new list is needed. */
  #version: string | undefined;

  constructor(cluster: Cluster, o: WatchOptions<T>) {
    this.#cluster = cluster;
    this.#o = o;
    this.#store = new ItemStore(items => this.#tell(() => o.onItems(items)), o.signal);
  }

  async run(): Promise<void> {
    const { signal } = this.#o;
    this.#setState(this.#state);
    while (!signal.aborted) {
      try {
        if (this.#version === undefined) await this.#list();
        const began = performance.now();
        await this.#follow();
        if (performance.now() - began < SHORT_WATCH_MS) await pause(this.#backoff.next(), signal);
        else this.#backoff.reset();
      } catch (error) {
        if (signal.aborted) return;
        await this.#recover(errorOfCause(error));
      }
    }
  }

  async #recover(error: ClusterError): Promise<void> {
    const first = this.#backoff.failures === 0;
    const asked = error.code === 'credentials' ? CREDENTIALS_PAUSE_MS : (error.retryAfterSeconds ?? 0) * 1000;
    const waitMs = this.#backoff.next(asked);
    if (isGone(error)) {
      this.#version = undefined;
      // An expired place in history is no trouble of the connection, unless it keeps coming.
      if (first && this.#state.kind === 'live') return;
    }
    const since = this.#state.kind === 'reconnecting' ? this.#state.since : Date.now();
    this.#setState({ kind: 'reconnecting', since, error });
    await pause(waitMs, this.#o.signal).catch(() => {});
  }

  async #list(): Promise<void> {
    const { path, query, signal } = this.#o;
    const { items, resourceVersion } = await listAll<T>(this.#cluster, { path, query, signal });
    this.#store.replace(items);
    this.#version = resourceVersion;
  }

  /** One watch, from its opening to its clean end. */
  async #follow(): Promise<void> {
    const { path, query, signal, silenceMs = SILENCE_MS } = this.#o;
    const stream = await this.#cluster.stream({
      path,
      query: {
        ...query,
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: this.#version,
        timeoutSeconds: WATCH_SECONDS,
      },
      signal,
    });
    const silence = new ClusterError('timeout', `the watch was silent for ${silenceMs / 1000} s`);
    const timer = setTimeout(() => stream.destroy(silence), silenceMs);
    try {
      this.#setState({ kind: 'live' });
      for await (const line of wholeLines(stream, () => timer.refresh())) {
        if (signal.aborted) return;
        this.#handle(line);
      }
    } finally {
      clearTimeout(timer);
      stream.destroy();
    }
  }

  #handle(line: string): void {
    const { type, object } = parse<T>(line);
    if (type === 'ERROR' || !object) throw errorOfStatusObject(object);
    if (type === 'ADDED' || type === 'MODIFIED') this.#store.set(object);
    else if (type === 'DELETED') this.#store.remove(object);
    this.#version = object.metadata?.resourceVersion ?? this.#version;
    this.#backoff.reset();
  }

  #setState(state: WatchState): void {
    if (state.kind === 'live' && this.#state.kind === 'live') return;
    this.#state = state;
    this.#tell(() => this.#o.onState(state));
  }

  #tell(call: () => void): void {
    if (this.#o.signal.aborted) return;
    try {
      call();
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

function parse<T>(line: string): { type?: string; object?: T } {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new ClusterError('server', `the watch sent a line that is no JSON: ${line.slice(0, 100)}`, { cause: error });
  }
}
