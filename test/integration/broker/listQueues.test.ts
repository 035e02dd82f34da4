import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect as amqp } from 'amqplib';
import { BrokerError, type BrokerErrorCode, connect, listQueues, publish } from '../../../src/broker/index.ts';
import { formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { until } from '../../lab/until.ts';
import { address, managementPort, newUser, newVhost, purpose } from './labBroker.ts';

const code = (wanted: BrokerErrorCode) => (error: unknown) => error instanceof BrokerError && error.code === wanted;

test('a vhost’s queues are listed with what is ready, and those of other vhosts are not', async () => {
  const vhost = `list/${process.pid}`;
  await newVhost(vhost);
  const there = { ...address, vhost };
  assert.deepEqual(await listQueues({ address: there, managementPort }), []);
  const broker = await connect({ address: there, purpose });
  await broker.declare('b');
  await broker.declare('a', { type: 'quorum' });
  await publish({ address: there, purpose, queue: 'b', items: [{ body: 'x', line: 1 }], runId: 'r' });
  await broker.close();
  const listed = async () => await listQueues({ address: there, managementPort });
  await until('the figures are there', async () => (await listed())[1]?.ready === 1, { timeoutMs: 15_000 });
  const [a, b] = await listed();
  assert.deepEqual([a?.name, a?.type, a?.durable], ['a', 'quorum', true]);
  assert.deepEqual(b, { name: 'b', type: 'classic', durable: true, ready: 1, unacked: 0, consumers: undefined });
});

test('more queues than a page holds are all listed, and found by a part of their name', async () => {
  const vhost = `pages/${process.pid}`;
  await newVhost(vhost);
  const broker = await connect({ address: { ...address, vhost }, purpose });
  const names = Array.from({ length: 510 }, (_, i) => `q${String(i).padStart(3, '0')}`);
  for (let at = 0; at < names.length; at += 30) {
    await Promise.all(names.slice(at, at + 30).map(name => broker.declare(name)));
  }
  await broker.close();
  const listed = await listQueues({ address: { ...address, vhost }, managementPort });
  assert.deepEqual(
    listed.map(queue => queue.name),
    names,
  );
  const found = async (name: string) =>
    (await listQueues({ address: { ...address, vhost }, managementPort, name })).map(queue => queue.name);
  assert.deepEqual(await found('Q00'), names.slice(0, 10));
  assert.deepEqual(await found('q'), names);
  assert.deepEqual(await found('q.'), []);
});

test('what a connection has for itself under a name of the broker’s is not listed', async () => {
  const vhost = `own/${process.pid}`;
  await newVhost(vhost);
  const there = { ...address, vhost };
  const connection = await amqp(formatBrokerUrl(there));
  try {
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.assertQueue('replies', { exclusive: true });
    const shared = await channel.assertQueue('');
    const names = async (name?: string) =>
      (await listQueues({ address: there, managementPort, name })).map(listed => listed.name);
    assert.deepEqual(await names(), [shared.queue, 'replies']);
    assert.deepEqual(await names('amq.gen'), [shared.queue]);
    assert.notEqual(queue, shared.queue);
  } finally {
    await connection.close();
  }
});

test('a vhost that is not there is named so', async () => {
  await assert.rejects(listQueues({ address: { ...address, vhost: 'no/such' }, managementPort }), code('no-vhost'));
});

test('a wrong password, and a user whom only AMQP knows, are told apart', async () => {
  await assert.rejects(listQueues({ address: { ...address, password: 'wrong' }, managementPort }), code('refused'));
  const user = await newUser('p', { configure: '.*', write: '.*', read: '.*' });
  await assert.rejects(listQueues({ address: user, managementPort }), code('no-permission'));
  const manager = await newUser('p', { configure: '', write: '', read: '' }, '/', { tags: 'management' });
  const vhost = `not his ${process.pid}`;
  await newVhost(vhost);
  await assert.rejects(listQueues({ address: { ...manager, vhost }, managementPort }), code('no-permission'));
});

test('the AMQP port is not the management API', async () => {
  await assert.rejects(listQueues({ address, managementPort: address.port }), code('management-off'));
});
