import { randomFillSync } from 'node:crypto';

// RFC 6455, 5.2 and 5.5.
const FIN = 0x80;
const MASKED = 0x80;
const SHORT = 126;
const LONG = 127;
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const MAX_CONTROL_BYTES = 125;
const NOTHING = Buffer.alloc(0);

/** What a server's frames hold; a message's bytes are told as they come. */
export interface FrameHearer {
  /** @param begins whether these are the first bytes of a message */
  onBytes(bytes: Buffer, begins: boolean): void;
  onControl(opcode: number, payload: Buffer): void;
}

/**
 * The head of a frame from a client, to be sent before its payload, which is masked in place.
 * @param plain the connection is not encrypted. Masking keeps a script in a browser from making a proxy see what it
 *   likes (10.3); here is no script, and inside TLS no proxy that sees anything: there the mask is zero, and costs nothing
 */
export function clientFrame(opcode: number, payload: Buffer, plain: boolean): Buffer {
  const extended = payload.length < SHORT ? 0 : payload.length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(6 + extended);
  head.writeUInt8(FIN | opcode, 0);
  head.writeUInt8(MASKED | (extended === 0 ? payload.length : extended === 2 ? SHORT : LONG), 1);
  if (extended === 2) head.writeUInt16BE(payload.length, 2);
  else if (extended === 8) head.writeUIntBE(payload.length, 4, 6);
  if (plain) {
    const mask = head.subarray(2 + extended);
    randomFillSync(mask);
    for (let at = 0; at < payload.length; at++) payload[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  }
  return head;
}

/** Takes a server's frames out of pieces that are cut anywhere. */
export class ServerFrames {
  readonly #hearer: FrameHearer;
  #head: Buffer = NOTHING;
  #left = 0;
  #opcode = 0;
  #begins = false;
  #control: Buffer = NOTHING;

  constructor(hearer: FrameHearer) {
    this.#hearer = hearer;
  }

  /** @throws Error when it is no frame that a server may send */
  push(piece: Buffer): void {
    let rest = piece;
    while (rest.length > 0) {
      if (this.#left === 0) {
        const size = Math.max(0, this.#headBytes() - this.#head.length);
        const more = rest.subarray(0, size);
        this.#head = this.#head.length === 0 ? more : Buffer.concat([this.#head, more]);
        rest = rest.subarray(size);
        if (this.#head.length < this.#headBytes()) continue;
        this.#begin();
      }
      const bytes = rest.subarray(0, this.#left);
      rest = rest.subarray(bytes.length);
      this.#left -= bytes.length;
      this.#take(bytes);
    }
  }

  /** Of the frame that begins, as far as it can be known yet. */
  #headBytes(): number {
    const length = (this.#head[1] ?? 0) & ~MASKED;
    return this.#head.length < 2 || length < SHORT ? 2 : length === SHORT ? 4 : 10;
  }

  #begin(): void {
    const [first = 0, second = 0] = this.#head;
    this.#left = this.#head.length === 2 ? second : this.#head.length === 4 ? this.#head.readUInt16BE(2) : this.#long();
    this.#opcode = first & 0x0f;
    this.#begins = this.#opcode !== OPCODE.continuation;
    this.#control = NOTHING;
    this.#head = NOTHING;
    const isControl = this.#opcode >= OPCODE.close;
    if ((first & 0x70) !== 0 || (second & MASKED) !== 0) throw new Error('a frame of an extension or with a mask');
    if (isControl && (this.#left > MAX_CONTROL_BYTES || (first & FIN) === 0))
      throw new Error('a control frame too long');
  }

  #long(): number {
    const length = this.#head.readBigUInt64BE(2);
    if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('a frame too long');
    return Number(length);
  }

  #take(bytes: Buffer): void {
    if (this.#opcode < OPCODE.close) {
      this.#hearer.onBytes(bytes, this.#begins);
      this.#begins = false;
      return;
    }
    this.#control = Buffer.concat([this.#control, bytes]);
    if (this.#left === 0) this.#hearer.onControl(this.#opcode, this.#control);
  }
}
