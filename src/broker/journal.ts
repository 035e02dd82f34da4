import type { Failure } from './account.ts';

/** What has to be kept of a publication so that it can go on after a crash; plain data, for JSON. */
export interface Journal {
  runId: string;
  queue: string;
  /** Ready messages before the first line; undefined: the broker does not tell this user. */
  depthBefore: number | undefined;
  /** Of the lines up to confirmedUpTo, how many the broker has taken responsibility for. */
  confirmed: number;
  /** Every line up to it is settled: confirmed, or in `failed`. */
  confirmedUpTo: number;
  /** No line after it has been sent. */
  sentUpTo: number;
  /** Of the lines up to confirmedUpTo. */
  failed: Failure[];
  /** A queue of the broker's own naming that is there as long as the connection is that published. */
  mark?: string;
}

/** The lines that one entry permits to be sent; as many that a fast publication writes few entries a second. */
const FIRST_BLOCK = 4_096;
const MIN_BLOCK = 1_024;
const MAX_BLOCK = 131_072;
const ENTRY_EVERY_MS = 250;
/** What is settled since the last entry would have to be looked for after a crash; so an entry is not much older. */
const STALE_AFTER_MS = 500;
/** A cancelled publication does not wait for a disk that hangs. */
const CLOSE_TIMEOUT_MS = 300;

/**
 * Lets a line be sent only after an entry that permits it is safe. Entries are written while lines that the one before
 * permits are sent, in blocks as large as about half a second's lines.
 */
export class JournalGate {
  readonly #write: (sentUpTo: number) => Promise<void>;
  readonly #onWritten: () => void;
  #permitted: number;
  #block = FIRST_BLOCK;
  #writing: Promise<void> | undefined;
  #closed = false;
  #wroteAt: number | undefined;
  #failure: { error: unknown } | undefined;

  /**
   * @param write writes an entry; resolves when it is safe
   * @param onWritten called when lines that had to wait may be sent, or writing has failed
   * @param permitted the last line that an earlier entry permits
   */
  constructor(write: (sentUpTo: number) => Promise<void>, onWritten: () => void, permitted: number) {
    this.#write = write;
    this.#onWritten = onWritten;
    this.#permitted = permitted;
  }

  /** Why no entry can be written any more, and no line sent. */
  get failure(): { error: unknown } | undefined {
    return this.#failure;
  }

  /** No entry is begun from here on; returns when the last one is written, or after CLOSE_TIMEOUT_MS. */
  async close(): Promise<void> {
    this.#closed = true;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>(resolve => {
      timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    await Promise.race([this.#writing, timeout]);
    clearTimeout(timer);
  }

  /** Whether this line may be sent; the next entry is begun in time. */
  permits(line: number): boolean {
    if (!this.#writing && line > this.#permitted - this.#block / 2) this.#extend(line);
    return line <= this.#permitted;
  }

  /** To be called now and then: keeps the entry from growing old while lines are settled. */
  refresh(): void {
    this.#wroteAt ??= performance.now();
    if (!this.#writing && performance.now() - this.#wroteAt > STALE_AFTER_MS) this.#enter(this.#permitted);
  }

  #extend(line: number): void {
    const sinceMs = this.#wroteAt === undefined ? ENTRY_EVERY_MS : performance.now() - this.#wroteAt;
    if (sinceMs < ENTRY_EVERY_MS) this.#block = Math.min(MAX_BLOCK, this.#block * 2);
    else if (sinceMs > 4 * ENTRY_EVERY_MS) this.#block = Math.max(MIN_BLOCK, this.#block / 2);
    this.#enter(line - 1 + this.#block);
  }

  #enter(sentUpTo: number): void {
    if (!this.#failure && !this.#closed) this.#writing = this.#enterNow(sentUpTo);
  }

  async #enterNow(sentUpTo: number): Promise<void> {
    this.#wroteAt = performance.now();
    try {
      await this.#write(sentUpTo);
      this.#permitted = sentUpTo;
    } catch (error) {
      this.#failure = { error };
    }
    this.#writing = undefined;
    this.#onWritten();
  }
}
