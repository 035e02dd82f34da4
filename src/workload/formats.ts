import { lookAtCsv } from './csvLook.ts';
import { parseSaved } from './savedMessage.ts';

/** How a text is cut into items. */
export type ItemFormat =
  | { kind: 'lines' }
  | { kind: 'json' }
  | {
      kind: 'csv';
      /** The column's name in the header, or its number from 1. */
      column: string | number;
      /** Whether the first record names the columns. */
      header: boolean;
      /** One character; a comma unless told. */
      separator?: string;
    }
  /** What Save Messages wrote: one message a line, with its properties. */
  | { kind: 'messages' };

/** An array whose first element is JSON, too: a line of text may well begin with a bracket. */
const JSON_ARRAY = /^\uFEFF?\s*\[\s*(["{[\]]|-?\d|true\b|false\b|null\b)/;

/**
 * @param name the file's, or '' where there is none (the clipboard)
 * @param head the text's beginning, some thousand characters
 * @returns how the text is most likely meant to be cut into items
 */
export function guessFormat(name: string, head: string): ItemFormat {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
  if (isSaved(head)) return { kind: 'messages' };
  if (ending === 'csv' || ending === 'tsv') return csvFormat(lookAtCsv(head));
  if ((ending === 'json' || ending === undefined) && JSON_ARRAY.test(head)) return { kind: 'json' };
  return { kind: 'lines' };
}

/**
 * @param column number of the column from 1
 * @returns the format that takes one column of a CSV file, by its name where it has one of its own
 */
export function csvFormat(
  { separator, header, columns }: ReturnType<typeof lookAtCsv>,
  column = 1,
): Extract<ItemFormat, { kind: 'csv' }> {
  const name = columns[column - 1]?.name;
  const isClear = name !== undefined && columns.filter(each => each.name === name).length === 1;
  return { kind: 'csv', column: isClear ? name : column, header, separator };
}

function isSaved(head: string): boolean {
  const text = head.startsWith('\uFEFF') ? head.slice(1) : head;
  const line = text.slice(0, text.search(/[\r\n]|$/));
  // The first line may be longer than what was read of it.
  return parseSaved(line) !== undefined || (line === text && /^\{"body(Base64)?":"/.test(line));
}
