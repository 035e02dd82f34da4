import { CsvReader } from './formats/csv.ts';
import { FormatError } from './formats/formatError.ts';

const SEPARATORS = [',', ';', '\t'] as const;
const RECORDS_LOOKED_AT = 20;
/** Names that a single column of items is given, where nothing else tells a name from an item. */
const USUAL_NAMES =
  /^(items?|names?|ids?|keys?|files?|file ?names?|paths?|ur[il]s?|values?|bod(y|ies)|messages?|payloads?|tasks?|inputs?)$/i;
const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_ .()/-]*$/u;

/** What the beginning of a CSV file looks like. */
export interface CsvLook {
  separator: string;
  header: boolean;
  /** Each with its name, where there is a header, and the first value below. */
  columns: { name: string | undefined; sample: string | undefined }[];
}

/**
 * @param head the file's beginning; it may end in the middle of a record
 * @param told what is known better than by looking
 */
export function lookAtCsv(head: string, told: { separator?: string; header?: boolean } = {}): CsvLook {
  const text = head.startsWith('\uFEFF') ? head.slice(1) : head;
  const separator = told.separator ?? guessSeparator(text);
  const [first = [], ...below] = records(text, separator);
  const header = told.header ?? isHeader(first, below);
  const sample = header ? below[0] : first;
  return {
    separator,
    header,
    columns: first.map((name, i) => ({ name: header ? name : undefined, sample: sample?.[i] })),
  };
}

/** The one that gives most columns in the first record, and the same number in the records below. */
function guessSeparator(text: string): string {
  let best: { separator: string; columns: number } = { separator: ',', columns: 1 };
  for (const separator of SEPARATORS) {
    const [first = [], ...below] = records(text, separator);
    const steady = below.every(record => record.length === first.length);
    if (steady && first.length > best.columns) best = { separator, columns: first.length };
  }
  return best.separator;
}

function isHeader(first: string[], below: string[][]): boolean {
  if (!first.every(name => NAME.test(name)) || new Set(first).size < first.length) return false;
  if (first.length === 1) return USUAL_NAMES.test(first[0] ?? '');
  return below.length > 0;
}

function records(text: string, separator: string): string[][] {
  const found: string[][] = [];
  const reader = new CsvReader({
    separator,
    most: 1_000,
    onRecord: ({ fields, empty }) => {
      if (!empty && found.length < RECORDS_LOOKED_AT) found.push(fields);
    },
  });
  try {
    reader.push(text);
    // What follows the last line break may be cut off in the middle.
    if (found.length === 0) reader.end();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  return found;
}
