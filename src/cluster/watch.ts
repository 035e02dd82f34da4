import type { Cluster } from './cluster.ts';
import type { ClusterError } from './error.ts';

/** How fresh the items are. `since`: ms of the first failure in a row. */
export type WatchState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'reconnecting'; since: number; error: ClusterError };

export interface WatchOptions<T> {
  path: string;
  query?: Record<string, string>;
  signal: AbortSignal;
  /** All items by uid, coalesced to one call in 100 ms; the first call comes with the first complete list, also an empty one. */
  onItems: (items: ReadonlyMap<string, T>) => void;
  onState: (state: WatchState) => void;
  /** A connection without a byte for so long is dead; default 90 000. */
  silenceMs?: number;
}

/** Lists and watches `path` until the signal aborts, whatever happens in between. */
export function watch<T extends { metadata?: { uid?: string; resourceVersion?: string } }>(
  _cluster: Cluster,
  _o: WatchOptions<T>,
): void {
  throw new Error('not written yet');
}
