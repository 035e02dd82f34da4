/** What ends something that was started: a listener, a poll, a tunnel. */
export interface Ending {
  dispose(): void;
}

/** Tells its listeners that something has changed. */
export class Emitter<T = void> {
  readonly #listeners = new Set<(value: T) => void>();

  /** @returns what takes the listener off again */
  on(listener: (value: T) => void): Ending {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
