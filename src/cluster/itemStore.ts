const COALESCE_MS = 100;

/**
 * The rows of a watch by uid; tells of a change at once when it is quiet, of many at most once in 100 ms, and never after
 * the signal aborted.
 */
export class ItemStore<R> {
  #rows: Map<string, R> = new Map();
  readonly #tell: (rows: ReadonlyMap<string, R>) => void;
  #timer: NodeJS.Timeout | undefined;
  /** When it was told last, by performance.now(). */
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(tell: (rows: ReadonlyMap<string, R>) => void, signal: AbortSignal) {
    this.#tell = tell;
    signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  /** A new list, which becomes the store's: what it does not name is gone. */
  replace(rows: Map<string, R>): void {
    this.#rows = rows;
    if (this.#toldAt > Number.NEGATIVE_INFINITY) this.#changed();
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
    // Also when it is quiet not within this turn: what came in one piece is told together.
    const waitMs = Math.max(0, this.#toldAt + COALESCE_MS - performance.now());
    this.#timer ??= setTimeout(() => this.#tellNow(), waitMs);
  }

  #tellNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldAt = performance.now();
    // A copy: the receiver may keep it and compare it with the next one.
    this.#tell(new Map(this.#rows));
  }
}
