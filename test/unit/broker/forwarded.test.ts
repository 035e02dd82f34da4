import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { forwarded } from '../../../src/broker/forwarded.ts';

interface Codec {
  BasicProperties: number;
  encodeProperties(id: number, channel: number, size: number, fields: object): Buffer;
}

const require = createRequire(import.meta.url);
// amqplib does not export its codec.
const codec = require(join(dirname(require.resolve('amqplib')), 'lib/defs.js')) as Codec;

/** The flags and properties as they stand in a content header. */
function raw(properties: object): Buffer {
  const frame = codec.encodeProperties(codec.BasicProperties, 1, 0, properties);
  return frame.subarray(7 + 12, frame.length - 1);
}

const none = () => false;
const all = {
  contentType: 'text/plain',
  contentEncoding: 'utf-8',
  headers: { a: 1 },
  deliveryMode: 2,
  priority: 9,
  correlationId: 'c',
  replyTo: 'r',
  expiration: '1000',
  messageId: 'm',
  timestamp: 1_700_000_000,
  type: 't',
  userId: 'ann',
  appId: 'app',
  clusterId: 'cluster',
};

test('properties are published again as they came', () => {
  assert.deepEqual(forwarded(raw(all), 'ann', none), raw(all));
  assert.deepEqual(forwarded(raw({ deliveryMode: 2 }), 'ann', none), raw({ deliveryMode: 2 }));
});

test('a message becomes persistent', () => {
  assert.deepEqual(forwarded(raw({}), 'ann', none), raw({ deliveryMode: 2 }));
  assert.deepEqual(forwarded(raw({ ...all, deliveryMode: 1 }), 'ann', none), raw(all));
});

test('the user id of somebody else goes', () => {
  assert.deepEqual(forwarded(raw(all), 'bob', none), raw({ ...all, userId: undefined }));
});

test('headers of every type stay byte for byte when another one goes', () => {
  const headers = {
    drop1: { nested: [1] },
    int8: { '!': 'int8', value: -1 },
    uint8: { '!': 'uint8', value: 255 },
    int16: { '!': 'int16', value: -300 },
    uint16: { '!': 'uint16', value: 65_535 },
    int32: { '!': 'int32', value: 5 },
    uint32: { '!': 'uint32', value: 4_294_967_295 },
    int64: { '!': 'int64', value: 9_007_199_254_740_993n },
    float: { '!': 'float', value: 0.5 },
    double: { '!': 'double', value: 2 },
    decimal: { '!': 'decimal', value: { places: 2, digits: 1999 } },
    timestamp: { '!': 'timestamp', value: 1 },
    bool: true,
    nothing: null,
    text: 'ü'.repeat(300),
    bytes: Buffer.from([0xff, 0x00]),
    table: { deep: { deeper: [null, { x: 'y' }] } },
    list: ['a', 1, false],
    drop2: 'x',
  };
  const { drop1, drop2, ...kept } = headers;
  assert.ok(drop1 && drop2);
  assert.deepEqual(
    forwarded(raw({ headers, deliveryMode: 2 }), 'ann', header => header.startsWith('drop')),
    raw({ headers: kept, deliveryMode: 2 }),
  );
});

test('text that is not UTF-8 stays as it is', () => {
  const properties = raw({ headers: { name: 'abc', other: 1 }, deliveryMode: 2 });
  const at = properties.indexOf('abc');
  properties[at] = 0xe9;
  assert.deepEqual(
    forwarded(properties, 'ann', header => header === 'none'),
    properties,
  );
});

test('what is not known of the protocol is not guessed', () => {
  const unknownType = raw({ headers: { a: true }, deliveryMode: 2 });
  unknownType[unknownType.indexOf('t', 5)] = 'Z'.charCodeAt(0);
  assert.throws(() => forwarded(unknownType, 'ann', none), /unknown type Z/);
  const moreFlags = raw(all);
  moreFlags.writeUInt8(moreFlags.readUInt8(1) | 1, 1);
  assert.throws(() => forwarded(moreFlags, 'ann', none), /unknown properties/);
});
