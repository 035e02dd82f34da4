import type { Item } from '../workload/message.ts';

/** Items read before they are asked for: enough that a file's reader is waited for once in a burst, not once a line. */
const AHEAD = 128;
/** In characters or bytes; one item may exceed it. */
const AHEAD_SIZE = 4 * 2 ** 20;

/** Items one by one, from a list or from something that is still being read; it never makes the caller wait. */
export class Source {
  readonly #onArrival: () => void;
  readonly #list: Iterator<Item> | undefined;
  readonly #stream: AsyncIterator<Item> | undefined;
  /** What has been read and not taken, from #at on. */
  #ahead: Item[] = [];
  #at = 0;
  #size = 0;
  #reading = false;
  #over = false;
  #lastLine = 0;
  #failure: { error: unknown } | undefined;

  /** @param onArrival called when what was 'not-yet' is there */
  constructor(items: Iterable<Item> | AsyncIterable<Item>, onArrival: () => void) {
    this.#onArrival = onArrival;
    if (Symbol.asyncIterator in items) this.#stream = items[Symbol.asyncIterator]();
    else this.#list = items[Symbol.iterator]();
  }

  /** What take() would return, left in its place. */
  peek(): Item | 'end' | 'not-yet' {
    if (this.#list && this.#at === this.#ahead.length && !this.#over) this.#readOne(this.#list);
    const next = this.#ahead[this.#at];
    if (next) return next;
    if (this.#over) return 'end';
    void this.#readAhead();
    return 'not-yet';
  }

  take(): Item | 'end' | 'not-yet' {
    const next = this.peek();
    if (typeof next === 'string') return next;
    this.#at++;
    this.#size -= sizeOf(next);
    // What is taken must go even when what follows never runs out.
    if (this.#at === this.#ahead.length || this.#at >= AHEAD) {
      this.#ahead = this.#ahead.slice(this.#at);
      this.#at = 0;
    }
    if (!this.#reading && this.#ahead.length - this.#at < AHEAD / 2) void this.#readAhead();
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
    this.#over = true;
    try {
      Promise.resolve((this.#list ?? this.#stream)?.return?.()).catch(() => undefined);
    } catch {
      // The outcome is settled by now; a list that fails to end changes nothing about it.
    }
  }

  #readOne(list: Iterator<Item>): void {
    try {
      this.#add(list.next());
    } catch (error) {
      this.#fail(error);
    }
  }

  async #readAhead(): Promise<void> {
    if (!this.#stream || this.#reading) return;
    this.#reading = true;
    try {
      while (!this.#over && this.#ahead.length - this.#at < AHEAD && this.#size < AHEAD_SIZE) {
        const step = await this.#stream.next();
        const wasEmpty = this.#at === this.#ahead.length;
        this.#add(step);
        // Later than what is there already, so that it is taken in one go.
        if (wasEmpty) setImmediate(this.#onArrival);
      }
    } catch (error) {
      this.#fail(error);
      this.#onArrival();
    }
    this.#reading = false;
  }

  #add(step: IteratorResult<Item>): void {
    if (step.done) this.#over = true;
    else {
      this.#ahead.push(step.value);
      this.#size += sizeOf(step.value);
    }
  }

  #fail(error: unknown): void {
    this.#failure = { error };
    this.#over = true;
  }
}

function sizeOf({ body }: Item): number {
  return body.length;
}
