import type { Chunk } from './chunk.ts';
import type { Properties } from './properties.ts';

/** A message that the broker has to answer for. */
export interface Sent {
  line: number;
  /** Left out once the body lies in the chunk: a text would live on until its confirm, and cost the heap its rest. */
  body: string | Uint8Array | undefined;
  /** What it was written to when it was sent. */
  chunk: Chunk | undefined;
  /** Where its body begins in the chunk, when it is left out here. */
  at: number;
  properties: Properties;
  /** How many items were taken before it. */
  index: number;
  /** The body's length in UTF-8. */
  bytes: number;
  /** How often the broker has refused it. */
  nacks: number;
  /** It is sent again although it may be there. */
  doubtful: boolean;
}

/** The body of a message, sent or not. */
export function bodyOf({ body, chunk, at, bytes }: Sent): string | Uint8Array {
  return body ?? chunk?.bytes.subarray(at, at + bytes) ?? '';
}

/**
 * The messages sent and not yet answered, by their delivery tags: in a ring, because a Map is built anew again and again
 * when as much is taken out as put in.
 */
export class InFlight {
  #ring: (Sent | undefined)[] = new Array(1_024).fill(undefined);
  /** No older one is left. */
  #firstTag = 1;
  #lastTag = 0;
  #size = 0;
  #bytes = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The broker counts the messages of a confirm channel from 1: call it once for each that is sent, in order. */
  add(sent: Sent): void {
    if (this.#lastTag - this.#firstTag + 1 >= this.#ring.length) this.#grow();
    this.#lastTag++;
    this.#ring[this.#lastTag % this.#ring.length] = sent;
    this.#size++;
    this.#bytes += sent.bytes;
  }

  /** Takes out what an answer is about: one message, or with `multiple` all up to it. */
  take(tag: number, multiple: boolean): Sent[] {
    const taken: Sent[] = [];
    // A tag of 0 stands for all that are outstanding.
    const last = tag === 0 ? this.#lastTag : Math.min(tag, this.#lastTag);
    if (multiple) for (let each = this.#firstTag; each <= last; each++) this.#takeOne(each, taken);
    else if (tag >= this.#firstTag && tag <= this.#lastTag) this.#takeOne(tag, taken);
    while (this.#firstTag <= this.#lastTag && this.#at(this.#firstTag) === undefined) this.#firstTag++;
    return taken;
  }

  /** Those that are still without an answer, in the order they were sent. */
  *left(): Generator<Sent> {
    for (let tag = this.#firstTag; tag <= this.#lastTag; tag++) {
      const sent = this.#at(tag);
      if (sent) yield sent;
    }
  }

  #at(tag: number): Sent | undefined {
    return this.#ring[tag % this.#ring.length];
  }

  #takeOne(tag: number, taken: Sent[]): void {
    const sent = this.#at(tag);
    if (!sent) return;
    this.#ring[tag % this.#ring.length] = undefined;
    this.#size--;
    this.#bytes -= sent.bytes;
    taken.push(sent);
  }

  #grow(): void {
    const larger: (Sent | undefined)[] = new Array(this.#ring.length * 2).fill(undefined);
    for (let tag = this.#firstTag; tag <= this.#lastTag; tag++) larger[tag % larger.length] = this.#at(tag);
    this.#ring = larger;
  }
}
