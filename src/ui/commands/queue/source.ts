import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LineRange } from '../../../workload/readItems.ts';
import { UserError } from '../../userError.ts';
import { selectedLines } from './selectedLines.ts';

/** What items are taken from. */
export interface ItemSource {
  readonly origin: 'selection' | 'editor' | 'file' | 'clipboard';
  /** As the person sees it: the file's path in the workspace; '' for the clipboard. */
  readonly name: string;
  /** The document that the lines' numbers are those of. */
  readonly document: vscode.Uri | undefined;
  /** Which lines of the document the text's lines are, where those are not all. */
  readonly lines: readonly LineRange[] | undefined;
  /** The document's when the text was copied from it. */
  readonly version?: number;
  /** The text's beginning, some ten thousand characters. */
  head(): Promise<string>;
  /** The text from the beginning; may be called again. */
  text(signal?: AbortSignal, onBytes?: (bytes: Uint8Array) => void): AsyncIterable<string> | Iterable<string>;
}

/** Text that was copied when the command began: what the person does in the editor afterwards changes nothing about it. */
export class TextSource implements ItemSource {
  readonly origin: 'selection' | 'editor' | 'clipboard';
  readonly name: string;
  readonly document: vscode.Uri | undefined;
  readonly lines: readonly LineRange[] | undefined;
  readonly version: number | undefined;
  readonly #text: readonly string[];

  constructor(
    text: readonly string[],
    o: Pick<ItemSource, 'name' | 'document' | 'lines' | 'version'> & { origin: TextSource['origin'] },
  ) {
    this.#text = text;
    this.origin = o.origin;
    this.name = o.name;
    this.document = o.document;
    this.lines = o.lines;
    this.version = o.version;
  }

  async head(): Promise<string> {
    let head = '';
    for (const piece of this.#text) {
      head += piece;
      if (head.length >= 65_536) break;
    }
    return head;
  }

  text(): Iterable<string> {
    return this.#text;
  }
}

/** Lines that are copied before others get the event loop. */
const BLOCK_LINES = 10_000;

/** The selected lines, of all cursors; without a selection, the whole editor. */
export async function editorSource({ document, selections }: vscode.TextEditor): Promise<TextSource> {
  const lines = selectedLines(selections);
  const ranges = lines ?? [{ from: 1, count: document.lineCount }];
  const { version } = document;
  const text: string[] = [];
  for (const { from, count } of ranges) {
    for (let first = from - 1; first < from - 1 + count; first += BLOCK_LINES) {
      const last = Math.min(first + BLOCK_LINES, from - 1 + count);
      text.push(document.getText(new vscode.Range(first, 0, last, 0)));
      if (last - first === BLOCK_LINES) await nextTurn();
    }
  }
  const name = vscode.workspace.asRelativePath(document.uri);
  if (document.version !== version)
    throw new UserError(vscode.l10n.t('{0} was changed while it was being read. Publish again.', name), {
      warning: true,
    });
  return new TextSource(text, { origin: lines ? 'selection' : 'editor', name, document: document.uri, lines, version });
}
