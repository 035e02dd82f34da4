/** Messages that are written to the socket together. */
export interface Chunk {
  readonly bytes: Buffer;
  /** How many of its messages have no answer yet. */
  open: number;
}

/** A write to the socket costs as much as encoding a hundred lines; from here on, larger ones gain nothing. */
const CHUNK_BYTES = 64 * 2 ** 10;

/**
 * Chunks to write to, used again when all that is in them is answered: the broker has it, so the socket has written it.
 * New ones all the time would be what a large file's publication costs in memory.
 */
export class Chunks {
  readonly #free: Chunk[] = [];
  #current: Chunk = { bytes: Buffer.alloc(0), open: 0 };

  get current(): Chunk {
    return this.#current;
  }

  /** Makes one current that holds `bytes` at least. */
  next(bytes: number): Chunk {
    const last = this.#current;
    this.#current = (bytes <= CHUNK_BYTES ? this.#free.pop() : undefined) ?? {
      bytes: Buffer.allocUnsafe(Math.max(CHUNK_BYTES, bytes)),
      open: 0,
    };
    this.#reuse(last);
    return this.#current;
  }

  /** One message of the chunk is answered, and what is sent again of it is kept elsewhere. */
  release(chunk: Chunk): void {
    chunk.open--;
    this.#reuse(chunk);
  }

  #reuse(chunk: Chunk): void {
    if (chunk !== this.#current && chunk.open === 0 && chunk.bytes.length === CHUNK_BYTES) this.#free.push(chunk);
  }
}
