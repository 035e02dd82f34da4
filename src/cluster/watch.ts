import { Backoff } from './backoff.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { errorOfCause, errorOfStatusObject, isGone } from './failure.ts';
import { ItemStore } from './itemStore.ts';
import { wholeLines } from './lines.ts';
import { listPages } from './list.ts';
import { pause } from './scope.ts';
import { watchSilence } from './silence.ts';

/** What can be watched: every Kubernetes object. */
export interface Watched {
  metadata?: { uid?: string; resourceVersion?: string; managedFields?: unknown };
}

/** How fresh the items are. `since`: ms of the first failure in a row. */
export type WatchState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'reconnecting'; since: number; error: ClusterError };

export interface WatchOptions<T, R = T> {
  path: string;
  query?: Record<string, string>;
  signal: AbortSignal;
  /** What to keep of an item: of thousands of Pods a row each is a tenth of the memory. Default: the item itself. */
  row?: (item: T) => R;
  /** All rows by uid, at most one call in 100 ms; the first call comes with the first complete list, also an empty one. An item that did not change keeps its row. */
  onItems: (rows: ReadonlyMap<string, R>) => void;
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
export function watch<T extends Watched>(cluster: Cluster, o: WatchOptions<T> & { row?: undefined }): void;
export function watch<T extends Watched, R>(cluster: Cluster, o: WatchOptions<T, R> & { row: (item: T) => R }): void;
export function watch<T extends Watched, R>(cluster: Cluster, o: WatchOptions<T, R | T>): void {
  void new Watcher(cluster, o, o.row ?? slim).run();
}

class Watcher<T extends Watched, R> {
  readonly #cluster: Cluster;
  readonly #o: WatchOptions<T, R>;
  readonly #row: (item: T) => R;
  readonly #store: ItemStore<R>;
  readonly #backoff = new Backoff();
  #state: WatchState = { kind: 'connecting' };
  /** Where in the cluster's history the items stand; undefined: a new list is needed. */
  #version: string | undefined;

  constructor(cluster: Cluster, o: WatchOptions<T, R>, row: (item: T) => R) {
    this.#cluster = cluster;
    this.#o = o;
    this.#row = row;
    this.#store = new ItemStore(rows => this.#tell(() => o.onItems(rows)), o.signal);
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
    // Who waited for an answer that did not come has waited already.
    if (error.code === 'timeout' && error.status === undefined) this.#backoff.reset();
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
    const rows = new Map<string, R>();
    let version = '';
    for await (const page of listPages<T>(this.#cluster, { path, query, signal, retry: false })) {
      for (const item of page.items) rows.set(uidOf(item), this.#row(item));
      version = page.resourceVersion;
    }
    this.#store.replace(rows);
    this.#version = version;
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
      retry: false,
    });
    const silence = watchSilence(silenceMs, why => {
      const silent = new ClusterError('timeout', `the watch was silent for ${silenceMs / 1000} s`);
      stream.destroy(why === 'silent' ? silent : new ClusterError('unreachable', 'the computer has slept'));
    });
    try {
      this.#setState({ kind: 'live' });
      for await (const line of wholeLines(stream, silence.heard)) {
        if (signal.aborted) return;
        this.#handle(line);
      }
    } finally {
      silence.stop();
      stream.destroy();
    }
  }

  #handle(line: string): void {
    const { type, object } = parse<T>(line);
    if (type === 'ERROR' || !object) throw errorOfStatusObject(object);
    if (type === 'ADDED' || type === 'MODIFIED') this.#store.set(uidOf(object), this.#row(object));
    else if (type === 'DELETED') this.#store.remove(uidOf(object));
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

const uidOf = (item: Watched) => item.metadata?.uid ?? '';

/** Who changed which field is often half of an object and never looked at. */
function slim<T extends Watched>(item: T): T {
  if (item.metadata) delete item.metadata.managedFields;
  return item;
}

function parse<T>(line: string): { type?: string; object?: T } {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new ClusterError('server', `the watch sent a line that is no JSON: ${line.slice(0, 100)}`, { cause: error });
  }
}
