import { createHash } from 'node:crypto';
import type { ItemFormat } from '../../../workload/formats.ts';
import { ItemsSummary } from '../../../workload/itemsSummary.ts';
import { readBatches } from '../../../workload/readItems.ts';
import type { ItemSource } from './source.ts';

const TELL_EVERY_MS = 200;

/** A source being read through before anything is sent: what it holds, and whether it is in its format. */
export class Look {
  readonly format: ItemFormat;
  readonly summary = new ItemsSummary();
  /** Resolves when all is read, also where that failed. */
  readonly done: Promise<void>;
  /** What keeps the source from being published: a FormatError, or the system's. */
  problem: unknown;
  isDone = false;
  readonly #source: ItemSource;
  readonly #abort = new AbortController();
  readonly #hash = createHash('sha256');
  #onProgress: () => void = () => undefined;

  constructor(source: ItemSource, format: ItemFormat) {
    this.#source = source;
    this.format = format;
    this.done = this.#read();
  }

  /** Of the source's bytes, where it is a file. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** @param listener called some times a second while reading, and at the end; it takes the place of an earlier one */
  onProgress(listener: () => void): void {
    this.#onProgress = listener;
  }

  cancel(): void {
    this.#abort.abort();
  }

  async #read(): Promise<void> {
    const { signal } = this.#abort;
    let told = performance.now();
    try {
      const text = this.#source.text(signal, bytes => this.#hash.update(bytes));
      for await (const batch of readBatches(text, this.format, { lines: this.#source.lines })) {
        if (signal.aborted) return;
        for (const found of batch) this.summary.add(found);
        if (performance.now() - told > TELL_EVERY_MS) {
          told = performance.now();
          this.#onProgress();
        }
      }
    } catch (error) {
      this.problem = error;
    }
    this.isDone = true;
    this.#onProgress();
  }
}
