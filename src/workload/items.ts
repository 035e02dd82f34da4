/** Why a line of a list is not published. */
export type SkipReason = 'blank' | 'too-large' | 'invalid-unicode';

/** One item: the body of one message, and the line it comes from. */
export interface Item {
  body: string;
  line: number;
}

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
): { items: Item[]; skipped: SkippedLine[] } {
  const maxBytes = options.maxBytes ?? MAX_ITEM_BYTES;
  const items: Item[] = [];
  const skipped: SkippedLine[] = [];
  let line = options.firstLine ?? 1;
  for (const body of linesOf(text.startsWith('\uFEFF') ? text.slice(1) : text)) {
    const reason = reasonToSkip(body, maxBytes);
    if (reason === undefined) items.push({ body, line });
    else skipped.push({ line, reason });
    line++;
  }
  return { items, skipped };
}

/** The text's lines; what follows a last line break is no line when it is empty. */
function* linesOf(text: string): Generator<string> {
  let start = 0;
  for (const end of text.matchAll(/\r\n|\n|\r/g)) {
    yield text.slice(start, end.index);
    start = end.index + end[0].length;
  }
  if (start < text.length) yield text.slice(start);
}

function reasonToSkip(body: string, maxBytes: number): SkipReason | undefined {
  if (body.trim() === '') return 'blank';
  // A lone surrogate has no UTF-8 form: it would arrive as U+FFFD, another item than the one in the list.
  if (!body.isWellFormed()) return 'invalid-unicode';
  // A UTF-16 unit is at most three bytes of UTF-8: most lines need no encoding to be known as small enough.
  if (body.length * 3 > maxBytes && new TextEncoder().encode(body).length > maxBytes) return 'too-large';
  return undefined;
}
