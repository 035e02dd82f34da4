import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect as amqpConnect } from 'amqplib';
import { type Broker, BrokerError, connect, listQueues, publish } from '../../../src/broker/index.ts';
import type { BrokerAddress } from '../../../src/workload/brokerUrl.ts';
import { formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { until } from '../../lab/until.ts';
import { address, evaluate, manage, managementPort, newQueueName, newUser, newVhost, purpose } from './labBroker.ts';

async function opened(as: BrokerAddress = address): Promise<Broker & AsyncDisposable> {
  const broker = await connect({ address: as, purpose });
  return Object.assign(broker, { [Symbol.asyncDispose]: () => broker.close() });
}

async function fill(queue: string, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, i) => ({ body: `item ${i}`, line: i + 1 }));
  const outcome = await publish({ address, purpose, queue, items, runId: 'fill' });
  assert.equal(outcome.confirmed, count);
}

const code = (wanted: string) => (error: unknown) => error instanceof BrokerError && error.code === wanted;

test('a new durable queue is empty, then holds what was published, then what is left of it', async () => {
  await using broker = await opened();
  assert.match(broker.version, /^\d+\.\d+/);
  const queue = newQueueName();
  assert.equal(await broker.depth(queue), undefined);
  await broker.declare(queue);
  await broker.declare(queue);
  assert.deepEqual(await broker.depth(queue), { ready: 0, consumers: 0 });
  await fill(queue, 8);
  assert.deepEqual(await broker.depth(queue), { ready: 8, consumers: 0 });
  assert.equal(await broker.purge(queue), 8);
  await fill(queue, 3);
  assert.equal(await broker.remove(queue), 3);
  assert.equal(await broker.remove(queue), 0);
  assert.equal(await broker.depth(queue), undefined);
});

test('a message that a worker holds is not ready, and the worker is counted', async t => {
  await using broker = await opened();
  const queue = newQueueName();
  await broker.declare(queue);
  await fill(queue, 2);
  const worker = await amqpConnect(formatBrokerUrl(address));
  t.after(() => worker.close());
  const channel = await worker.createChannel();
  await channel.prefetch(1);
  await new Promise<void>(resolve => void channel.consume(queue, () => resolve()));
  assert.deepEqual(await broker.depth(queue), { ready: 1, consumers: 1 });
});

test('asking for many queues at once, missing ones among them, disturbs none', async () => {
  await using broker = await opened();
  const queues = await Promise.all(
    Array.from({ length: 5 }, async (_, i) => {
      const queue = newQueueName();
      await broker.declare(queue);
      await fill(queue, i + 1);
      return queue;
    }),
  );
  const names = Array.from({ length: 50 }, (_, i) => (i % 2 ? `missing-${i}` : (queues[(i / 2) % 5] ?? '')));
  const depths = await Promise.all(names.map(name => broker.depth(name)));
  assert.deepEqual(
    depths.map(depth => depth?.ready),
    names.map((_, i) => (i % 2 ? undefined : ((i / 2) % 5) + 1)),
  );
});

test('a queue of another kind is told by the argument that differs', async () => {
  await using broker = await opened();
  const queue = newQueueName();
  await broker.declare(queue, { type: 'quorum' });
  await broker.declare(queue, { type: 'quorum' });
  const other = newQueueName();
  await broker.declare(other);
  await assert.rejects(broker.declare(other, { type: 'quorum' }), (error: unknown) => {
    assert.ok(error instanceof BrokerError);
    assert.equal(error.code, 'queue-differs');
    assert.match(error.detail, /'x-queue-type'.*'quorum'.*'classic'/);
    return true;
  });
});

test("another connection's exclusive queue is in use", async t => {
  await using broker = await opened();
  const owner = await amqpConnect(formatBrokerUrl(address));
  t.after(() => owner.close());
  const channel = await owner.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await assert.rejects(broker.depth(queue), code('queue-in-use'));
  await assert.rejects(broker.purge(queue), code('queue-in-use'));
});

test('a queue that is missing cannot be purged', async () => {
  await using broker = await opened();
  await assert.rejects(broker.purge('never-declared'), code('queue-missing'));
});

