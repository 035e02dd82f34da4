import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageCopy } from '../../../src/broker/index.ts';

const { bodyDocument, messageRow, propertiesDocument } = await import('../../../src/ui/messageDocuments.ts');

const at = new Date(2026, 2, 1, 13, 5, 0).getTime();
const broker = 'amqp://guest@rabbitmq-service:5672';

const message = (body: string | Uint8Array, more: Partial<MessageCopy> = {}): MessageCopy => ({
  body: typeof body === 'string' ? Buffer.from(body) : body,
  fields: {},
  redelivered: false,
  exchange: '',
  routingKey: 'job1',
  position: 3,
  deliveryCount: undefined,
  deaths: [],
  ...more,
});

test('a body is opened in the language of its content, whatever its content type says', () => {
  const json = bodyDocument(message('{"a":1}', { fields: { contentType: 'text/plain' } }), 'job1');
  assert.deepEqual(json, { name: 'job1 message 3.json', text: '{\n  "a": 1\n}' });
  assert.equal(bodyDocument(message('<a><b/></a>'), 'job1').name, 'job1 message 3.xml');
  assert.equal(bodyDocument(message('a: 1\nb: 2\n'), 'job1').name, 'job1 message 3.yaml');
  assert.deepEqual(bodyDocument(message('apple'), 'job1'), { name: 'job1 message 3.txt', text: 'apple' });
  assert.match(bodyDocument(message(Buffer.from([0, 255])), 'job1').text, /00 ff/);
});

test('a queue’s name cannot lead the document elsewhere', () => {
  assert.equal(bodyDocument(message('x'), '../a/b\\c').name, '.._a_b_c message 3.txt');
});

test('all that a message has besides its body stands on one page', () => {
  const full = message('{"a":1}', {
    fields: {
      contentType: 'application/json',
      headers: { tenant: 'acme', nested: { a: [1, 2] } },
      messageId: 'r1/7',
      timestamp: 1_700_000_000,
      replyTo: undefined as never,
    },
    redelivered: true,
    deliveryCount: 2,
    deaths: [{ queue: 'job1', reason: 'rejected', count: 2 }],
    exchange: 'fruit',
  });
  assert.deepEqual(propertiesDocument(full, { queue: 'job1', broker, at, now: at }), {
    name: 'job1 message 3 properties.txt',
    text: `Message 3 of queue job1
  Broker            amqp://guest@rabbitmq-service:5672
  Read at           13:05:00
  Size              7 B
  Body              JSON
  Exchange          fruit
  Routing key       job1
  Redelivered       yes, before this look
  Delivered before  2

Properties
  contentType  application/json
  messageId    r1/7
  timestamp    1700000000 (2023-11-14T22:13:20.000Z)

Headers
  tenant  acme
  nested  {"a":[1,2]}

Dead-lettered
  job1  rejected, ×2
`,
  });
});

test('a timestamp that is no time and a header with control characters do no harm', () => {
  const odd = message('x', { fields: { timestamp: 1e300, headers: { 'a\u001b[2J': 'b\n  Broker  fake\u202E' } } });
  const { text } = propertiesDocument(odd, { queue: 'job1', broker, at, now: at });
  assert.match(text, /timestamp +1e\+300\n/);
  assert.match(text, /\n {2}a {2}b Broker fake\n/);
});

test('a row says what a body begins with and what is special about the message', () => {
  const died = message('{"a":\n1}', {
    fields: { contentType: 'application/json' },
    redelivered: true,
    deaths: [{ queue: 'job0', reason: 'expired', count: 1 }],
  });
  assert.deepEqual(messageRow(died), {
    label: '3  {"a": 1}',
    description: '8 B, application/json, redelivered, from job0 (expired)',
  });
  assert.equal(messageRow(message('')).label, '3  (empty)');
  assert.equal(messageRow(message(Buffer.from([0, 1]))).label, '3  binary');
});

test('a long text is no binary only because its row ends within a character', () => {
  for (const begin of ['', 'a', 'ab', 'abc']) {
    assert.match(messageRow(message(begin + '🍎'.repeat(1000))).label, /🍎…$/u);
  }
});
