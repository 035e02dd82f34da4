import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { connect as amqpConnect, type ChannelModel } from 'amqplib';
import { BrokerError, connect, publish, queueDetails } from '../../../src/broker/index.ts';
import { formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { until } from '../../lab/until.ts';
import { address, manage, managementPort, newQueueName, newUser, newVhost, purpose } from './labBroker.ts';

const details = (queue: string, as = address) => queueDetails({ address: as, managementPort, queue });
/** The broker's sample is of every 5 s. */
const SAMPLED = { timeoutMs: 15_000, intervalMs: 250 };

async function fill(queue: string, count: number, as = address): Promise<void> {
  const items = Array.from({ length: count }, (_, i) => ({ body: 'x'.repeat(10), line: i + 1 }));
  assert.equal((await publish({ address: as, purpose, queue, items, runId: 'fill' })).confirmed, count);
}

async function worker(queue: string, o: { prefetch: number; noAck?: boolean; name?: string }): Promise<ChannelModel> {
  const connection = await amqpConnect(formatBrokerUrl(address), { clientProperties: { connection_name: o.name } });
  after(() => connection.close());
  const channel = await connection.createChannel();
  await channel.prefetch(o.prefetch);
  await channel.consume(queue, () => undefined, { noAck: o.noAck ?? false });
  return connection;
}

test('where dead letters go is followed to the queue', async () => {
  const vhost = `dead letters/${process.pid}`;
  await newVhost(vhost);
  const there = { ...address, vhost };
  const owner = await amqpConnect(formatBrokerUrl(there));
  const channel = await owner.createChannel();
  for (const type of ['direct', 'fanout', 'topic'] as const) {
    await channel.assertExchange(type, type);
    for (const queue of ['d1', 'd2']) {
      await channel.assertQueue(queue);
      await channel.bindQueue(queue, type, queue);
    }
  }
  await channel.assertExchange('one way', 'fanout');
  await channel.bindQueue('d2', 'one way', '');
  await channel.assertQueue('own-name-1');
  await channel.bindQueue('d1', 'direct', 'to d1');
  await channel.bindQueue('d2', 'direct', 'direct without key');
  await owner.close();
  const broker = await connect({ address: there, purpose });
  for (const [name, exchange, key, queue] of [
    ['default exchange', '', 'd1', 'd1'],
    ['default exchange without key', '', undefined, 'default exchange without key'],
    ['direct', 'direct', 'to d1', 'd1'],
    ['direct without key', 'direct', undefined, 'd2'],
    ['direct to nowhere', 'direct', 'nobody', undefined],
    ['fanout', 'fanout', undefined, undefined],
    ['fanout to one', 'one way', 'any', 'd2'],
    ['topic', 'topic', 'd1', undefined],
    ['missing exchange', 'none', undefined, undefined],
  ] as const) {
    await broker.declare(name, {
      arguments: { 'x-dead-letter-exchange': exchange, ...(key ? { 'x-dead-letter-routing-key': key } : {}) },
    });
    assert.deepEqual((await details(name, there)).deadLetter, { exchange, routingKey: key, queue }, name);
  }
  await broker.declare('none');
  assert.equal((await details('none', there)).deadLetter, undefined);
  await broker.close();
});

test('a queue that is missing is named so', async () => {
  await assert.rejects(details('never-declared'), (error: unknown) => {
    assert.ok(error instanceof BrokerError);
    assert.equal(error.code, 'queue-missing');
    assert.match(error.detail, /never-declared/);
    return true;
  });
});

// Most of their time is waiting for the broker's samples.
describe('once the broker has a sample of it', { concurrency: true }, () => {
  test('a queue is described with who consumes it, its rates and what is in it', async () => {
    const broker = await connect({ address, purpose });
    const queue = newQueueName('a/b?c#d%25 ü');
    await broker.declare(queue, { type: 'quorum', arguments: { 'x-delivery-limit': 7 } });
    await broker.close();
    await worker(queue, { prefetch: 3, name: `${purpose} ü` });
    await fill(queue, 8);
    // Of now, although the broker has no sample of this queue yet.
    await until('the worker has its share', async () => (await details(queue)).unacked === 3, SAMPLED);
    assert.equal((await details(queue)).ready, 5);
    await until(
      'the consumer and the rate are there',
      async () => {
        await fill(queue, 1);
        const { consumers, rates } = await details(queue);
        return consumers.length === 1 && (rates.publish ?? 0) > 0;
      },
      SAMPLED,
    );
    const known = await details(queue);
    assert.deepEqual(
      [known.type, known.durable, known.exclusive, known.autoDelete, known.state, known.deliveryLimit],
      ['quorum', true, false, false, 'running', 7],
    );
    assert.deepEqual(known.arguments, { 'x-queue-type': 'quorum', 'x-delivery-limit': 7 });
    assert.ok(known.leader !== undefined);
    assert.deepEqual([known.members, known.online, known.node], [[known.leader], [known.leader], known.leader]);
    const [consumer] = known.consumers;
    assert.ok(consumer);
    assert.match(consumer.peer ?? '', /^[\d.]+:\d+$/);
    assert.ok(consumer.connection.startsWith(`${consumer.peer} -> `));
    assert.deepEqual(
      [consumer.connectionName, consumer.user, consumer.prefetch, consumer.ackRequired, consumer.active],
      [`${purpose} ü`, address.user, 3, true, true],
    );
  });

  test('a worker that does not acknowledge, and one whose turn has not come, are marked', async () => {
    const broker = await connect({ address, purpose });
    const queue = newQueueName();
    await broker.declare(queue, { arguments: { 'x-single-active-consumer': true } });
    await broker.close();
    await worker(queue, { prefetch: 1, noAck: true });
    await worker(queue, { prefetch: 2 });
    await until('both are there', async () => (await details(queue)).consumers.length === 2, SAMPLED);
    const known = (await details(queue)).consumers.sort((a, b) => a.prefetch - b.prefetch);
    assert.deepEqual(
      known.map(consumer => [consumer.ackRequired, consumer.active, consumer.connectionName]),
      [
        [false, true, undefined],
        [true, false, undefined],
      ],
    );
  });

  test('what policies define for a queue is told beside its own arguments', async () => {
    const vhost = `policies/${process.pid}`;
    await newVhost(vhost);
    const there = { ...address, vhost };
    const policy = { pattern: '^q$', 'apply-to': 'all' };
    const path = encodeURIComponent(vhost);
    await manage('PUT', `policies/${path}/ours`, {
      ...policy,
      definition: { 'dead-letter-exchange': '', 'dead-letter-routing-key': 'dead', 'delivery-limit': 9 },
    });
    await manage('PUT', `operator-policies/${path}/theirs`, { ...policy, definition: { 'max-length': 100 } });
    const broker = await connect({ address: there, purpose });
    await broker.declare('q', { type: 'quorum', arguments: { 'x-delivery-limit': 12 } });
    await broker.close();
    await until('the broker has a sample', async () => (await details('q', there)).policy !== undefined, SAMPLED);
    const known = await details('q', there);
    assert.deepEqual([known.policy, known.operatorPolicy, known.deliveryLimit], ['ours', 'theirs', 9]);
    assert.deepEqual([known.effectivePolicy['max-length'], known.effectivePolicy['delivery-limit']], [100, 9]);
    assert.deepEqual(known.deadLetter, { exchange: '', routingKey: 'dead', queue: 'dead' });
  });

  test('a user who may see no connections sees the queue without their names', async () => {
    const queue = newQueueName();
    const broker = await connect({ address, purpose });
    await broker.declare(queue);
    await broker.close();
    await worker(queue, { prefetch: 1, name: 'a name' });
    const named = async () => (await details(queue)).consumers[0]?.connectionName === 'a name';
    await until('the administrator sees the name', named, SAMPLED);
    const user = await newUser('p', { configure: '', write: '', read: '' }, '/', { tags: 'management' });
    const [consumer] = (await details(queue, user)).consumers;
    assert.equal(consumer?.connectionName, undefined);
    assert.ok(consumer?.peer !== undefined);
  });
});
