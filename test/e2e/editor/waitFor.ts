import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** Milliseconds; 20 s when not given. */
  timeout?: number;
  signal?: AbortSignal;
  /** Says what is there instead, for the message of the error. */
  instead?: () => unknown;
}

/**
 * Looks ten times a second until `look` gives something that is neither undefined nor false, and gives that back.
 * @param what completes the sentence "Waited for …"
 * @throws after the timeout, saying what was awaited and what was there instead; what `look` throws, at once
 */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  { timeout = 20_000, signal, instead }: WaitOptions = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    signal?.throwIfAborted();
    const found = await look();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (Date.now() >= deadline) break;
    await delay(100, undefined, { signal });
  }
  const there = await Promise.resolve(instead?.()).catch(error => `(could not be read: ${error})`);
  const sentence = `Waited ${timeout / 1000} s for ${what}.`;
  throw new Error(there === undefined ? sentence : `${sentence} There was instead: ${print(there)}`);
}

function print(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
  return text === '' || text === '[]' ? 'nothing' : text;
}
