import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageCopy } from '../../../src/broker/index.ts';
import { messageFilter, valueText } from '../../../src/ui/messageFilter.ts';

const message: MessageCopy = {
  body: Buffer.from('{"fruit":"Äpfel"}'),
  fields: {
    contentType: 'application/json',
    headers: { tenant: 'acme', tries: 3, 'x-death': [{ queue: 'job1', count: 2n, raw: Buffer.from('abc') }] },
    messageId: 'r1/7',
  },
  redelivered: false,
  exchange: '',
  routingKey: 'job1',
  position: 1,
  deliveryCount: undefined,
  deaths: [],
};

const matches = (place: 'body' | 'headers', text: string) => messageFilter(place, text)(message);

test('a filter on the body looks nowhere else, in upper and lower case alike', () => {
  assert.ok(matches('body', 'äPFEL'));
  assert.ok(!matches('body', 'acme'));
});

test('a filter on the headers finds names, values and both together, in properties too', () => {
  for (const text of ['tenant', 'ACME', 'tenant: acme', 'tries: 3', 'r1/7', 'application/json', '"queue":"job1"']) {
    assert.ok(matches('headers', text), text);
  }
  assert.ok(!matches('headers', 'apfel'));
  assert.ok(!matches('headers', 'tenant: other'));
});

test('a property that is not set is not found', () => {
  const without = { ...message, fields: { ...message.fields, replyTo: undefined } } as unknown as MessageCopy;
  assert.ok(!messageFilter('headers', 'undefined')(without));
});

test('a header’s value is written in one line whatever it is', () => {
  assert.equal(valueText('a'), 'a');
  assert.equal(valueText(null), 'null');
  assert.equal(valueText(Buffer.from('é')), 'é');
  assert.equal(valueText({ a: [1, 2n, Buffer.from('x')] }), '{"a":[1,"2","x"]}');
});
