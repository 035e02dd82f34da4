import { Duplicates } from './duplicates.ts';
import type { Item } from './message.ts';
import type { Found } from './readItems.ts';

/**
 * The items of batches, one by one. A step is a promise only where a batch must be waited for: what is read already
 * comes at once, so that a reader who looks for that need not wait for every single item.
 */
export class ItemStream implements AsyncIterable<Item> {
  readonly #batches: AsyncIterator<Found[]>;
  readonly #seen: Duplicates | undefined;
  #batch: Found[] = [];
  #at = 0;

  /** @param o.leaveOutDuplicates gives of equal items only the first */
  constructor(batches: AsyncIterable<Found[]>, o: { leaveOutDuplicates: boolean }) {
    this.#batches = batches[Symbol.asyncIterator]();
    this.#seen = o.leaveOutDuplicates ? new Duplicates() : undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<Item> {
    const steps: { next(): Step | Promise<Step>; return(): Promise<Step> } = {
      next: () => this.#ready() ?? this.#read(),
      return: async () => {
        await this.#batches.return?.();
        return { done: true, value: undefined };
      },
    };
    // TypeScript's AsyncIterator only knows promises; `await` takes both.
    return steps as AsyncIterator<Item>;
  }

  #ready(): Step | undefined {
    while (this.#at < this.#batch.length) {
      const item = this.#batch[this.#at++]?.item;
      if (item && !this.#seen?.has(item)) return { done: false, value: item };
    }
    return undefined;
  }

  async #read(): Promise<Step> {
    for (;;) {
      const { done, value } = await this.#batches.next();
      if (done) return { done: true, value: undefined };
      this.#batch = value;
      this.#at = 0;
      const step = this.#ready();
      if (step) return step;
    }
  }
}

type Step = IteratorResult<Item, undefined>;
