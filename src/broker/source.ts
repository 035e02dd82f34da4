import type { Item } from '../workload/message.ts';

/** Items one by one, from a list or from something that is still being read; it never makes the caller wait. */
export class Source {
  readonly #iterator: Iterator<Item> | AsyncIterator<Item>;
  readonly #onArrival: () => void;
  #ahead: Item | 'end' | 'not-yet' | undefined;
  #lastLine = 0;
  #failure: { error: unknown } | undefined;

  /** @param onArrival called when what was 'not-yet' is there */
  constructor(items: Iterable<Item> | AsyncIterable<Item>, onArrival: () => void) {
    this.#iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    this.#onArrival = onArrival;
  }

  /** What take() would return, left in its place. */
  peek(): Item | 'end' | 'not-yet' {
    this.#ahead ??= this.#advance();
    return this.#ahead;
  }

  take(): Item | 'end' | 'not-yet' {
    const next = this.peek();
    if (typeof next === 'string') return next;
    this.#ahead = undefined;
    this.#lastLine = next.line;
    return next;
  }

  /** The line of the first item not taken; the lowest it can be when that item has not arrived yet. */
  get firstLeft(): number | undefined {
    const next = this.peek();
    if (next === 'end') return this.#failure ? this.#lastLine + 1 : undefined;
    return next === 'not-yet' ? this.#lastLine + 1 : next.line;
  }

  /** What the items' own iterator threw; to the reader it looks like the end. */
  get failure(): { error: unknown } | undefined {
    return this.#failure;
  }

  /** Lets the iterator free what it holds, without waiting for it. */
  close(): void {
    try {
      Promise.resolve(this.#iterator.return?.()).catch(() => undefined);
    } catch {
      // The outcome is settled by now; a list that fails to end changes nothing about it.
    }
  }

  #advance(): Item | 'end' | 'not-yet' {
    try {
      const step = this.#iterator.next();
      if (!('then' in step)) return step.done ? 'end' : step.value;
      step.then(
        ({ done, value }) => this.#arrive(done ? 'end' : value),
        error => this.#arrive(this.#fail(error)),
      );
      return 'not-yet';
    } catch (error) {
      return this.#fail(error);
    }
  }

  #arrive(next: Item | 'end'): void {
    this.#ahead = next;
    this.#onArrival();
  }

  #fail(error: unknown): 'end' {
    this.#failure = { error };
    return 'end';
  }
}
