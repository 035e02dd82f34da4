import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect as amqpConnect } from 'amqplib';
import { connect, type PublishOutcome, type PublishProgress, publish } from '../../src/broker/index.ts';
import { formatBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { type Found, takeAll } from '../integration/broker/inQueue.ts';
import { wireTo } from '../integration/broker/wire.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';
import { ownBroker } from './ownBroker.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 1);
const purpose = 'fault test';

await labUp();
const broker = await ownBroker(`faults-broker-${process.pid}`);
after(() => broker[Symbol.asyncDispose]());
const { address } = broker;

interface Item {
  body: string;
  line: number;
}

function* lines(count = Number.POSITIVE_INFINITY): Generator<Item> {
  for (let line = 1; line <= count; line++) yield { body: `item ${line}`, line };
}

let queues = 0;
async function newQueue(args: object = {}): Promise<string> {
  const queue = `q${queues++}`;
  const connection = await amqpConnect(formatBrokerUrl(address));
  const channel = await connection.createChannel();
  await channel.assertQueue(queue, { durable: true, arguments: args });
  await connection.close();
  return queue;
}

/** What is in the queue is what was sent, from the first line on: all that was confirmed, and of the rest a part. */
function assertTruth(outcome: PublishOutcome, found: Found[]): void {
  const { confirmed, unknown, failed, unsent } = outcome;
  assert.deepEqual(failed, []);
  assert.equal(confirmed + unknown.length + 1, unsent?.from, 'every line sent is confirmed or unknown');
  assert.ok(found.length >= confirmed, `${confirmed} were confirmed, ${found.length} are there`);
  assert.ok(found.length <= confirmed + unknown.length);
  const first = [...lines(found.length)].map(item => item.body);
  assert.deepEqual(
    found.map(message => message.body),
    first,
  );
}

for (let round = 1; round <= ROUNDS; round++) {
  test(`a broker killed while lines are published has every confirmed one after its restart (${round})`, async () => {
    const queue = await newQueue();
    let killed: Promise<void> | undefined;
    const onProgress = (p: PublishProgress) => {
      if (p.confirmed > 1_000) killed ??= broker.kill();
    };
    const outcome = await publish({ address, purpose, queue, items: lines(), runId: 'r', onProgress });
    await killed;
    assert.equal(outcome.ended, 'connection-lost');
    await broker.untilUp();
    assertTruth(outcome, await takeAll(address, queue));
  });
}

test('an open connection tells that its broker was killed, and a new one finds the queues', async () => {
  const queue = await newQueue();
  const open = await connect({ address, purpose });
  const lost = new Promise<string>(resolve => open.onClosed(error => resolve(error.code)));
  await broker.kill();
  assert.equal(await lost, 'closed');
  await broker.untilUp();
  const again = await connect({ address, purpose });
  assert.deepEqual(await again.depth(queue), { ready: 0, consumers: 0 });
  await again.close();
});

test('a network that goes away without a word ends the publication with an exact account', async () => {
  const queue = await newQueue();
  await using wire = await wireTo(address);
  const onProgress = (p: PublishProgress) => {
    if (p.confirmed > 1_000) wire.unplug();
  };
  const outcome = await publish({ address: wire.address, purpose, queue, items: lines(), runId: 'r', onProgress });
  assert.equal(outcome.ended, 'connection-lost');
  assert.ok(outcome.unknown.length > 0);
  assertTruth(outcome, await takeAll(address, queue));
});

test('while the broker is low on memory publishing waits and says so, looking works, and then every line arrives once', async () => {
  const queue = await newQueue();
  const seen: (string | undefined)[] = [];
  let confirmed = 0;
  const onProgress = (p: PublishProgress) => {
    seen.push(p.blocked);
    confirmed = p.confirmed;
  };
  await setMemoryAlarm(true);
  const publication = publish({ address, purpose, queue, items: lines(5_000), runId: 'r', onProgress });
  await until('publishing is held up', () => seen.at(-1) !== undefined, { timeoutMs: 30_000 });
  const reader = await connect({ address, purpose });
  assert.ok((await reader.depth(queue)) !== undefined);
  await reader.close();
  assert.ok(confirmed < 5_000);
  assert.match(seen.at(-1) ?? '', /memory/);
  await setMemoryAlarm(false);
  const outcome = await publication;
  assert.deepEqual(outcome, { ended: 'done', confirmed: 5_000, failed: [], unknown: [], unsent: undefined });
  assert.equal(seen.at(-1), undefined);
  assert.deepEqual(
    (await takeAll(address, queue)).map(message => message.body),
    [...lines(5_000)].map(item => item.body),
  );
});

test('a publication that the broker holds up can be cancelled, and says which lines nobody knows about', async () => {
  const queue = await newQueue();
  const cancel = new AbortController();
  await setMemoryAlarm(true);
  const onProgress = (p: PublishProgress) => {
    if (p.blocked !== undefined) cancel.abort();
  };
  const { signal } = cancel;
  const outcome = await publish({ address, purpose, queue, items: lines(), runId: 'r', onProgress, signal });
  await setMemoryAlarm(false);
  assert.equal(outcome.ended, 'cancelled');
  assertTruth(outcome, await takeAll(address, queue));
});

test('a full queue takes what it has room for, and every other line is named', async () => {
  const queue = await newQueue({ 'x-max-length': 100, 'x-overflow': 'reject-publish' });
  const outcome = await publish({ address, purpose, queue, items: lines(1_000), runId: 'r' });
  assert.equal(outcome.ended, 'done');
  assert.ok(outcome.failed.every(failure => failure.reason === 'nacked'));
  const found = await takeAll(address, queue);
  assert.equal(found.length, outcome.confirmed);
  assert.ok(outcome.confirmed >= 100 && outcome.confirmed < 1_000, `${outcome.confirmed} were confirmed`);
  const there = new Set(found.map(message => message.body));
  const missing = [...lines(1_000)].filter(item => !there.has(item.body)).map(item => item.line);
  assert.deepEqual(
    outcome.failed.map(failure => failure.line),
    missing,
  );
});

test('a full queue that a worker empties takes every line in the end', async () => {
  const queue = await newQueue({ 'x-max-length': 100, 'x-overflow': 'reject-publish' });
  const worker = await amqpConnect(formatBrokerUrl(address));
  const channel = await worker.createChannel();
  const taken = new Set<string>();
  await channel.consume(queue, message => void (message && taken.add(message.content.toString())), { noAck: true });
  const outcome = await publish({ address, purpose, queue, items: lines(2_000), runId: 'r' });
  assert.deepEqual(outcome, { ended: 'done', confirmed: 2_000, failed: [], unknown: [], unsent: undefined });
  await until('the worker has all', () => taken.size === 2_000, { timeoutMs: 30_000 });
  await worker.close();
});

/** The alarm goes off when the broker uses more memory than it may. */
async function setMemoryAlarm(on: boolean): Promise<void> {
  await broker.rabbitmqctl('set_vm_memory_high_watermark', on ? '0.000001' : '0.6');
  await until(
    'the broker has noticed',
    async () => (await broker.rabbitmqctl('eval', 'rabbit_alarm:get_alarms().')).includes('memory') === on,
    { timeoutMs: 30_000, intervalMs: 500 },
  );
}
