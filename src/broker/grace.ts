/** What is left to do when somebody has cancelled. */
export interface Grace {
  /** Aborted some time after the cancel. */
  signal: AbortSignal;
  /** To be called when nothing waits for the signal any more. */
  end(): void;
}

/** A signal that is aborted `ms` after another is, for what had better be waited for a little. */
export function graceAfter(cancel: AbortSignal | undefined, ms: number): Grace {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    timer = setTimeout(() => late.abort(), ms);
  };
  if (cancel?.aborted) start();
  else cancel?.addEventListener('abort', start, { once: true });
  return {
    signal: late.signal,
    end() {
      cancel?.removeEventListener('abort', start);
      clearTimeout(timer);
    },
  };
}
