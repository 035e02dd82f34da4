import type { ItemFormat } from '../../../src/workload/formats.ts';
import { type Found, type ReadOptions, readItems } from '../../../src/workload/readItems.ts';
import type { Random } from './random.ts';

/** Cuts a text anywhere, now and then in the middle of a character pair or into nothing. */
export function cut(text: string, random: Random): string[] {
  const chunks: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = random.chance(0.1) ? 0 : random.int(1, Math.max(1, Math.min(9, text.length - at)));
    chunks.push(text.slice(at, at + length));
    at += length;
  }
  return chunks;
}

export async function read(
  chunks: Iterable<string> | AsyncIterable<string>,
  format: ItemFormat,
  options?: ReadOptions,
): Promise<Found[]> {
  const all: Found[] = [];
  for await (const found of readItems(chunks, format, options)) all.push(found);
  return all;
}

/** What a text gives: its bodies by line, what is left out by line, or the problem with its place. */
export async function account(text: string | string[], format: ItemFormat, options?: ReadOptions): Promise<unknown[]> {
  const all: unknown[] = [];
  try {
    for await (const { item, skipped } of readItems(typeof text === 'string' ? [text] : text, format, options)) {
      all.push(item ? [item.line, item.body] : [skipped.line, { [skipped.reason]: true }]);
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'FormatError') throw error;
    const { problem, line, column, subject } = error as Error & Record<string, unknown>;
    all.push(`${problem} at ${line}:${column}${subject === '' ? '' : ` ${subject}`}`);
  }
  return all;
}
