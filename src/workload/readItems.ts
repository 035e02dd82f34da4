import { CsvReader } from './formats/csv.ts';
import { FormatError } from './formats/formatError.ts';
import { JsonReader } from './formats/json.ts';
import { LineReader } from './formats/lines.ts';
import type { ItemFormat } from './formats.ts';
import { MAX_ITEM_BYTES, reasonToSkip, type SkippedLine } from './items.ts';
import type { Item, MessageFields } from './message.ts';
import { parseSaved } from './savedMessage.ts';

/** An item, or a piece of the source that is none. */
export type Found =
  | { item: Item; skipped?: undefined; textLine: number }
  | { item?: undefined; skipped: SkippedLine; textLine: number };

/** Lines of the source that a text consists of, where those are not 1, 2, 3 and so on: a selection's. */
export interface LineRange {
  from: number;
  count: number;
}

export interface ReadOptions {
  /** Largest body in UTF-8 bytes, RabbitMQ's 16 MiB unless told. */
  maxBytes?: number;
  /** Which lines of the source the text's lines are, in ascending order. */
  lines?: readonly LineRange[];
}

/** UTF-16 units that are read before others get the event loop: some milliseconds. */
const PIECE = 64 * 1024;

/**
 * Reads items one by one from a text that comes in chunks, cut anywhere, and holds no more of it than one item.
 * An item's `line` is unique and ascending: the line on which it begins, in a JSON array the number of its element.
 * `textLine` is always the line.
 *
 * @throws FormatError where the text is not in the format
 */
export async function* readItems(
  chunks: AsyncIterable<string> | Iterable<string>,
  format: ItemFormat,
  options: ReadOptions = {},
): AsyncGenerator<Found> {
  for await (const found of readBatches(chunks, format, options)) yield* found;
}

/** The same in batches, of what one piece of the text gave: one wait a batch instead of one an item. */
export async function* readBatches(
  chunks: AsyncIterable<string> | Iterable<string>,
  format: ItemFormat,
  options: ReadOptions = {},
): AsyncGenerator<Found[]> {
  let batch: Found[] = [];
  const reader = readerOf(format, options, found => batch.push(found));
  let begun = false;
  try {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length; start += PIECE) {
        const piece = chunk.slice(start, start + PIECE);
        reader.push(!begun && piece.startsWith('\uFEFF') ? piece.slice(1) : piece);
        begun = true;
        const full = batch;
        batch = [];
        yield full;
        await new Promise(resolve => setImmediate(resolve));
      }
    }
    reader.end();
  } catch (error) {
    // What stands before the place of an error is the same wherever the text was cut.
    yield batch;
    throw error;
  }
  yield batch;
}

interface Reader {
  push(chunk: string): void;
  end(): void;
}

function readerOf(format: ItemFormat, options: ReadOptions, emit: (found: Found) => void): Reader {
  const most = options.maxBytes ?? MAX_ITEM_BYTES;
  const lineOf = lineIn(options.lines);
  const add = (place: { line: number; textLine: number }, body: string | undefined, tooLarge: boolean) => {
    const { line, textLine } = place;
    const reason = tooLarge ? 'too-large' : body === undefined ? 'no-field' : reasonToSkip(body, most);
    if (reason === undefined && body !== undefined) emit({ item: { body, line }, textLine });
    else if (reason !== undefined) emit({ skipped: { line, reason }, textLine });
  };
  switch (format.kind) {
    case 'lines':
      return new LineReader(most, (body, running, tooLarge) => {
        const line = lineOf(running);
        add({ line, textLine: line }, body, tooLarge);
      });
    case 'json':
      return inSource(
        lineOf,
        new JsonReader(most, ({ text, number, line, tooLarge }) =>
          add({ line: number, textLine: lineOf(line) }, text, tooLarge),
        ),
      );
    case 'csv':
      return inSource(lineOf, csvReader(format, most, add, lineOf));
    case 'messages':
      return savedReader(most, emit, lineOf);
  }
}

function csvReader(
  format: Extract<ItemFormat, { kind: 'csv' }>,
  most: number,
  add: (place: { line: number; textLine: number }, body: string | undefined, tooLarge: boolean) => void,
  lineOf: (running: number) => number,
): Reader {
  let header = format.header;
  const reader = new CsvReader({
    separator: format.separator ?? ',',
    most,
    onRecord: record => {
      const line = lineOf(record.line);
      if (header) {
        // Empty lines above the header are as common as below it.
        if (record.empty) return;
        header = false;
        reader.keep(columnIndex(format.column, record.fields, record.line));
      } else add({ line, textLine: line }, record.empty ? '' : record.value, record.tooLarge);
    },
  });
  if (!header) reader.keep(columnIndex(format.column, undefined, 1));
  return reader;
}

function columnIndex(column: string | number, names: string[] | undefined, line: number): number {
  const index = typeof column === 'number' ? column - 1 : (names?.indexOf(column) ?? -1);
  if (index < 0) throw new FormatError('csv-no-column', { line, column: 1 }, String(column));
  return index;
}

/** A saved message may be larger in the file than in the queue: its bytes are written as base64, quotes with a backslash. */
const SAVED_AT_MOST = 8;

function savedReader(most: number, emit: (found: Found) => void, lineOf: (running: number) => number): Reader {
  return new LineReader(most * SAVED_AT_MOST, (text, running, tooLong) => {
    const line = lineOf(running);
    if (text.trim() === '' && !tooLong) return emit({ skipped: { line, reason: 'blank' }, textLine: line });
    const saved: { body: string | Uint8Array; fields: MessageFields } | undefined = tooLong
      ? undefined
      : parseSaved(text);
    if (tooLong || (saved && byteLength(saved.body) > most))
      return emit({ skipped: { line, reason: 'too-large' }, textLine: line });
    if (!saved) return emit({ skipped: { line, reason: 'not-a-message' }, textLine: line });
    return emit({ item: { ...saved, line }, textLine: line });
  });
}

const byteLength = (body: string | Uint8Array) =>
  typeof body === 'string' ? new TextEncoder().encode(body).length : body.length;

/** Has errors name the line of the source. */
function inSource(lineOf: (running: number) => number, reader: Reader): Reader {
  const named = (read: () => void) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new FormatError(error.problem, { line: lineOf(error.line), column: error.column }, error.subject);
    }
  };
  return { push: chunk => named(() => reader.push(chunk)), end: () => named(() => reader.end()) };
}

/** The source's number of the text's n-th line; n only ever grows. */
function lineIn(ranges: readonly LineRange[] | undefined): (running: number) => number {
  if (ranges === undefined) return running => running;
  let index = 0;
  let before = 0;
  return running => {
    let range = ranges[index];
    while (range && index < ranges.length - 1 && running > before + range.count) {
      before += range.count;
      index++;
      range = ranges[index];
    }
    return range ? range.from + running - before - 1 : running;
  };
}
