import type { Item } from './message.ts';

/** Different items that are remembered, at 16 bytes each; further ones are only compared with these. */
const REMEMBERED_AT_MOST = 1_000_000;
/** Slots for a short list; for a longer one room is made at once for all, as to move a million would take too long. */
const SMALL = 4_096;
/** Larger bodies are not compared: to read each of 16 MiB once more would hold everything else up. */
const COMPARED_BYTES = 1024 * 1024;

/**
 * Tells items that a list has had before, by a hash of 64 bits, in bounded memory. That two different items of a
 * million have the same hash happens once in 37 million lists.
 */
export class Duplicates {
  readonly #most: number;
  #slots = new Uint32Array(2 * SMALL);
  #size = 0;
  #complete = true;
  #high = 0;
  #low = 0;

  constructor(most = REMEMBERED_AT_MOST) {
    this.#most = most;
  }

  /** False: there were more different items than are remembered, or bodies too large to be compared. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Remembers an item; true: there has been one with the same body and properties. */
  has(item: Item): boolean {
    if (item.body.length > COMPARED_BYTES) {
      this.#complete = false;
      return false;
    }
    this.#hash(item);
    const a = this.#high;
    const b = this.#low;
    const slot = this.#find(a, b);
    if (this.#slots[slot] !== 0 || this.#slots[slot + 1] !== 0) return true;
    if (this.#size >= this.#most) {
      this.#complete = false;
      return false;
    }
    this.#slots[slot] = a;
    this.#slots[slot + 1] = b;
    this.#size++;
    if (this.#size === SMALL / 2) this.#grow();
    return false;
  }

  /** Where a hash is, or the free slot for it; slots are pairs, and 0 0 is free. */
  #find(a: number, b: number): number {
    const mask = this.#slots.length - 2;
    let slot = (a << 1) & mask;
    while (
      (this.#slots[slot] !== 0 || this.#slots[slot + 1] !== 0) &&
      (this.#slots[slot] !== a || this.#slots[slot + 1] !== b)
    )
      slot = (slot + 2) & mask;
    return slot;
  }

  /** Two lanes of FNV-1a's kind with a final mixing (murmur3's), over UTF-16 units or bytes. */
  #hash({ body, fields }: Item): void {
    let a = 0x811c9dc5;
    let b = 0x9747b28c;
    // Every message has an id of its own; two with the same work have all else in common.
    const rest = fields ? JSON.stringify({ ...fields, messageId: undefined }) : '';
    const length = body.length + rest.length;
    for (let i = 0; i < length; i++) {
      const unit =
        i >= body.length
          ? rest.charCodeAt(i - body.length)
          : typeof body === 'string'
            ? body.charCodeAt(i)
            : (body[i] ?? 0);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x85ebca6b);
      b = (b << 13) | (b >>> 19);
    }
    this.#high = finish(a ^ body.length);
    this.#low = finish(b);
    // Two zeros mark a free slot.
    if (this.#high === 0 && this.#low === 0) this.#high = 1;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * Math.max(SMALL, 2 ** Math.ceil(Math.log2(this.#most * 2))));
    for (let i = 0; i < old.length; i += 2) {
      const a = old[i] ?? 0;
      const b = old[i + 1] ?? 0;
      if (a === 0 && b === 0) continue;
      const slot = this.#find(a, b);
      this.#slots[slot] = a;
      this.#slots[slot + 1] = b;
    }
  }
}

function finish(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
