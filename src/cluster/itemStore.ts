const COALESCE_MS = 100;

/** The rows of a watch by uid; tells of changes at most once in 100 ms, never after the signal aborted. */
export class ItemStore<R> {
  #rows: Map<string, R> = new Map();
  readonly #tell: (rows: ReadonlyMap<string, R>) => void;
  #timer: NodeJS.Timeout | undefined;
  #told = false;

  constructor(tell: (rows: ReadonlyMap<string, R>) => void, signal: AbortSignal) {
    this.#tell = tell;
    signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  /** A new list, which becomes the store's: what it does not name is gone. */
  replace(rows: Map<string, R>): void {
    this.#rows = rows;
    if (this.#told) this.#changed();
    else this.#tellNow();
  }

  set(uid: string, row: R): void {
    this.#rows.set(uid, row);
    this.#changed();
  }

  remove(uid: string): void {
    if (this.#rows.delete(uid)) this.#changed();
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => this.#tellNow(), COALESCE_MS);
  }

  #tellNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#told = true;
    // A copy: the receiver may keep it and compare it with the next one.
    this.#tell(new Map(this.#rows));
  }
}
