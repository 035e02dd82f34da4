import type { Span } from './yamlTree.ts';

/** A value that is being written: of which field, where it stands, and the quote that it stands in ('' for none). */
export interface ValueAt {
  field: 'queue' | 'image' | 'completions';
  /** The whole value without its quotes, what is behind the offset too. */
  span: Span;
  quote: string;
  /** Is a space still missing between the colon and the value? */
  needsSpace: boolean;
}

const KEY = /(?:^|[\s{,])(?:-\s+)?(["']?)(image|value|completions)\1\s*:(\s*)(["']?)([^"'\s,{}#]*)$/;
const IS_QUEUE = /(?:^|[\s{,])["']?name["']?\s*:\s*["']?QUEUE\b/;

/**
 * The value that is being written at an offset of a manifest: known by its line and the one beside it, for a text that
 * is being written can seldom be read.
 */
export function valueAt(text: string, offset: number): ValueAt | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const match = KEY.exec(before);
  if (!match || /(?:^|\s)#/.test(before)) return undefined;
  const [, , key, space = '', quote = '', written = ''] = match;
  const rest = /^[^"'\s,{}#]*/.exec(text.slice(offset, offset + 1000))?.[0] ?? '';
  const span = { start: offset - written.length, end: offset + rest.length };
  const lineEnd = text.indexOf('\n', offset);
  const field = key === 'value' ? 'queue' : key;
  if (field !== 'queue' && field !== 'image' && field !== 'completions') return undefined;
  if (field === 'queue' && !isOfQueue(text, lineStart, lineEnd < 0 ? text.length : lineEnd)) return undefined;
  return { field, span, quote, needsSpace: space === '' };
}

/** Is the variable of this line, or of the line before or behind it in its entry, QUEUE? */
function isOfQueue(text: string, start: number, end: number): boolean {
  const line = text.slice(start, end);
  if (/\bname["']?\s*:/.test(line)) return IS_QUEUE.test(line);
  const before = lines(text.slice(Math.max(0, start - 1000), start)).at(-1) ?? '';
  const behind = lines(text.slice(end, end + 1000))[0] ?? '';
  const isFirst = /^\s*-\s/.test(line);
  return isFirst ? !/^\s*-\s/.test(behind) && IS_QUEUE.test(behind) : IS_QUEUE.test(before);
}

const lines = (text: string) => text.split(/\r\n|\n|\r/).filter(line => !/^\s*(?:#|$)/.test(line));
