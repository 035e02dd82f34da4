import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect as amqpConnect } from 'amqplib';
import { BrokerError, peek } from '../../../src/broker/index.ts';
import { formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { until } from '../../lab/until.ts';
import { address, newQueueName, newUser, purpose } from './labBroker.ts';
import { filled, numbered, ready, rejectAll, TYPES, takeOut, takeOutBodies, typeArgs, untilReady } from './messages.ts';
import { wireTo } from './wire.ts';

const to = { address, purpose };
const code = (wanted: string) => (error: unknown) => error instanceof BrokerError && error.code === wanted;
const text = (message: { body: Uint8Array }) => Buffer.from(message.body).toString();

for (const type of TYPES) {
  test(`looking into a ${type} queue leaves every message in its place and marks those that were looked at`, async () => {
    const queue = await filled(numbered(30), { args: typeArgs(type) });
    const { messages, more } = await peek({ ...to, queue, count: 25 });
    assert.deepEqual(messages.map(text), numbered(25));
    assert.deepEqual(
      messages.map(message => message.position),
      Array.from({ length: 25 }, (_, i) => i + 1),
    );
    assert.equal(more, 5);
    assert.ok(messages.every(message => !message.redelivered && message.deliveryCount === undefined));
    const again = await peek({ ...to, queue, count: 25, from: 24 });
    assert.deepEqual(again.messages.map(text), numbered(30).slice(23));
    assert.equal(again.more, 0);
    assert.deepEqual(
      again.messages.map(message => [message.position, message.redelivered, message.deliveryCount]),
      [24, 25, 26, 27, 28, 29, 30].map(i => [i, i <= 25, type === 'quorum' && i <= 25 ? 1 : undefined]),
    );
    assert.deepEqual(await takeOutBodies(queue, 30), numbered(30));
  });

  test(`looking into a ${type} queue can be given up in the middle, and the queue is as it was`, async () => {
    const queue = await filled(numbered(3_000), { args: typeArgs(type) });
    const cancel = new AbortController();
    const looking = peek({ ...to, queue, count: 3_000, signal: cancel.signal });
    const given = assert.rejects(looking, code('cancelled'));
    await until('some are held', async () => (await ready(queue)) < 2_900, { timeoutMs: 10_000, intervalMs: 20 });
    cancel.abort();
    await given;
    assert.deepEqual(await takeOutBodies(queue, 3_000), numbered(3_000));
  });

  test(`a ${type} queue has all its messages when the connection is lost while they are looked at`, async () => {
    const queue = await filled(numbered(3_000), { args: typeArgs(type) });
    await using wire = await wireTo(address);
    const lost = assert.rejects(peek({ ...to, address: wire.address, queue, count: 3_000 }), code('closed'));
    await until('some are held', async () => (await ready(queue)) < 2_900, { timeoutMs: 10_000, intervalMs: 20 });
    wire.cut();
    await lost;
    const bodies = await takeOutBodies(queue, 3_000);
    // A quorum queue puts them back in another order.
    if (type === 'classic') assert.deepEqual(bodies, numbered(3_000));
    else assert.deepEqual(new Set(bodies), new Set(numbered(3_000)));
  });

  test(`large messages behind small ones in a ${type} queue do not fill the memory, and none is passed over`, async () => {
    const bodies = Array.from({ length: 24 }, (_, i) => (i < 9 ? Buffer.from([i]) : Buffer.alloc(4 * 2 ** 20, i)));
    const queue = await filled(bodies, { args: typeArgs(type) });
    const some = await peek({ ...to, queue, count: 24, maxBytes: 20 * 2 ** 20 });
    assert.deepEqual([some.messages.length, some.more], [14, 10]);
    const all = await peek({ ...to, queue, count: 24 });
    assert.ok(all.messages.every((message, i) => bodies[i]?.equals(message.body)));
    assert.equal(all.messages.length, 24);
    assert.deepEqual(
      (await takeOut(queue, 24)).map(message => message.content[0]),
      bodies.map(body => body[0]),
    );
  });
}

test('an empty queue shows nothing', async () => {
  const queue = await filled([]);
  assert.deepEqual(await peek({ ...to, queue, count: 10 }), { messages: [], more: 0 });
});

test('looking at large messages ends when there are enough bytes', async () => {
  const queue = await filled(Array.from({ length: 5 }, () => Buffer.alloc(2 ** 20)));
  const { messages, more } = await peek({ ...to, queue, count: 5, maxBytes: 1.5 * 2 ** 20 });
  assert.deepEqual([messages.length, more], [2, 3]);
  await untilReady(queue, 5);
});

test('a message is shown with its bytes, its properties and where it was published to', async () => {
  const body = Buffer.from([0, 255, 13, 10, 0xc3]);
  const given = {
    contentType: 'application/json',
    contentEncoding: 'gzip',
    headers: { try: 3, nested: { list: [true, null, 'ü'] } },
    correlationId: 'c',
    replyTo: 'r',
    expiration: '600000',
    messageId: 'run/7',
    timestamp: 1_700_000_000,
    type: 't',
    appId: 'a',
    priority: 4,
  };
  const queue = await filled([body, 'bare'], { properties: i => (i === 0 ? given : {}) });
  const [message, bare] = (await peek({ ...to, queue, count: 2 })).messages;
  assert.deepEqual(Buffer.from(message?.body ?? []), body);
  assert.deepEqual(message?.fields, given);
  assert.deepEqual([message?.exchange, message?.routingKey], ['', queue]);
  assert.deepEqual(bare?.fields, {});
});

test('a dead letter tells where it died, how often and why', async () => {
  const dead = await filled([]);
  const args = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': dead };
  const queue = await filled(['x'], { args });
  await rejectAll(queue);
  await untilReady(dead, 1);
  const [message] = (await peek({ ...to, queue: dead, count: 1 })).messages;
  assert.deepEqual(message?.deaths, [{ queue, reason: 'rejected', count: 1 }]);
});

test('a queue that is missing, that is another’s or that may not be read says so', async t => {
  await assert.rejects(peek({ ...to, queue: newQueueName(), count: 1 }), code('queue-missing'));
  const owner = await amqpConnect(formatBrokerUrl(address));
  t.after(() => owner.close());
  const { queue } = await (await owner.createChannel()).assertQueue('', { exclusive: true });
  await assert.rejects(peek({ ...to, queue, count: 1 }), code('queue-in-use'));
  const user = await newUser('p', { configure: '', write: '', read: '^$' });
  await assert.rejects(peek({ ...to, address: user, queue: await filled(['x']), count: 1 }), code('no-permission'));
});
