import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageFields } from '../../../src/workload/message.ts';
import { formatSaved, parseSaved } from '../../../src/workload/savedMessage.ts';
import { Random } from './random.ts';

const bytesOf = (body: string | Uint8Array | undefined) =>
  typeof body === 'string' ? new TextEncoder().encode(body) : body;

const BODIES: [string, Uint8Array][] = [
  ['a text', new TextEncoder().encode('apple')],
  ['an empty body', new Uint8Array()],
  ['several lines', new TextEncoder().encode('a\r\nb\u2028c\n')],
  ['a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, 0x61])],
  ['NULs and quotes', new TextEncoder().encode('\0"\\\u0001')],
  ['bytes that are no text', new Uint8Array([0xff, 0x00, 0xfe])],
  ['a cut character', new Uint8Array([0xf0, 0x9f, 0x98])],
  ['half an emoji as UTF-8', new Uint8Array([0xed, 0xa0, 0xbd])],
  ['an emoji', new TextEncoder().encode('😀')],
  ['a view into other bytes', new Uint8Array([1, 255, 2]).subarray(1, 2)],
];
for (const [name, body] of BODIES) {
  test(`${name} comes back byte for byte, from one line`, () => {
    const line = formatSaved({ body, fields: {} });
    assert.ok(!/[\r\n]/.test(line));
    assert.deepEqual(bytesOf(parseSaved(line)?.body), new Uint8Array(body));
  });
}

const FIELDS: [string, MessageFields][] = [
  [
    'all properties',
    {
      contentType: 'application/json',
      contentEncoding: 'gzip',
      correlationId: 'c',
      replyTo: 'r',
      expiration: '60000',
      messageId: 'run/1',
      timestamp: 1_700_000_000,
      type: 't',
      appId: 'a',
      priority: 9,
    },
  ],
  ['headers in headers', { headers: { a: { b: [1, 'x', null, true, { c: 1.5 }] } } }],
  ['bytes in headers', { headers: { raw: new Uint8Array([0, 255]), list: [new Uint8Array([1])] } }],
  ['headers whose names look like ours', { headers: { $base64: 'no', $$base64: 1, $x: { $base64: 3 } } }],
  ['a header named __proto__', { headers: JSON.parse('{"__proto__":{"polluted":1}}') }],
  ['a timestamp as amqplib gives it', { headers: { at: { '!': 'timestamp', value: 1 } } }],
  ['no headers', { headers: {} }],
];
for (const [name, fields] of FIELDS) {
  test(`${name} come back as they were`, () => {
    const saved = parseSaved(formatSaved({ body: new Uint8Array(), fields }));
    assert.deepEqual(saved?.fields, fields);
    assert.equal(Object.getPrototypeOf(saved?.fields.headers ?? {}), Object.prototype);
  });
}

test('properties that are not there are not written', () => {
  const line = formatSaved({ body: new Uint8Array(), fields: { type: undefined, headers: undefined } });
  assert.equal(line, '{"body":""}');
});

const NONE: [string, string][] = [
  ['no JSON', 'apple'],
  ['a text', '"a"'],
  ['an array', '[{"body":"a"}]'],
  ['null', 'null'],
  ['an object without a body', '{"type":"a"}'],
  ['a body that is a number', '{"body":1}'],
  ['two bodies', '{"body":"a","bodyBase64":""}'],
  ['half an emoji as the body', '{"body":"\\ud83d"}'],
  ['base64 that is none', '{"bodyBase64":"a"}'],
  ['base64 with a space', '{"bodyBase64":"AA =="}'],
  ['a priority that is a text', '{"body":"a","priority":"1"}'],
  ['a type that is a number', '{"body":"a","type":1}'],
  ['JSON lines of somebody else', '{"body":"a","title":"b"}'],
  ['headers that are a list', '{"body":"a","headers":[]}'],
];
for (const [name, line] of NONE) test(`${name} is no saved message`, () => assert.equal(parseSaved(line), undefined));

test('any bytes come back', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = new Random(seed);
    const body = Uint8Array.from({ length: random.int(0, 20) }, () => random.int(0, 255));
    assert.deepEqual(bytesOf(parseSaved(formatSaved({ body, fields: {} }))?.body), body, `seed ${seed}`);
  }
});
