import { type FileHandle, open } from 'node:fs/promises';
import type { MessageCopy } from '../../../broker/index.ts';
import { formatSaved } from '../../../workload/savedMessage.ts';

/** How messages are written: all that they have as one JSON object a line, or their bodies alone. */
export type SaveFormat = 'messages' | 'lines';

/** Bytes that are gathered before they go to the disk, while others are still read. */
const GATHER = 256 * 1024;

/** A file that messages are written to, one line each. */
export class SavedFile {
  readonly #file: FileHandle;
  readonly #format: SaveFormat;
  readonly #safe: boolean;
  #text: string[] = [];
  #bytes = 0;
  #writing: Promise<void> | undefined;
  #failed: unknown;

  private constructor(file: FileHandle, format: SaveFormat, safe: boolean) {
    this.#file = file;
    this.#format = format;
    this.#safe = safe;
  }

  /**
   * @param o.safe whether what is written has to be on the disk, and not only on its way there: the messages are taken
   * from the queue by it
   * @throws the system's error where the file can't be written
   */
  static async create(path: string, o: { format: SaveFormat; safe: boolean }): Promise<SavedFile> {
    return new SavedFile(await open(path, 'w'), o.format, o.safe);
  }

  /** Resolves when the message is in the file; of those that come meanwhile many are written at once. */
  async write(message: MessageCopy): Promise<void> {
    if (this.#failed) throw this.#failed;
    const line = this.#format === 'messages' ? formatSaved(message) : lineOf(message.body);
    if (line === undefined) throw new Error('a body that is no line');
    this.#text.push(`${line}\n`);
    this.#bytes += line.length;
    if (!this.#safe && this.#bytes < GATHER) return;
    // Whoever is written now waits for the one before, and then takes along all that has come by then.
    while (this.#writing) await this.#writing;
    if (this.#text.length > 0) await this.#flush();
  }

  /** Writes what is left, and closes the file. @throws what kept a message from being written */
  async close(): Promise<void> {
    try {
      while (this.#writing) await this.#writing;
      if (this.#failed) throw this.#failed;
      if (this.#text.length > 0) await this.#flush();
      if (!this.#safe) await this.#file.datasync();
    } finally {
      await this.#file.close();
    }
  }

  async #flush(): Promise<void> {
    const text = this.#text.join('');
    this.#text = [];
    this.#bytes = 0;
    const writing = async () => {
      await this.#file.appendFile(text);
      if (this.#safe) await this.#file.datasync();
    };
    this.#writing = writing()
      .catch(error => {
        // Nothing goes after a line that may be broken off.
        this.#failed = error;
        throw error;
      })
      .finally(() => {
        this.#writing = undefined;
      });
    await this.#writing;
  }
}

/** @returns the body as one line of text; undefined where it has line ends, is empty or no text: it would not come back as it was */
export function lineOf(body: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return text.trim() === '' || /[\r\n]/.test(text) || text.startsWith('\uFEFF') ? undefined : text;
  } catch {
    return undefined;
  }
}
