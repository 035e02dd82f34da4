import { ClusterError } from './error.ts';

/** The lifetime of one call: it ends when its time is up, its caller aborts, or the cluster is closed. */
export interface Scope {
  readonly signal: AbortSignal;
  /** Why it ended: `timeout` or `cancelled`; undefined while it lives. */
  ended(): ClusterError | undefined;
  /** The answer has begun: from here on only the caller ends it. */
  stopClock(): void;
  /** Lets go of the signals. */
  release(): void;
}

/** @param timeoutMs until the scope ends by itself, unless the clock is stopped */
export function openScope(signals: (AbortSignal | undefined)[], timeoutMs: number): Scope {
  const controller = new AbortController();
  const end = (error: ClusterError) => controller.abort(error);
  const cancel = () => end(new ClusterError('cancelled', 'cancelled'));
  const timer = setTimeout(() => end(new ClusterError('timeout', `no answer in ${timeoutMs / 1000} s`)), timeoutMs);
  const given = signals.filter(signal => signal !== undefined);
  for (const signal of given) {
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
  }
  return {
    signal: controller.signal,
    ended: () => (controller.signal.reason instanceof ClusterError ? controller.signal.reason : undefined),
    stopClock: () => clearTimeout(timer),
    release() {
      clearTimeout(timer);
      for (const signal of given) signal.removeEventListener('abort', cancel);
    },
  };
}

/** Waits for a promise no longer than the signal allows. @throws ClusterError `cancelled` (the work itself goes on) */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const cancelled = new ClusterError('cancelled', 'cancelled');
  if (signal.aborted) {
    work.catch(() => {});
    throw cancelled;
  }
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(cancelled);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** A pause. @param ms milliseconds @throws ClusterError `cancelled` */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  return orAbort(promise, signal).finally(() => clearTimeout(timer));
}
