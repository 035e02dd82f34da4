import type { ConfirmChannel } from 'amqplib';
import { type Chunk, Chunks } from './chunk.ts';
import type { Properties } from './properties.ts';

/** Type, channel and size before a frame's payload, the end mark after it. */
const FRAME_OVERHEAD = 8;
const METHOD = 1;
const HEADER = 2;
const BODY = 3;
const FRAME_END = 0xce;
/** Class, weight and the body's size, before the properties. */
const HEADER_START = 12;

/**
 * Writes basic.publish for many messages to one queue, mandatory.
 *
 * amqplib encodes each message anew from an options object, copies it three times and queues it in two streams; with
 * short lines that is most of what publishing costs the editor. Mostly only the message id and the body differ from
 * line to line, so the rest is encoded once, and many messages are given to the connection as one chunk. The formats are those
 * of AMQP 0-9-1, sections 4.2.3 (frames), 4.2.6 (content), and 1.8.3.3 of the reference (basic.publish).
 */
export class PublishFrames {
  readonly #write: (bytes: Buffer) => void;
  readonly #channel: number;
  readonly #maxBody: number;
  /** Everything up to the size of the content header's payload. */
  readonly #method: Buffer;
  readonly #chunks = new Chunks();
  #chunk: Buffer = Buffer.alloc(0);
  #flushed = 0;
  #used = 0;

  constructor(channel: ConfirmChannel, queue: string) {
    const { write, number, frameMax } = insideOf(channel);
    this.#write = write;
    this.#channel = number;
    this.#maxBody = frameMax - FRAME_OVERHEAD;
    this.#method = methodFrame(number, queue);
  }

  /** What the last message was written to. */
  get chunk(): Chunk {
    return this.#chunks.current;
  }

  /** A message of the chunk is answered; when all are, the chunk is written to again. */
  release(chunk: Chunk): void {
    this.#chunks.release(chunk);
  }

  /** The longest `before` and `after` together; the broker closes the connection over a header beyond its frame. */
  get maxPropertiesBytes(): number {
    return this.#maxBody - HEADER_START - 256;
  }

  /**
   * Adds one message; `bodyBytes` is its length in UTF-8. It may be sent at once or with flush(). Returns where in
   * `chunk` the body lies, until it is released; -1: it is empty or in pieces.
   * @param messageId undefined: the properties say all that there is to say
   */
  add(
    messageId: string | undefined,
    body: string | Uint8Array,
    bodyBytes: number,
    { before, after }: Properties,
  ): number {
    const idBytes = messageId === undefined ? 0 : 1 + Buffer.byteLength(messageId);
    const bodyFrames = Math.ceil(bodyBytes / this.#maxBody);
    const headerBytes = HEADER_START + before.length + idBytes + after.length;
    const total = this.#method.length + headerBytes + bodyBytes + FRAME_OVERHEAD * (1 + bodyFrames);
    if (this.#used + total > this.#chunk.length) {
      this.flush();
      this.#chunk = this.#chunks.next(total).bytes;
      this.#flushed = 0;
      this.#used = 0;
    }
    this.#chunks.current.open++;
    this.#method.copy(this.#chunk, this.#used);
    this.#used += this.#method.length;
    this.#begin(HEADER, headerBytes);
    // Class 60 (basic), weight 0, then the body's size in 8 bytes.
    this.#chunk.writeUInt32BE(0x003c_0000, this.#used);
    this.#chunk.writeUInt32BE(0, this.#used + 4);
    this.#chunk.writeUInt32BE(bodyBytes, this.#used + 8);
    before.copy(this.#chunk, this.#used + HEADER_START);
    this.#used += HEADER_START + before.length;
    if (messageId !== undefined) {
      this.#chunk.writeUInt8(idBytes - 1, this.#used);
      this.#chunk.write(messageId, this.#used + 1);
    }
    this.#used += idBytes + after.copy(this.#chunk, this.#used + idBytes);
    this.#end();
    if (bodyFrames === 1) return this.#addBody(body, bodyBytes);
    if (bodyFrames > 1) this.#addBodyInPieces(bytesOf(body));
    return -1;
  }

  /** Hands what has been added to the connection. */
  flush(): void {
    if (this.#used > this.#flushed) this.#write(this.#chunk.subarray(this.#flushed, this.#used));
    this.#flushed = this.#used;
  }

  #addBody(body: string | Uint8Array, bytes: number): number {
    this.#begin(BODY, bytes);
    if (typeof body === 'string') this.#chunk.write(body, this.#used);
    else this.#chunk.set(body, this.#used);
    const at = this.#used;
    this.#used += bytes;
    this.#end();
    return at;
  }

  #addBodyInPieces(body: Buffer): void {
    for (let from = 0; from < body.length; from += this.#maxBody) {
      const piece = body.subarray(from, from + this.#maxBody);
      this.#begin(BODY, piece.length);
      piece.copy(this.#chunk, this.#used);
      this.#used += piece.length;
      this.#end();
    }
  }

  #begin(type: number, payloadBytes: number): void {
    this.#used = writeFrameHead(this.#chunk, this.#used, type, this.#channel, payloadBytes);
  }

  #end(): void {
    this.#used = this.#chunk.writeUInt8(FRAME_END, this.#used);
  }
}

function bytesOf(body: string | Uint8Array): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

/** basic.publish (60, 40): a reserved short, exchange '', the queue as routing key, and the bits: mandatory. */
function methodFrame(channel: number, queue: string): Buffer {
  const payload = Buffer.concat([
    Buffer.of(0, 60, 0, 40, 0, 0),
    shortString(''),
    shortString(queue),
    Buffer.of(0b0000_0001),
  ]);
  const head = Buffer.alloc(FRAME_OVERHEAD - 1);
  writeFrameHead(head, 0, METHOD, channel, payload.length);
  return Buffer.concat([head, payload, Buffer.of(FRAME_END)]);
}

function writeFrameHead(into: Buffer, at: number, type: number, channel: number, payloadBytes: number): number {
  into.writeUInt8(type, at);
  into.writeUInt16BE(channel, at + 1);
  return into.writeUInt32BE(payloadBytes, at + 3);
}

function shortString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

/** What amqplib 2.3 does not declare: where a channel's frames go, the channel's number and the agreed frame size. */
export function insideOf(channel: ConfirmChannel): {
  write: (bytes: Buffer) => void;
  number: number;
  frameMax: number;
} {
  const { connection } = channel;
  if (!('sendBytes' in connection && 'frameMax' in connection && 'ch' in channel)) throw new Error('not amqplib 2.3');
  const { sendBytes, frameMax } = connection;
  if (typeof sendBytes !== 'function' || typeof frameMax !== 'number' || typeof channel.ch !== 'number') {
    throw new Error('not amqplib 2.3');
  }
  return { write: bytes => sendBytes.call(connection, bytes), number: channel.ch, frameMax };
}
