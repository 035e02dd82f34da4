import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect as amqpConnect } from 'amqplib';
import { connect, type Journal, type PublishOutcome, publish } from '../../../src/broker/index.ts';
import { formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { until } from '../../lab/until.ts';
import { takeAll } from './inQueue.ts';
import { address, newQueueName, newUser, purpose } from './labBroker.ts';
import { itemsOf, type Order } from './publisher.ts';

const LINES = 40_000;
const folder = mkdtempSync(join(tmpdir(), 'journal-'));
after(() => rmSync(folder, { recursive: true }));

async function newQueue(): Promise<string> {
  const queue = newQueueName();
  const broker = await connect({ address, purpose });
  await broker.declare(queue);
  await broker.close();
  return queue;
}

/** Runs a publisher in a process of its own; it is killed after so many journal entries and milliseconds. */
async function publisher(
  order: Order,
  killAfter?: { entries: number; ms: number },
): Promise<PublishOutcome | undefined> {
  const script = fileURLToPath(new URL('publisher.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (killAfter && said.length >= killAfter.entries) setTimeout(() => child.kill('SIGKILL'), killAfter.ms);
  });
  await once(child, 'close');
  const last = said.split('\n').find(line => line.startsWith('{'));
  return last === undefined ? undefined : (JSON.parse(last) as PublishOutcome);
}

test('a publication whose process is killed again and again goes on each time, and every line arrives once', async () => {
  const queue = await newQueue();
  const file = join(folder, `${queue}.json`);
  const order = { address, queue, lines: LINES, file };
  let kills = 0;
  let outcome: PublishOutcome | undefined;
  for (const [entries, ms] of [
    [1, 5],
    [2, 0],
    [2, 10],
    [1, 30],
  ] as const) {
    outcome ??= await publisher({ ...order, resume: existsSync(file) }, { entries, ms });
    if (!outcome) kills++;
  }
  outcome ??= await publisher({ ...order, resume: true });
  assert.ok(kills > 0, 'no publisher was killed');
  assert.equal(outcome?.ended, 'done');
  const items = [...itemsOf(LINES)];
  assert.equal(outcome.confirmed, items.length);
  assert.equal(outcome.maybeDoubled, 0);
  const found = (await takeAll(address, queue)).map(message => message.body);
  assert.equal(found.length, items.length);
  assert.ok(found.every((body, i) => body === items[i]?.body));
});

/** Publishes the first lines and leaves a journal as a crash would, with some lines sent after it. */
async function cutOff(queue: string, sent: number): Promise<Journal> {
  const items = [...itemsOf(3_000)].slice(0, sent);
  let first: Journal | undefined;
  const onJournal = (journal: Journal) => {
    first ??= journal;
  };
  await publish({ address, purpose, queue, items, runId: 'r', onJournal });
  assert.ok(first);
  return first;
}

async function goOn(queue: string, resume: Journal): Promise<PublishOutcome> {
  return await publish({ address, purpose, queue, items: itemsOf(3_000), runId: 'r', resume });
}

test('a publication that goes on with nothing to do but to find all of it there sends nothing', async () => {
  const queue = await newQueue();
  const outcome = await goOn(queue, await cutOff(queue, 2_000));
  assert.equal(outcome.confirmed, 2_000);
  assert.equal((await takeAll(address, queue)).length, 2_000);
});

test('what workers have taken from the head meanwhile is not sent again', async () => {
  const queue = await newQueue();
  const journal = await cutOff(queue, 1_000);
  await take(queue, 300);
  const outcome = await goOn(queue, journal);
  assert.deepEqual([outcome.confirmed, outcome.maybeDoubled, outcome.lostByBroker], [2_000, 0, 0]);
  assert.equal((await takeAll(address, queue)).length, 1_700);
});

test('in a queue too deep to be read, the depth tells what has arrived', async () => {
  const queue = await newQueue();
  const others = Array.from({ length: 50 }, (_, i) => ({ body: 'foreign', line: i + 1 }));
  await publish({ address, purpose, queue, items: others, runId: 'other' });
  const items = Array.from({ length: 104_000 }, (_, i) => ({ body: `${i + 1}`, line: i + 1 }));
  await publish({ address, purpose, queue, items: items.slice(0, 102_000), runId: 'r' });
  const settled = { confirmed: 101_000, confirmedUpTo: 101_000, sentUpTo: 103_000, failed: [] };
  const resume = { runId: 'r', queue, depthBefore: 50, ...settled };
  const outcome = await publish({ address, purpose, queue, items, runId: 'r', resume });
  assert.deepEqual([outcome.confirmed, outcome.maybeDoubled, outcome.lostByBroker], [104_000, 0, 0]);
  const found = await takeAll(address, queue);
  assert.equal(found.length, 104_050);
  assert.ok(found.slice(50).every((message, i) => message.body === `${i + 1}`));
});

test('while workers take messages, lines are sent again and counted', async t => {
  const queue = await newQueue();
  const journal = await cutOff(queue, 1_000);
  const worker = await amqpConnect(formatBrokerUrl(address));
  t.after(() => worker.close());
  const channel = await worker.createChannel();
  const bodies: string[] = [];
  await channel.consume(queue, message => void (message && bodies.push(message.content.toString())), { noAck: true });
  const outcome = await goOn(queue, journal);
  await until('the worker has all', async () => (await channel.checkQueue(queue)).messageCount === 0, {
    timeoutMs: 20_000,
  });
  assert.equal(outcome.confirmed, 2_000);
  assert.equal(outcome.maybeDoubled, 2_000);
  assert.equal(new Set(bodies).size, 2_000);
  assert.ok(bodies.length - 2_000 <= outcome.maybeDoubled);
});

test('who may publish and not read is told how many lines may be double', async () => {
  const queue = await newQueue();
  const user = await newUser('p', { configure: '^$', write: '.*', read: '^$' });
  const journal = { ...(await cutOff(queue, 1_000)), depthBefore: undefined };
  const items = itemsOf(3_000);
  const outcome = await publish({ address: user, purpose, queue, items, runId: 'r', resume: journal });
  assert.equal(outcome.maybeDoubled, 2_000);
  assert.equal((await takeAll(address, queue)).length, 3_000);
});

test('a journal that cannot be kept ends the publication with its reason, and nothing is sent beyond it', async () => {
  const queue = await newQueue();
  let entries = 0;
  const onJournal = () => {
    if (++entries > 1) throw new Error('no space left on device');
  };
  const items = itemsOf(200_000);
  const outcome = await publish({ address, purpose, queue, items, runId: 'r', onJournal });
  assert.equal(outcome.ended, 'source-failed');
  assert.match(outcome.error?.detail ?? '', /no space left/);
  const found = await takeAll(address, queue);
  assert.equal(found.length, outcome.confirmed);
  assert.ok(found.length > 0 && found.length < 10_000, `${found.length}`);
  assert.ok((outcome.unsent?.from ?? 0) > outcome.journal.confirmedUpTo);
});

test('a journal says in time how far a publication has come', async () => {
  const queue = await newQueue();
  const entries: Journal[] = [];
  const outcome = await publish({
    address,
    purpose,
    queue,
    items: itemsOf(150_000),
    runId: 'r',
    onJournal: async journal => void entries.push(structuredClone(journal)),
  });
  assert.equal(outcome.confirmed, 100_000);
  assert.ok(entries.length >= 2, `${entries.length} entries`);
  for (const { confirmed, confirmedUpTo, sentUpTo, depthBefore, failed } of entries) {
    assert.equal(confirmed, [...itemsOf(confirmedUpTo)].length);
    assert.ok(sentUpTo > confirmedUpTo);
    assert.equal(depthBefore, 0);
    assert.deepEqual(failed, []);
  }
  assert.equal(outcome.journal.confirmedUpTo, 149_999);
});

async function take(queue: string, count: number): Promise<void> {
  const connection = await amqpConnect(formatBrokerUrl(address));
  const channel = await connection.createChannel();
  for (let n = 0; n < count; n++) assert.ok(await channel.get(queue, { noAck: true }));
  await connection.close();
}
