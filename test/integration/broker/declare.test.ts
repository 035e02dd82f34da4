import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect as amqpConnect } from 'amqplib';
import {
  type Broker,
  BrokerError,
  connect,
  type QueueDefinition,
  type QueueDifference,
  queueDetails,
} from '../../../src/broker/index.ts';
import { type BrokerAddress, formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { address, managementPort, newQueueName, newVhost, purpose } from './labBroker.ts';

async function opened(as: BrokerAddress = address): Promise<Broker & AsyncDisposable> {
  const broker = await connect({ address: as, purpose });
  return Object.assign(broker, { [Symbol.asyncDispose]: () => broker.close() });
}

const code = (wanted: string) => (error: unknown) => error instanceof BrokerError && error.code === wanted;

test('a queue has the type and the arguments that it was made with, and is found the same again', async () => {
  await using broker = await opened();
  for (const definition of [
    {},
    { type: 'classic' },
    {
      type: 'quorum',
      arguments: { 'x-delivery-limit': 5, 'x-dead-letter-exchange': '', 'x-overflow': 'reject-publish' },
    },
    { arguments: { 'x-message-ttl': 86_400_000, 'x-max-length': 0, 'x-single-active-consumer': true } },
  ] as QueueDefinition[]) {
    const queue = newQueueName();
    await broker.declare(queue, definition);
    await broker.declare(queue, definition);
    const details = await queueDetails({ address, managementPort, queue });
    const type = definition.type ?? 'classic';
    assert.deepEqual(
      [details.type, details.durable, details.exclusive, details.autoDelete],
      [type, true, false, false],
    );
    assert.deepEqual(details.arguments, { ...definition.arguments, 'x-queue-type': type });
  }
});

test('a classic queue asked for without a type and with it is the same, as for amqp-tools', async () => {
  await using broker = await opened();
  const [without, with_] = [newQueueName(), newQueueName()];
  await broker.declare(without);
  await broker.declare(without, { type: 'classic' });
  await broker.declare(with_, { type: 'classic' });
  await broker.declare(with_);
});

test('classic is classic also in a vhost whose queues are quorum queues by default', async () => {
  const vhost = `quorum by default ${process.pid}`;
  await newVhost(vhost, { default_queue_type: 'quorum' });
  const there = { ...address, vhost };
  await using broker = await opened(there);
  await broker.declare('classic', { type: 'classic' });
  await broker.declare('any');
  const typeOf = async (queue: string) => (await queueDetails({ address: there, managementPort, queue })).type;
  assert.deepEqual([await typeOf('classic'), await typeOf('any')], ['classic', 'quorum']);
});

const TTL = 'x-message-ttl';
for (const [what, has, wants, difference] of [
  ['type', {}, { type: 'quorum' }, { argument: 'x-queue-type', wanted: 'quorum', found: 'classic' }],
  ['value', { arguments: { [TTL]: 5000 } }, { arguments: { [TTL]: 6000 } }, { wanted: '6000', found: '5000' }],
  ['argument that it lacks', {}, { arguments: { [TTL]: 5000 } }, { wanted: '5000', found: undefined }],
  ['argument that was not asked for', { arguments: { [TTL]: 5000 } }, {}, { wanted: undefined, found: '5000' }],
  [
    'text with quotes',
    { arguments: { 'x-dead-letter-exchange': '' } },
    { arguments: { 'x-dead-letter-exchange': "a' of type 'b" } },
    { argument: 'x-dead-letter-exchange', wanted: "a' of type 'b", found: '' },
  ],
] as [string, QueueDefinition, QueueDefinition, Partial<QueueDifference>][]) {
  test(`a queue with another ${what} is told by it, and the connection stays`, async () => {
    await using broker = await opened();
    const queue = newQueueName("it's ");
    await broker.declare(queue, has);
    await assert.rejects(broker.declare(queue, wants), (error: unknown) => {
      assert.ok(error instanceof BrokerError);
      assert.equal(error.code, 'queue-differs');
      assert.deepEqual(error.difference, { argument: TTL, ...difference });
      return true;
    });
    assert.deepEqual(await broker.depth(queue), { ready: 0, consumers: 0 });
  });
}

test('a queue that does not outlive its broker differs by that', async t => {
  const owner = await amqpConnect(formatBrokerUrl(address));
  t.after(() => owner.close());
  const queue = newQueueName();
  await (await owner.createChannel()).assertQueue(queue, { durable: false });
  await using broker = await opened();
  await assert.rejects(broker.declare(queue), (error: unknown) => {
    assert.ok(error instanceof BrokerError);
    assert.deepEqual(error.difference, { argument: 'durable', wanted: 'true', found: 'false' });
    return true;
  });
});

test('what differs is not guessed at when the broker cuts its words off', async () => {
  await using broker = await opened();
  // 255 bytes are left for all of it; some of these end within what was found.
  for (let bytes = 85; bytes < 160; bytes += 3) {
    const queue = newQueueName('q'.repeat(bytes));
    await broker.declare(queue);
    await assert.rejects(broker.declare(queue, { type: 'quorum' }), (error: unknown) => {
      assert.ok(error instanceof BrokerError);
      assert.equal(error.code, 'queue-differs');
      const { difference } = error;
      if (difference) assert.deepEqual(difference, { argument: 'x-queue-type', wanted: 'quorum', found: 'classic' });
      return true;
    });
  }
});

test('arguments that no queue can have are not taken for another queue', async () => {
  await using broker = await opened();
  const queue = newQueueName();
  for (const definition of [
    { arguments: { 'x-expires': 0 } },
    { arguments: { 'x-overflow': 'sideways' } },
    { type: 'quorum', arguments: { 'x-max-priority': 3 } },
  ] as QueueDefinition[]) {
    await assert.rejects(broker.declare(queue, definition), code('other'));
  }
  assert.equal(await broker.depth(queue), undefined);
});

test('declaring can be cancelled', async () => {
  await using broker = await opened();
  await assert.rejects(broker.declare(newQueueName(), {}, AbortSignal.abort()), code('cancelled'));
});
