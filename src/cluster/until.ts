import type { Cluster } from './cluster.ts';
import { ClusterError, type ClusterErrorCode } from './error.ts';
import { type Watched, watch } from './watch.ts';

// Trying again will not change these.
const FINAL: readonly ClusterErrorCode[] = ['forbidden', 'unauthorized', 'credentials', 'not-found', 'invalid', 'tls'];

/**
 * Watches until something is so.
 * @param o.timeoutMs after so long it gives up with `o.late()`
 * @param o.done looks at the items; anything but undefined ends the wait, a thrown error too
 * @throws ClusterError: `o.late()`, `cancelled`, what `done` threw, a refusal of the server
 */
export function watchUntil<T extends Watched, R>(
  cluster: Cluster,
  o: {
    path: string;
    query?: Record<string, string>;
    signal: AbortSignal;
    timeoutMs: number;
    late: () => ClusterError;
    done: (items: T[]) => R | undefined;
  },
): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    const stop = new AbortController();
    const finish = (act: () => void) => {
      clearTimeout(timer);
      o.signal.removeEventListener('abort', cancel);
      stop.abort();
      act();
    };
    const cancel = () => finish(() => reject(new ClusterError('cancelled', 'cancelled')));
    const timer = setTimeout(() => finish(() => reject(o.late())), o.timeoutMs);
    if (o.signal.aborted) return cancel();
    o.signal.addEventListener('abort', cancel, { once: true });
    watch<T>(cluster, {
      path: o.path,
      query: o.query,
      signal: stop.signal,
      onItems(items) {
        try {
          const result = o.done([...items.values()]);
          if (result !== undefined) finish(() => resolve(result));
        } catch (error) {
          finish(() => reject(error));
        }
      },
      onState(state) {
        if (state.kind === 'reconnecting' && FINAL.includes(state.error.code)) finish(() => reject(state.error));
      },
    });
  });
}
