import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect as amqpConnect } from 'amqplib';
import { connect, publish, takeBack } from '../../../src/broker/index.ts';
import { formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { until } from '../../lab/until.ts';
import { takeAll } from './inQueue.ts';
import { address, newQueueName, purpose } from './labBroker.ts';

async function newQueue(type: 'classic' | 'quorum' = 'classic'): Promise<string> {
  const queue = newQueueName();
  const broker = await connect({ address, purpose });
  await broker.declare(queue, { type });
  await broker.close();
  return queue;
}

async function fill(queue: string, runId: string, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, i) => ({ body: `${runId} ${i + 1}`, line: i + 1 }));
  assert.equal((await publish({ address, purpose, queue, items, runId })).confirmed, count);
}

async function bodies(queue: string): Promise<string[]> {
  return (await takeAll(address, queue)).map(message => message.body);
}

for (const type of ['classic', 'quorum'] as const) {
  test(`one run's messages are taken out of a ${type} queue, the others stay in their order`, async () => {
    const queue = await newQueue(type);
    await fill(queue, 'before', 300);
    await fill(queue, 'run', 5_000);
    await fill(queue, 'run/x', 200);
    await fill(queue, 'after', 300);
    const progress: { looked: number; taken: number; of: number }[] = [];
    const onProgress = (p: (typeof progress)[number]) => void progress.push(p);
    const outcome = await takeBack({ address, purpose, queue, runId: 'run', onProgress });
    assert.deepEqual(outcome, { ended: 'done', taken: 5_000, foreign: 800, consumers: 0 });
    assert.deepEqual(progress.at(-1), { looked: 5_800, taken: 5_000, of: 5_800 });
    const lines = (runId: string, count: number) => Array.from({ length: count }, (_, i) => `${runId} ${i + 1}`);
    assert.deepEqual(await bodies(queue), [...lines('before', 300), ...lines('run/x', 200), ...lines('after', 300)]);
  });
}

test('what workers have taken is theirs; the rest is taken back', async () => {
  const queue = await newQueue();
  await fill(queue, 'run', 50);
  const connection = await amqpConnect(formatBrokerUrl(address));
  const channel = await connection.createChannel();
  for (let n = 0; n < 20; n++) await channel.get(queue, { noAck: true });
  await connection.close();
  assert.equal((await takeBack({ address, purpose, queue, runId: 'run' })).taken, 30);
  assert.deepEqual(await bodies(queue), []);
});

test('while a worker waits at the queue nothing is touched', async () => {
  const queue = await newQueue();
  const connection = await amqpConnect(formatBrokerUrl(address));
  const channel = await connection.createChannel();
  await channel.prefetch(1);
  await channel.consume(queue, () => undefined);
  await fill(queue, 'run', 10);
  const outcome = await takeBack({ address, purpose, queue, runId: 'run' });
  assert.deepEqual(outcome, { ended: 'done', taken: 0, foreign: 0, consumers: 1 });
  await connection.close();
  assert.equal((await bodies(queue)).length, 10);
});

test('a queue without one of the run, an empty and a missing one are told apart', async () => {
  const queue = await newQueue();
  const none = { ended: 'done', taken: 0, foreign: 0, consumers: 0 };
  assert.deepEqual(await takeBack({ address, purpose, queue, runId: 'run' }), none);
  await fill(queue, 'other', 3);
  assert.deepEqual(await takeBack({ address, purpose, queue, runId: 'run' }), { ...none, foreign: 3 });
  assert.equal((await bodies(queue)).length, 3);
  await assert.rejects(takeBack({ address, purpose, queue: 'never-declared', runId: 'run' }), {
    code: 'queue-missing',
  });
});

test('a cancelled one says how many it has taken, and the others are back in their order', async t => {
  const queue = await newQueue();
  await fill(queue, 'other', 2_000);
  await fill(queue, 'run', 60_000);
  const cancel = new AbortController();
  const outcome = await takeBack({
    ...{ address, purpose, queue, runId: 'run' },
    signal: cancel.signal,
    onProgress: ({ taken }) => {
      if (taken > 0) cancel.abort();
    },
  });
  assert.equal(outcome.ended, 'cancelled');
  const broker = await connect({ address, purpose });
  t.after(() => broker.close());
  const ready = async () => (await broker.depth(queue))?.ready;
  await until('the broker has taken back the others', async () => (await ready()) === 62_000 - outcome.taken, {
    timeoutMs: 20_000,
  });
  const left = await bodies(queue);
  assert.deepEqual(
    left.slice(0, 2_000),
    Array.from({ length: 2_000 }, (_, i) => `other ${i + 1}`),
  );
});
