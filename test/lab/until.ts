import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  timeoutMs: number;
  /** How often to look; default 100 ms. */
  intervalMs?: number;
  /** Throws when waiting on has no sense any more (the process that should answer has ended). */
  orThrow?: () => void;
  signal?: AbortSignal;
}

/**
 * Looks again and again until a condition holds. A condition that throws counts as not yet.
 * @throws Error that names what was waited for and the last failure, after timeoutMs
 */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  options: UntilOptions,
): Promise<void> {
  const end = Date.now() + options.timeoutMs;
  let last = '';
  for (;;) {
    try {
      if (await condition()) return;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    options.orThrow?.();
    if (Date.now() > end)
      throw new Error(`${what}: not so after ${options.timeoutMs / 1000} s${last && `; last: ${last}`}`);
    await delay(options.intervalMs ?? 100, undefined, { signal: options.signal });
  }
}
