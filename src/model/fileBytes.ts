import { open } from 'node:fs/promises';

const PIECE_BYTES = 64 * 1024;

/**
 * A file's bytes in pieces of 64 KiB, all in the same memory: a piece is gone when the next one is asked for. A stream's
 * pieces, each in memory of its own, are most of what reading a large file costs, for they are freed late.
 *
 * @param signal ends it by an AbortError
 * @throws what opening and reading throw
 */
export async function* fileBytes(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(PIECE_BYTES);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
