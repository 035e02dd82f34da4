import type { Framing, FramingHearer } from './framing.ts';

/**
 * What kubectl speaks from Kubernetes 1.31 on: the WebSocket's messages are pieces of a SPDY/3.1 connection
 * (https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/), in which a forwarded connection is a pair of
 * streams, for data and for errors (KEP-4006). It costs the cluster a third of what the older protocol does, and a side
 * can say that it has no more to send.
 */
export const SPDY_PROTOCOL = 'SPDY/3.1+portforward.k8s.io';

/** Ours have odd numbers. */
const ERROR_STREAM = 1;
const DATA_STREAM = 3;

const HEAD_BYTES = 8;
const CONTROL = 0x8000;
const VERSION = 3;
const SYN_STREAM = 1;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const FIN = 1;
const NOTHING = Buffer.alloc(0);

/** @param port the Pod's */
export function spdyFraming(port: number): Framing {
  const incoming = new Incoming();
  return {
    opening: [
      synStream(ERROR_STREAM, { streamtype: 'error', port: `${port}`, requestid: '0' }, true),
      // Nobody has errors to tell to the kubelet.
      dataFrame(ERROR_STREAM, Buffer.alloc(0), FIN),
      synStream(DATA_STREAM, { streamtype: 'data', port: `${port}`, requestid: '0' }, false),
    ],
    get ending() {
      return dataFrame(DATA_STREAM, Buffer.alloc(0), FIN);
    },
    wrap: bytes => dataFrame(DATA_STREAM, bytes, 0),
    // Where a message begins and ends means nothing here.
    unwrap: (bytes, _, hearer) => incoming.push(bytes, hearer),
  };
}

/** Takes the frames out of pieces that are cut anywhere; a frame's data is handed on as it comes. */
class Incoming {
  #head: Buffer = NOTHING;
  /** Of the frame that is being read. */
  #left = 0;
  #stream: number | undefined;
  #fin = false;
  #control: Buffer = NOTHING;
  #type = 0;
  /** What was wrong may be said after the data's end, never after its own. */
  readonly #open = new Set([ERROR_STREAM, DATA_STREAM]);

  push(piece: Buffer, hearer: FramingHearer): void {
    let rest = piece;
    while (rest.length > 0) {
      if (this.#head.length < HEAD_BYTES) {
        const missing = HEAD_BYTES - this.#head.length;
        const more = rest.subarray(0, missing);
        this.#head = this.#head.length === 0 ? more : Buffer.concat([this.#head, more]);
        rest = rest.subarray(missing);
        if (this.#head.length < HEAD_BYTES) return;
        this.#begin();
      }
      const bytes = rest.subarray(0, this.#left);
      rest = rest.subarray(bytes.length);
      this.#left -= bytes.length;
      if (this.#stream === undefined) this.#control = Buffer.concat([this.#control, bytes]);
      else if (bytes.length > 0) this.#hand(bytes, hearer);
      if (this.#left > 0) return;
      this.#end(hearer);
    }
  }

  #begin(): void {
    const first = this.#head.readUInt16BE(0);
    const isControl = first >= CONTROL;
    this.#stream = isControl ? undefined : this.#head.readUInt32BE(0);
    this.#type = isControl ? this.#head.readUInt16BE(2) : 0;
    this.#fin = !isControl && (this.#head.readUInt8(4) & FIN) !== 0;
    this.#left = this.#head.readUIntBE(5, 3);
    this.#control = NOTHING;
  }

  #hand(bytes: Buffer, hearer: FramingHearer): void {
    if (this.#stream === DATA_STREAM) hearer.onData(bytes);
    else if (this.#stream === ERROR_STREAM) hearer.onReport(bytes);
  }

  #end(hearer: FramingHearer): void {
    this.#head = NOTHING;
    // What a stream is answered with when it is opened tells nothing that its data would not.
    if (this.#stream !== undefined) {
      if (this.#fin) this.#close(this.#stream, hearer);
    } else if (this.#type === PING) hearer.onReply(controlFrame(PING, this.#control));
    else if (this.#type === GOAWAY) hearer.onEnd();
    else if (this.#type === RST_STREAM && this.#control.length >= 4) this.#close(this.#control.readUInt32BE(0), hearer);
  }

  #close(stream: number, hearer: FramingHearer): void {
    if (this.#open.delete(stream) && this.#open.size === 0) hearer.onEnd();
  }
}

function dataFrame(stream: number, bytes: Buffer, flags: number): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + bytes.length);
  frame.writeUInt32BE(stream, 0);
  frame.writeUInt8(flags, 4);
  frame.writeUIntBE(bytes.length, 5, 3);
  bytes.copy(frame, HEAD_BYTES);
  return frame;
}

function controlFrame(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(CONTROL | VERSION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

function synStream(stream: number, headers: Record<string, string>, first: boolean): Buffer {
  // The stream, no associated stream, the highest priority.
  const numbers = Buffer.alloc(10);
  numbers.writeUInt32BE(stream, 0);
  const pairs = Object.entries(headers).flatMap(([name, value]) => [sized(name), sized(value)]);
  const block = Buffer.concat([uint32(Object.keys(headers).length), ...pairs]);
  return controlFrame(SYN_STREAM, Buffer.concat([numbers, ...(first ? [ZLIB_HEAD] : []), stored(block), FLUSH]));
}

/** All header blocks of a connection are one zlib stream (RFC 1950), which need not be compressed. */
const ZLIB_HEAD = Buffer.of(0x78, 0x01);

/** What Go's reader of zlib hands out a block's bytes at: an empty one. */
const FLUSH = stored(Buffer.alloc(0));

/** A block that is stored and not the last (RFC 1951, 3.2.4). */
function stored(bytes: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(bytes.length, 1);
  head.writeUInt16LE(~bytes.length & 0xffff, 3);
  return Buffer.concat([head, bytes]);
}

function sized(text: string): Buffer {
  return Buffer.concat([uint32(Buffer.byteLength(text)), Buffer.from(text)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
