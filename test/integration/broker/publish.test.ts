import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect as amqpConnect } from 'amqplib';
import { BrokerError, connect, type PublishOutcome, type PublishProgress, publish } from '../../../src/broker/index.ts';
import { formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { until } from '../../lab/until.ts';
import { takeAll } from './inQueue.ts';
import { address, newQueueName, newUser, purpose } from './labBroker.ts';
import { wireTo } from './wire.ts';

async function newQueue(): Promise<string> {
  const queue = newQueueName();
  const broker = await connect({ address, purpose });
  await broker.declare(queue);
  await broker.close();
  return queue;
}

async function remove(queue: string): Promise<void> {
  const broker = await connect({ address, purpose });
  await broker.remove(queue);
  await broker.close();
}

function lines(count: number): { body: string; line: number }[] {
  return Array.from({ length: count }, (_, i) => ({ body: `item ${i + 1}`, line: i + 1 }));
}

/** Every line is in exactly one place of the account. */
function assertExact(outcome: PublishOutcome, items: { line: number }[]): void {
  const { confirmed, failed, unknown, unsent } = outcome;
  const unsentCount = unsent === undefined ? 0 : items.filter(item => item.line >= unsent.from).length;
  assert.equal(confirmed + failed.length + unknown.length + unsentCount, items.length, JSON.stringify(outcome));
}

/** Compares large texts without printing them. */
function assertSame(found: string[], wanted: string[]): void {
  assert.deepEqual(
    found.map(body => body.length),
    wanted.map(body => body.length),
  );
  assert.ok(found.every((body, i) => body === wanted[i]));
}

test('every line arrives once, in order, persistent, as UTF-8 text with its id', async () => {
  const queue = await newQueue();
  const items = lines(20_000);
  const progress: PublishProgress[] = [];
  const onProgress = (p: PublishProgress) => void progress.push(p);
  const outcome = await publish({ address, purpose, queue, items, runId: 'run 7', onProgress });
  const journal = { runId: 'run 7', queue, depthBefore: 0, confirmed: 20_000, failed: [] };
  assert.deepEqual(outcome, {
    ...{ ended: 'done', confirmed: 20_000, failed: [], unknown: [], unsent: undefined },
    ...{ reconnected: 0, maybeDoubled: 0, lostByBroker: 0, unseen: 0 },
    journal: { ...journal, confirmedUpTo: 20_000, sentUpTo: 20_000 },
  });
  assert.deepEqual(progress.at(-1), { sent: 20_000, confirmed: 20_000, blocked: undefined, state: 'sending' });
  assert.ok(progress.every((p, i) => p.confirmed <= p.sent && p.confirmed >= (progress[i - 1]?.confirmed ?? 0)));
  const properties = { contentType: 'text/plain', contentEncoding: 'utf-8', deliveryMode: 2 };
  assert.deepEqual(
    await takeAll(address, queue),
    items.map(({ body, line }) => ({ body, id: `run 7/${line}`, properties })),
  );
});

test('messages of every size up to 16 MiB arrive as they were, and a larger one is left out', async () => {
  const queue = await newQueue();
  // A frame holds 131,064 bytes.
  const sizes = [0, 1, 131_063, 131_064, 131_065, 300_000, 16 * 2 ** 20, 16 * 2 ** 20 + 1, 2];
  const items = sizes.map((size, i) => ({ body: String(i).repeat(size), line: i + 1 }));
  const outcome = await publish({ address, purpose, queue, items, runId: 'r' });
  assert.deepEqual(outcome.failed, [{ line: 8, reason: 'too-large' }]);
  assertExact(outcome, items);
  assertSame(
    (await takeAll(address, queue)).map(message => message.body),
    items.filter(item => item.line !== 8).map(item => item.body),
  );
});

test('characters of several bytes are whole again where frames have cut through them', async () => {
  const queue = await newQueue();
  const items = ['苹果', 'ü🐇'.repeat(100_000), 'é'.repeat(131_064)].map((body, i) => ({ body, line: i + 1 }));
  assert.equal((await publish({ address, purpose, queue, items, runId: 'r' })).confirmed, 3);
  assertSame(
    (await takeAll(address, queue)).map(message => message.body),
    items.map(item => item.body),
  );
});

test('messages that a full queue refuses are the same when it takes them in the end', async t => {
  const queue = newQueueName();
  const connection = await amqpConnect(formatBrokerUrl(address));
  t.after(() => connection.close());
  const channel = await connection.createChannel();
  await channel.assertQueue(queue, { durable: true, maxLength: 100, arguments: { 'x-overflow': 'reject-publish' } });
  const items = Array.from({ length: 1_000 }, (_, i) => ({ body: `${i + 1} `.repeat(1 + (i % 90)), line: i + 1 }));
  const found = new Map<string, string>();
  await channel.prefetch(50);
  await channel.consume(queue, message => {
    if (!message) return;
    found.set(String(message.properties.messageId), message.content.toString());
    channel.ack(message);
  });
  const outcome = await publish({ address, purpose, queue, items, runId: 'r' });
  assert.equal(outcome.confirmed, 1_000, JSON.stringify(outcome.failed.slice(0, 3)));
  await until('the worker has all', () => found.size === 1_000, { timeoutMs: 20_000 });
  assert.ok(items.every(({ body, line }) => found.get(`r/${line}`) === body));
});

test('all that is confirmed is told, also while the next line is long in coming', { timeout: 20_000 }, async () => {
  const queue = await newQueue();
  const told = Promise.withResolvers<void>();
  async function* items() {
    yield* lines(3_000);
    await told.promise;
  }
  const onProgress = ({ confirmed }: { confirmed: number }) => {
    if (confirmed === 3_000) told.resolve();
  };
  const outcome = await publish({ address, purpose, queue, items: items(), runId: 'r', onProgress });
  assert.equal(outcome.confirmed, 3_000);
});

test('a missing queue is found out before anything is sent', async () => {
  const read: number[] = [];
  function* items() {
    for (const item of lines(10)) {
      read.push(item.line);
      yield item;
    }
  }
  await assert.rejects(
    publish({ address, purpose, queue: 'never-declared', items: items(), runId: 'r' }),
    (error: unknown) => error instanceof BrokerError && error.code === 'queue-missing',
  );
  assert.deepEqual(read, []);
});

test('lines that come after the queue was deleted are not counted as published', async () => {
  const queue = await newQueue();
  async function* items() {
    for (const item of lines(3_000)) {
      if (item.line === 2_001) await remove(queue);
      yield item;
    }
  }
  const outcome = await publish({ address, purpose, queue, items: items(), runId: 'r', window: 100 });
  assert.equal(outcome.ended, 'done');
  assertExact(outcome, lines(3_000));
  // What was on its way while the queue went may have been taken before.
  assert.ok(outcome.confirmed <= 2_000, JSON.stringify(outcome.confirmed));
  assert.ok(outcome.failed.length >= 1_000);
  assert.ok(outcome.failed.every(failure => failure.reason === 'unroutable'));
});

test('a cancelled publication says exactly what is in the queue', async () => {
  const queue = await newQueue();
  const cancel = new AbortController();
  const items = lines(200_000);
  const onProgress = (p: PublishProgress) => {
    if (p.confirmed > 0) cancel.abort();
  };
  const outcome = await publish({ address, purpose, queue, items, runId: 'r', onProgress, signal: cancel.signal });
  assert.equal(outcome.ended, 'cancelled');
  assertExact(outcome, items);
  assert.deepEqual(outcome.unknown, []);
  assert.ok(outcome.confirmed > 0 && outcome.confirmed < 200_000);
  assert.equal(outcome.unsent?.from, outcome.confirmed + 1);
  assert.equal((await takeAll(address, queue)).length, outcome.confirmed);
});

test('a publication cancelled before it began has sent nothing', async () => {
  const queue = await newQueue();
  const signal = AbortSignal.abort();
  const outcome = await publish({ address, purpose, queue, items: lines(5), runId: 'r', signal });
  assert.equal(outcome.ended, 'cancelled');
  assert.equal(outcome.confirmed, 0);
  assert.deepEqual(outcome.unsent, { from: 1 });
});

test('a connection cut in the middle leaves an exact account', async () => {
  for (const afterConfirmed of [1, 5_000, 20_000]) {
    const queue = await newQueue();
    await using wire = await wireTo(address);
    const items = lines(100_000);
    const onProgress = (p: PublishProgress) => {
      if (p.confirmed >= afterConfirmed) wire.cut();
    };
    const outcome = await publish({ address: wire.address, purpose, queue, items, runId: 'r', onProgress });
    assert.equal(outcome.ended, 'connection-lost');
    assert.equal(outcome.error?.code, 'closed');
    assertExact(outcome, items);
    const found = (await takeAll(address, queue)).map(message => message.body);
    assert.ok(found.length >= outcome.confirmed && found.length <= outcome.confirmed + outcome.unknown.length);
    assert.deepEqual(
      found,
      items.slice(0, found.length).map(item => item.body),
    );
  }
});

test('who may not write is told so, and that nothing is in the queue', async () => {
  const queue = await newQueue();
  const items = lines(10);
  // The broker closes the channel of a user who may not write.
  const user = await newUser('p', { configure: '.*', write: '^$', read: '.*' });
  const outcome = await publish({ address: user, purpose, queue, items, runId: 'r' });
  assert.equal(outcome.ended, 'refused');
  assert.equal(outcome.error?.code, 'no-permission');
  assert.deepEqual(outcome.unknown, []);
  assert.deepEqual(outcome.unsent, { from: 1 });
  assertExact(outcome, items);
  assert.deepEqual(await takeAll(address, queue), []);
});
