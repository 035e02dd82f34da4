import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { ConfirmChannel } from 'amqplib';
import { TEXT_PROPERTIES } from '../../../src/broker/properties.ts';
import { PublishFrames } from '../../../src/broker/publishFrames.ts';

interface Codec {
  BasicPublish: number;
  BasicProperties: number;
  encodeMethod(id: number, channel: number, fields: object): Buffer;
  encodeProperties(id: number, channel: number, size: number, fields: object): Buffer;
}

const require = createRequire(import.meta.url);
// amqplib does not export its codec; what ours has to match is what it would have sent.
const amqplib = dirname(require.resolve('amqplib'));
const codec = require(join(amqplib, 'lib/defs.js')) as Codec;
const { makeBodyFrame } = require(join(amqplib, 'lib/frame.js')) as {
  makeBodyFrame(channel: number, body: Buffer): Buffer;
};

const CHANNEL = 3;

function setUp(frameMax = 131_072, queue = 'job1') {
  const written: Buffer[] = [];
  const connection = { serverProperties: {}, frameMax, sendBytes: (bytes: Buffer) => void written.push(bytes) };
  const frames = new PublishFrames({ ch: CHANNEL, connection } as unknown as ConfirmChannel, queue);
  return { frames, written };
}

function expected(queue: string, messageId: string, body: string, frameMax = 131_072): Buffer {
  const fields = { exchange: '', routingKey: queue, mandatory: true, immediate: false, ticket: 0 };
  const properties = { contentType: 'text/plain', contentEncoding: 'utf-8', deliveryMode: 2, messageId };
  const bytes = Buffer.from(body);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += frameMax - 8) {
    pieces.push(makeBodyFrame(CHANNEL, bytes.subarray(at, at + frameMax - 8)));
  }
  return Buffer.concat([
    codec.encodeMethod(codec.BasicPublish, CHANNEL, fields),
    codec.encodeProperties(codec.BasicProperties, CHANNEL, bytes.length, properties),
    ...pieces,
  ]);
}

function bytesOf(body: string): number {
  return Buffer.byteLength(body);
}

for (const [what, body] of [
  ['a line', 'apple'],
  ['a line in other scripts', 'zażółć 苹果 🐇'],
  ['an empty message', ''],
  ['a message of exactly one frame', 'x'.repeat(4_088)],
  ['a message of several frames that cut through characters', '苹'.repeat(9_000)],
] as const) {
  test(`${what} is encoded as amqplib does`, () => {
    const { frames, written } = setUp(4_096);
    frames.add('run/1', body, bytesOf(body), TEXT_PROPERTIES);
    frames.flush();
    assert.deepEqual(Buffer.concat(written), expected('job1', 'run/1', body, 4_096));
  });
}

test('a queue and a run named in another script keep their names', () => {
  const { frames, written } = setUp(131_072, '任务');
  frames.add('跑/12', 'x', 1, TEXT_PROPERTIES);
  frames.flush();
  assert.deepEqual(Buffer.concat(written), expected('任务', '跑/12', 'x'));
});

test('many lines are few writes, and none is overwritten by the next', () => {
  const { frames, written } = setUp();
  const bodies = Array.from({ length: 5_000 }, (_, i) => `line ${i} ${'y'.repeat(i % 300)}`);
  bodies.forEach((body, i) => {
    frames.add(`run/${i}`, body, bytesOf(body), TEXT_PROPERTIES);
    if (i % 1_000 === 999) frames.flush();
  });
  assert.ok(written.length < 50, `${written.length} writes`);
  const all = bodies.map((body, i) => expected('job1', `run/${i}`, body));
  assert.deepEqual(Buffer.concat(written), Buffer.concat(all));
});

test('the bytes of a message stay as they are until it is answered, and are used again then', () => {
  const { frames } = setUp();
  const bodies = Array.from({ length: 400 }, (_, i) => `${i} `.repeat(300));
  const sent = bodies.map(body => {
    const at = frames.add('run/1', body, bytesOf(body), TEXT_PROPERTIES);
    frames.flush();
    return { body, at, chunk: frames.chunk };
  });
  const textOf = ({ at, chunk, body }: (typeof sent)[number]) => chunk.bytes.toString('utf8', at, at + bytesOf(body));
  assert.ok(sent.every(one => textOf(one) === one.body));
  const chunks = new Set(sent.map(one => one.chunk));
  assert.ok(chunks.size > 3);
  // The first chunk keeps one message without an answer, all others are answered.
  const [kept] = sent;
  for (const { chunk } of sent.slice(1)) frames.release(chunk);
  for (let n = 0; n < 2_000; n++) {
    frames.add('run/2', 'y'.repeat(500), 500, TEXT_PROPERTIES);
    frames.flush();
    chunks.add(frames.chunk);
    frames.release(frames.chunk);
    assert.notEqual(frames.chunk, kept?.chunk);
  }
  assert.ok(kept && textOf(kept) === kept.body);
  assert.ok(chunks.size < 40, `${chunks.size} chunks`);
});
