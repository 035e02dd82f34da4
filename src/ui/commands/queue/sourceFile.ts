import { open, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { fileBytes } from '../../../model/fileBytes.ts';
import type { LineRange } from '../../../workload/readItems.ts';
import { textOf } from '../../../workload/sourceText.ts';
import { UserError } from '../../userError.ts';
import type { ItemSource } from './source.ts';

/** Enough for a format to be told and a CSV header to be read. */
const HEAD_BYTES = 64 * 1024;

type Stamp = Awaited<ReturnType<typeof stampOf>>;

/** A file of any size; it is read anew each time, and never held or opened as a document. */
export class FileSource implements ItemSource {
  readonly origin = 'file';
  readonly name: string;
  readonly path: string;
  readonly document: vscode.Uri | undefined;
  readonly lines: readonly LineRange[] | undefined;
  readonly #stamp: Stamp;

  private constructor(path: string, stamp: Stamp, o: Pick<ItemSource, 'name' | 'document' | 'lines'>) {
    this.path = path;
    this.name = o.name;
    this.document = o.document;
    this.lines = o.lines;
    this.#stamp = stamp;
  }

  /** @throws UserError where there is no file that can be read */
  static async open(path: string, o: Pick<ItemSource, 'name' | 'document' | 'lines'>): Promise<FileSource> {
    try {
      const stamp = await stampOf(path);
      if (stamp.isFile) return new FileSource(path, stamp, o);
    } catch (error) {
      throw new UserError(vscode.l10n.t('{0} cannot be read: {1}', o.name, wordsOf(error)));
    }
    throw new UserError(vscode.l10n.t('{0} is no file whose lines could be published.', o.name), { warning: true });
  }

  async head(): Promise<string> {
    const file = await open(this.path);
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
      let text = '';
      for await (const piece of textOf([buffer.subarray(0, bytesRead)])) text += piece;
      return text;
    } finally {
      await file.close();
    }
  }

  async *text(signal?: AbortSignal, onBytes?: (bytes: Uint8Array) => void): AsyncGenerator<string> {
    const { path } = this;
    async function* tapped() {
      for await (const bytes of fileBytes(path, signal)) {
        onBytes?.(bytes);
        yield bytes;
      }
    }
    yield* textOf(tapped());
  }

  /** Whether the file is another one, or was written to, since it was opened here. */
  async hasChanged(): Promise<boolean> {
    const now = await stampOf(this.path).catch(() => undefined);
    return now?.key !== this.#stamp.key;
  }
}

async function stampOf(path: string) {
  const found = await stat(path);
  return { key: `${found.size} ${found.mtimeMs} ${found.ino}`, isFile: found.isFile() };
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