test('names that AMQP does not have are refused, and every other one works', async () => {
  await using broker = await opened();
  await assert.rejects(broker.depth(''), code('other'));
  await assert.rejects(broker.declare(''), code('other'));
  await assert.rejects(broker.declare('ä'.repeat(128)), code('other'));
  for (const prefix of ['with space', 'a/b?c#d%25', '任务', 'amp&quot;"']) {
    const queue = newQueueName(prefix);
    await broker.declare(queue);
    await fill(queue, 1);
    assert.equal((await broker.depth(queue))?.ready, 1);
  }
});

test('a wrong password is refused', async () => {
  await assert.rejects(opened({ ...address, password: 'wrong' }), code('refused'));
  await assert.rejects(opened({ ...address, user: 'nobody', password: undefined }), code('refused'));
});

test('a missing vhost is told from one without access', async () => {
  const user = await newUser('p', { configure: '', write: '', read: '' });
  await assert.rejects(opened({ ...address, vhost: 'no/such' }), (error: unknown) => {
    assert.ok(error instanceof BrokerError);
    assert.equal(error.code, 'no-vhost');
    assert.match(error.detail, /no\/such/);
    return true;
  });
  const vhost = `test ${purpose}`;
  await newVhost(vhost);
  await assert.rejects(opened({ ...user, vhost }), code('no-permission'));
});

test('users, passwords and vhosts may hold any character', async () => {
  const vhost = `a/b %2F ü ${process.pid}`;
  await newVhost(vhost);
  const rights = { configure: '.*', write: '.*', read: '.*' };
  const user = await newUser('#/@%ü:?& "\'', rights, vhost, { tags: 'management', prefix: 'jürgen@任务/%' });
  await using broker = await opened(user);
  await broker.declare('q');
  assert.deepEqual(await broker.depth('q'), { ready: 0, consumers: 0 });
  assert.equal((await listQueues({ address: user, managementPort }))[0]?.name, 'q');
});

test('a user without the right to configure can publish and not declare', async () => {
  const queue = newQueueName();
  {
    await using admin = await opened();
    await admin.declare(queue);
  }
  const user = await newUser('p', { configure: '^$', write: '.*', read: '.*' });
  await using broker = await opened(user);
  await assert.rejects(broker.declare(newQueueName()), code('no-permission'));
  const items = [{ body: 'apple', line: 1 }];
  assert.equal((await publish({ address: user, purpose, queue, items, runId: 'r' })).confirmed, 1);
});

test('a connection that the broker ends says why, once, and answers nothing more', async () => {
  const name = `${purpose} to be closed`;
  const broker = await connect({ address, purpose: name });
  const reasons: BrokerError[] = [];
  broker.onClosed(error => reasons.push(error));
  await until('the broker lists the connection', () => closeConnections(name, 'maintenance at noon'), {
    timeoutMs: 15_000,
  });
  await until('the end is told', () => reasons.length > 0, { timeoutMs: 5_000 });
  assert.equal(reasons[0]?.code, 'closed');
  assert.match(reasons[0]?.detail ?? '', /maintenance at noon/);
  await assert.rejects(broker.depth('x'), code('closed'));
  broker.onClosed(error => reasons.push(error));
  assert.equal(reasons.length, 2);
  await broker.close();
  assert.equal(reasons.length, 2);
});

test('a connection that we close ourselves is not reported as lost', async () => {
  const broker = await connect({ address, purpose });
  let lost = false;
  broker.onClosed(() => {
    lost = true;
  });
  await broker.close();
  await broker.close();
  await assert.rejects(broker.depth('x'), code('closed'));
  assert.equal(lost, false);
});

test('a quorum queue whose leader does not answer is never reported as empty', async () => {
  await using broker = await opened();
  const queue = newQueueName();
  await broker.declare(queue, { type: 'quorum' });
  await fill(queue, 5);
  const leader = `whereis('%2F_${queue}')`;
  await evaluate(`sys:suspend(${leader}).`);
  try {
    await assert.rejects(broker.depth(queue), code('timeout'));
  } finally {
    await evaluate(`sys:resume(${leader}).`);
  }
  assert.deepEqual(await broker.depth(queue), { ready: 5, consumers: 0 });
});

async function closeConnections(name: string, reason: string): Promise<boolean> {
  interface Connection {
    name: string;
    client_properties?: { connection_name?: string };
  }
  const all = await manage<Connection[]>('GET', 'connections');
  const ours = all.filter(connection => connection.client_properties?.connection_name === name);
  for (const connection of ours) {
    await manage('DELETE', `connections/${encodeURIComponent(connection.name)}`, undefined, { 'x-reason': reason });
  }
  return ours.length > 0;
}
