import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, inflateSync } from 'node:zlib';
import { spdyFraming } from '../../../src/cluster/spdyFraming.ts';

interface Frame {
  control: boolean;
  /** Of a control frame its type, of a data frame its stream. */
  number: number;
  flags: number;
  payload: Buffer;
}

/** Takes frames apart as SPDY/3.1 (2.2) lays them out. */
function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const control = (bytes.readUInt8(at) & 0x80) !== 0;
    if (control) assert.equal(bytes.readUInt16BE(at), 0x8003);
    const length = bytes.readUIntBE(at + 5, 3);
    frames.push({
      control,
      number: control ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at),
      flags: bytes.readUInt8(at + 4),
      payload: bytes.subarray(at + 8, at + 8 + length),
    });
    at += 8 + length;
  }
  return frames;
}

function frame(number: number, payload: Buffer | string, o: { fin?: boolean; control?: boolean } = {}): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(8);
  if (o.control) {
    head.writeUInt16BE(0x8003, 0);
    head.writeUInt16BE(number, 2);
  } else head.writeUInt32BE(number, 0);
  head.writeUInt8(o.fin ? 1 : 0, 4);
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** Unwraps messages and notes what was told. */
function hear(messages: Buffer[]) {
  const framing = spdyFraming(5672);
  const told = { data: '', report: '', ends: 0, replies: [] as Buffer[] };
  const hearer = {
    onData(bytes: Buffer) {
      told.data += bytes.toString('latin1');
    },
    onReport(bytes: Buffer) {
      told.report += bytes.toString('latin1');
    },
    onEnd: () => void told.ends++,
    onReply: (message: Buffer) => void told.replies.push(message),
  };
  for (const message of messages) framing.unwrap(message, true, hearer);
  return told;
}

const REPLY = 2;
const RESET = 3;
const PING = 6;
const GOAWAY = 7;

test('a forwarded port is opened as a stream for errors, which is ended at once, and one for data', () => {
  const [errors, end, data] = framesOf(Buffer.concat(spdyFraming(5672).opening));
  assert.ok(errors && end && data);
  assert.deepEqual([errors.control, errors.number, errors.payload.readUInt32BE(0)], [true, 1, 1]);
  assert.deepEqual([end.control, end.number, end.flags, end.payload.length], [false, 1, 1, 0]);
  assert.deepEqual([data.control, data.number, data.payload.readUInt32BE(0)], [true, 1, 3]);
  // One zlib stream over both blocks of headers, which never ends.
  const blocks = Buffer.concat([errors.payload.subarray(10), data.payload.subarray(10)]);
  const headers = inflateSync(blocks, { finishFlush: constants.Z_SYNC_FLUSH });
  const texts = [];
  for (let at = 0; at < headers.length; ) {
    const pairs = headers.readUInt32BE(at);
    at += 4;
    for (let i = 0; i < pairs * 2; i++) {
      const length = headers.readUInt32BE(at);
      texts.push(headers.toString('utf8', at + 4, at + 4 + length));
      at += 4 + length;
    }
  }
  const both = (kind: string) => ['streamtype', kind, 'port', '5672', 'requestid', '0'];
  assert.deepEqual(texts, [...both('error'), ...both('data')]);
});

test('bytes for the Pod are frames of the data stream, and so is the end of them', () => {
  const framing = spdyFraming(80);
  const [sent, end] = framesOf(Buffer.concat([framing.wrap(Buffer.from('abc')), framing.ending ?? Buffer.alloc(0)]));
  assert.deepEqual(sent, { control: false, number: 3, flags: 0, payload: Buffer.from('abc') });
  assert.deepEqual(end, { control: false, number: 3, flags: 1, payload: Buffer.alloc(0) });
});

test('what the Pod says is the same wherever the messages are cut', () => {
  const bytes = Buffer.concat([
    frame(REPLY, Buffer.concat([uint32(1), Buffer.from('headers that nobody reads')]), { control: true }),
    frame(3, 'x'.repeat(300)),
    frame(PING, uint32(2), { control: true }),
    frame(3, ''),
    frame(3, 'yz'),
    frame(1, '', { fin: true }),
    frame(3, '!', { fin: true }),
  ]);
  const whole = hear([bytes]);
  assert.deepEqual([whole.data, whole.report, whole.ends], [`${'x'.repeat(300)}yz!`, '', 1]);
  assert.deepEqual(framesOf(whole.replies[0] ?? Buffer.alloc(0)), [
    { control: true, number: PING, flags: 0, payload: uint32(2) },
  ]);
  for (let at = 1; at < bytes.length; at++) assert.deepEqual(hear([bytes.subarray(0, at), bytes.subarray(at)]), whole);
  assert.deepEqual(hear([...bytes].map(byte => Buffer.of(byte))), whole);
});

test('what was wrong is heard also when it is said after the end of the data', () => {
  const told = hear([frame(3, '', { fin: true }), frame(1, 'refused'), frame(1, '', { fin: true })]);
  assert.deepEqual([told.report, told.ends], ['refused', 1]);
  assert.equal(hear([frame(3, '', { fin: true })]).ends, 0);
});

test('a reset of the streams and the end of the whole connection are ends', () => {
  const reset = (stream: number) => frame(RESET, Buffer.concat([uint32(stream), uint32(5)]), { control: true });
  assert.equal(hear([reset(1), reset(3)]).ends, 1);
  assert.equal(hear([reset(5)]).ends, 0);
  assert.equal(hear([frame(GOAWAY, Buffer.alloc(8), { control: true })]).ends, 1);
});
