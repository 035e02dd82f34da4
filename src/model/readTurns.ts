/** A log that goes on is followed; one that has ended is read once. */
export type ReadTurn = 'read' | 'follow';

/** Logs that are followed at once, and that are read at once. */
const AT_ONCE: Record<ReadTurn, number> = { follow: 20, read: 6 };

/** Lets so many logs at once be read, the others in their turn: an API server and its nodes serve other people too. */
export class ReadTurns {
  readonly #signal: AbortSignal;
  readonly #waiting: Record<ReadTurn, (() => Promise<void>)[]> = { follow: [], read: [] };
  readonly #running: Record<ReadTurn, number> = { follow: 0, read: 0 };

  /** @param signal once it has aborted nothing is begun */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** @param read is called when it is its turn; it throws nothing */
  take(kind: ReadTurn, read: () => Promise<void>): void {
    this.#waiting[kind].push(read);
    this.#next(kind);
  }

  #next(kind: ReadTurn): void {
    while (this.#running[kind] < AT_ONCE[kind] && !this.#signal.aborted) {
      const read = this.#waiting[kind].shift();
      if (!read) return;
      this.#running[kind]++;
      void read().finally(() => {
        this.#running[kind]--;
        this.#next(kind);
      });
    }
  }
}
