import { LineReader } from './formats/lines.ts';

/** Why a piece of a list is not published. */
export type SkipReason =
  | 'blank'
  | 'too-large'
  | 'invalid-unicode'
  /** A CSV record that ends before the column. */
  | 'no-field'
  /** A line of a file of saved messages that is none. */
  | 'not-a-message';

export interface SkippedLine {
  line: number;
  reason: SkipReason;
}

/** RabbitMQ refuses a larger message since 4.0, and the refusal costs every unconfirmed message of its channel. */
export const MAX_ITEM_BYTES = 16 * 1024 * 1024;

/**
 * Splits a text into the items to publish, one a line, each line's text kept as it is.
 * A line ends at LF, CRLF or CR, as in the editor, so that the numbers are the editor's.
 *
 * @param options.firstLine number of the text's first line, 1 unless told
 * @param options.maxBytes largest body in UTF-8 bytes, RabbitMQ's 16 MiB unless told
 */
export function parseItems(
  text: string,
  options: { firstLine?: number; maxBytes?: number } = {},
): { items: { body: string; line: number }[]; skipped: SkippedLine[] } {
  const items: { body: string; line: number }[] = [];
  const skipped: SkippedLine[] = [];
  const before = (options.firstLine ?? 1) - 1;
  const reader = new LineReader(options.maxBytes ?? MAX_ITEM_BYTES, (body, line, tooLarge) => {
    const reason = tooLarge ? 'too-large' : reasonToSkip(body, options.maxBytes ?? MAX_ITEM_BYTES);
    if (reason === undefined) items.push({ body, line: before + line });
    else skipped.push({ line: before + line, reason });
  });
  reader.push(text.startsWith('\uFEFF') ? text.slice(1) : text);
  reader.end();
  return { items, skipped };
}

/**
 * @param maxBytes largest body in UTF-8 bytes
 * @returns why a text is no body of a message; undefined: it is one
 */
export function reasonToSkip(body: string, maxBytes: number): SkipReason | undefined {
  if (body.length > maxBytes) return 'too-large';
  if (body.trim() === '') return 'blank';
  // A lone surrogate has no UTF-8 form: it would arrive as U+FFFD, another item than the one in the list.
  if (!body.isWellFormed()) return 'invalid-unicode';
  // A UTF-16 unit is at most three bytes of UTF-8: most lines need no encoding to be known as small enough.
  if (body.length * 3 > maxBytes && new TextEncoder().encode(body).length > maxBytes) return 'too-large';
  return undefined;
}
