import { BrokerError } from './error.ts';

/**
 * The result of `work`, or a BrokerError 'timeout' after `timeoutMs`, or 'cancelled' when the signal aborts first.
 * It does not end the work itself: the caller has to let go of what the work holds.
 * @param what what was waited for, for the error's detail
 */
export async function within<T>(
  work: Promise<T>,
  timeoutMs: number,
  what: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new BrokerError('timeout', `no answer to ${what} within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    onAbort = () => reject(new BrokerError('cancelled', ''));
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
}
