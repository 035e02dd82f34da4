import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { encodeFieldTable } from '../../../src/broker/fieldTable.ts';
import { encodeProperties } from '../../../src/broker/properties.ts';
import type { MessageFields } from '../../../src/workload/message.ts';

const require = createRequire(import.meta.url);
// amqplib does not export its codec; what ours writes has to be what it reads.
const amqplib = dirname(require.resolve('amqplib'));
const { decodeFields } = require(join(amqplib, 'lib/codec.js')) as { decodeFields(bytes: Buffer): unknown };
const { BasicProperties, encodeProperties: encodeHeader } = require(join(amqplib, 'lib/defs.js')) as {
  BasicProperties: number;
  encodeProperties(id: number, channel: number, size: number, fields: object): Buffer;
};

/** Ours with the id put in, and amqplib's without the 19 bytes before the flags and the end mark. */
function compare(fields: MessageFields): void {
  const ours = encodeProperties(fields);
  assert.ok(ours);
  const theirs = encodeHeader(BasicProperties, 1, 0, { ...fields, deliveryMode: 2, messageId: 'run/1' });
  const id = Buffer.concat([Buffer.of(5), Buffer.from('run/1')]);
  assert.deepEqual(Buffer.concat([ours.before, id, ours.after]), theirs.subarray(19, -1));
}

test('properties are encoded as amqplib does, whichever there are', () => {
  const all: MessageFields = {
    contentType: 'application/json',
    contentEncoding: 'gzip',
    correlationId: 'c-1',
    replyTo: 'odpowiedzi-ż',
    expiration: '60000',
    timestamp: 1_764_000_000,
    type: 'order',
    appId: '应用',
    priority: 9,
  };
  compare(all);
  compare({});
  const names = Object.keys(all) as (keyof MessageFields)[];
  for (const name of names) compare({ [name]: all[name] });
  for (const name of names) compare({ ...all, [name]: undefined });
  compare({ headers: { worker: 'a', 'x-opt': 'żółw', flag: true, none: null } });
});

test('the headers that a broker gives are read again as they were', () => {
  const headers = {
    'x-death': [
      {
        count: 3,
        reason: 'rejected',
        queue: 'job1',
        time: { '!': 'timestamp', value: 1_764_000_000 },
        exchange: '',
        'routing-keys': ['job1', '任务'],
      },
    ],
    'x-first-death-reason': 'rejected',
    price: { '!': 'decimal', value: { places: 2, digits: 1_999 } },
    numbers: [0, -1, 127, 128, -40_000, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 52, 0.5, -1e300],
    bytes: Buffer.from([0, 255, 10]),
    flags: [true, false, null],
    empty: {},
  };
  const encoded = encodeFieldTable(headers);
  assert.ok(encoded);
  assert.equal(encoded.readUInt32BE(0), encoded.length - 4);
  assert.deepEqual(decodeFields(encoded.subarray(4)), headers);
});

test('a field that is not there is left out of the headers', () => {
  assert.deepEqual(decodeFields(encodeFieldTable({ a: undefined, b: 1 })?.subarray(4) ?? Buffer.alloc(0)), { b: 1 });
});

test('headers that AMQP has no form for are refused instead of sent as something else', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const list: unknown[] = [];
  list.push(list);
  for (const value of [
    () => 1,
    Symbol('x'),
    2n ** 64n,
    circle,
    list,
    { '!': 'timestamp', value: 'soon' },
    { '!': 'x', value: 1 },
  ]) {
    assert.equal(encodeFieldTable({ value }), undefined);
  }
  assert.equal(encodeFieldTable({ ['n'.repeat(256)]: 1 }), undefined);
});

for (const [what, fields] of [
  ['a priority that is no byte', { priority: 256 }],
  ['a time before 1970', { timestamp: -1 }],
  ['a time of half a second', { timestamp: 0.5 }],
  ['an expiration in words', { expiration: 'tomorrow' }],
  ['an expiration of more than 32 bits', { expiration: '4294967296' }],
  ['a type longer than 255 bytes', { type: 'ż'.repeat(128) }],
  ['headers without a form', { headers: { f: () => 1 } }],
] as [string, MessageFields][]) {
  test(`${what} is refused before the broker closes the channel over it`, () => {
    assert.equal(encodeProperties(fields), undefined);
  });
}
