import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect as amqpConnect } from 'amqplib';
import { connect, type PublishOptions, type PublishProgress, publish } from '../../../src/broker/index.ts';
import { formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import type { Item } from '../../../src/workload/message.ts';
import { takeAll } from './inQueue.ts';
import { address, newQueueName, purpose } from './labBroker.ts';
import { type Wire, wireTo } from './wire.ts';

const LINES = 12_000;
/** A broker may take a minute to notice that a connection is gone. */
const LIMIT = { timeout: 150_000 };

async function newQueue(): Promise<string> {
  const queue = newQueueName();
  const broker = await connect({ address, purpose });
  await broker.declare(queue);
  await broker.close();
  return queue;
}

function* lines(): Generator<Item> {
  for (let line = 1; line <= LINES; line++) yield { body: `item ${line}`, line };
}

/** The lines, and the wire cut whenever one of those given has been read. */
function* linesCutting(wire: Wire, at: number[]): Generator<Item> {
  for (const item of lines()) {
    yield item;
    if (at.includes(item.line)) wire.cut();
  }
}

/** Publishes through a wire that is cut, and does something before the broker is reached again. */
async function publishCut(queue: string, cutAt: number[], meanwhile: () => Promise<void> = async () => {}) {
  await using wire = await wireTo(address);
  const way: PublishOptions['way'] = async () => {
    await meanwhile();
    return { address: wire.address };
  };
  const items = linesCutting(wire, cutAt);
  return await publish({ address: wire.address, purpose, queue, items, runId: 'r', way });
}

async function assertOnceInOrder(queue: string): Promise<void> {
  const found = (await takeAll(address, queue)).map(message => message.body);
  assert.equal(found.length, LINES);
  assert.ok(found.every((body, i) => body === `item ${i + 1}`));
}

test('a connection that is cut again and again costs no line and doubles none', async () => {
  const queue = await newQueue();
  const outcome = await publishCut(queue, [1, 2_500, 2_600, 7_000, LINES]);
  assert.equal(outcome.ended, 'done');
  assert.equal(outcome.confirmed, LINES);
  assert.ok(outcome.reconnected >= 3, `${outcome.reconnected}`);
  assert.deepEqual([outcome.maybeDoubled, outcome.lostByBroker], [0, 0]);
  await assertOnceInOrder(queue);
});

test('a connection that is cut while it is found out what arrived changes nothing about it', async () => {
  const queue = await newQueue();
  await using wire = await wireTo(address);
  let cuts = 0;
  const onProgress = ({ state }: PublishProgress) => {
    if (state === 'finding-out' && cuts++ < 4) setTimeout(() => wire.cut(), cuts * 6);
  };
  const way = () => Promise.resolve({ address: wire.address });
  const items = linesCutting(wire, [8_000]);
  const outcome = await publish({ address: wire.address, purpose, queue, items, runId: 'r', way, onProgress });
  assert.ok(cuts > 1);
  assert.deepEqual([outcome.confirmed, outcome.maybeDoubled, outcome.lostByBroker], [LINES, 0, 0]);
  await assertOnceInOrder(queue);
});

test('the messages that another publishes meanwhile are not taken for ours', async () => {
  const queue = await newQueue();
  const others = Array.from({ length: 700 }, (_, i) => ({ body: 'foreign', line: i + 1 }));
  const outcome = await publishCut(queue, [4_000], async () => {
    await publish({ address, purpose, queue, items: others, runId: 'other' });
  });
  assert.deepEqual([outcome.confirmed, outcome.maybeDoubled, outcome.lostByBroker], [LINES, 0, 0]);
  const found = (await takeAll(address, queue)).map(message => message.body);
  const ours = found.filter(body => body !== 'foreign');
  assert.equal(found.length, LINES + 700);
  assert.ok(ours.every((body, i) => body === `item ${i + 1}`));
});

test(
  'messages that are gone after a loss, with no worker in sight, are reported and not sent again',
  LIMIT,
  async () => {
    const queue = await newQueue();
    await using wire = await wireTo(address);
    const settled = Promise.withResolvers<void>();
    let purged = 0;
    // Cut while nothing is on its way: what comes after the purge would look like what a worker has left.
    async function* items() {
      for (const item of lines()) {
        yield item;
        if (item.line !== 4_000) continue;
        await settled.promise;
        wire.cut();
      }
    }
    const outcome = await publish({
      address: wire.address,
      purpose,
      queue,
      items: items(),
      runId: 'r',
      onProgress: ({ confirmed }) => {
        if (confirmed === 4_000) settled.resolve();
      },
      async way() {
        const broker = await connect({ address, purpose });
        purged += await broker.purge(queue);
        await broker.close();
        return { address: wire.address };
      },
    });
    assert.equal(outcome.ended, 'done');
    assert.deepEqual([purged, outcome.lostByBroker, outcome.confirmed], [4_000, 4_000, LINES]);
    const found = await takeAll(address, queue);
    assert.equal(found.length, outcome.confirmed - outcome.lostByBroker);
    assert.equal(found.at(-1)?.body, `item ${LINES}`);
  },
);

test('a queue that is gone after a loss ends the publication, and every confirmed line counts as lost', async () => {
  const queue = await newQueue();
  const outcome = await publishCut(queue, [4_000], async () => {
    const broker = await connect({ address, purpose });
    await broker.remove(queue);
    await broker.close();
  });
  assert.equal(outcome.ended, 'connection-lost');
  assert.equal(outcome.error?.code, 'queue-missing');
  assert.equal(outcome.lostByBroker, outcome.confirmed);
  assert.deepEqual(outcome.unknown, []);
  assert.equal(outcome.unsent?.from, outcome.confirmed + 1);
});

test('while a worker takes messages, what was on its way is sent again and counted', async t => {
  const queue = await newQueue();
  const worker = await amqpConnect(formatBrokerUrl(address));
  t.after(() => worker.close());
  const channel = await worker.createChannel();
  const bodies: string[] = [];
  await channel.consume(queue, message => void (message && bodies.push(message.content.toString())), { noAck: true });
  const outcome = await publishCut(queue, [4_000]);
  // The answer comes after the messages that the broker has sent before it.
  assert.equal((await channel.checkQueue(queue)).messageCount, 0);
  assert.equal(outcome.confirmed, LINES);
  assert.equal(new Set(bodies).size, LINES);
  assert.ok(outcome.maybeDoubled > 0 && bodies.length - LINES <= outcome.maybeDoubled);
});

test('large and small messages, bytes and properties are all the same after a loss', async () => {
  const queue = await newQueue();
  await using wire = await wireTo(address);
  function* items(): Generator<Item> {
    for (let line = 1; line <= 400; line++) {
      const size = line % 7 === 0 ? 200_000 : line;
      yield { body: Buffer.alloc(size, line), line, fields: { type: 'bytes', headers: { line } } };
      if (line % 150 === 0) wire.cut();
    }
  }
  const way = () => Promise.resolve({ address: wire.address });
  const outcome = await publish({ address: wire.address, purpose, queue, items: items(), runId: 'r', way });
  assert.equal(outcome.confirmed, 400);
  const found = await takeAll(address, queue);
  assert.deepEqual(
    found.map(message => message.id),
    Array.from({ length: 400 }, (_, i) => `r/${i + 1}`),
  );
});

test('a broker that is not reached again in time leaves an exact account', async () => {
  const queue = await newQueue();
  await using wire = await wireTo(address);
  const items = linesCutting(wire, [4_000]);
  let attempts = 0;
  const way = () => {
    attempts++;
    return Promise.reject(new Error('no Pod is ready'));
  };
  const outcome = await publish({ address: wire.address, purpose, queue, items, runId: 'r', way, recoverMs: 1_500 });
  assert.equal(outcome.ended, 'connection-lost');
  assert.match(outcome.error?.detail ?? '', /no Pod is ready/);
  assert.ok(attempts > 1);
  assert.equal(outcome.unseen, outcome.confirmed);
  assert.equal(outcome.confirmed + outcome.unknown.length + 1, outcome.unsent?.from);
  const found = await takeAll(address, queue);
  assert.ok(found.length >= outcome.confirmed && found.length <= outcome.confirmed + outcome.unknown.length);
});

test('a publication that looks for its broker says so, and is cancelled at once', { timeout: 20_000 }, async () => {
  const queue = await newQueue();
  await using wire = await wireTo(address);
  const items = linesCutting(wire, [4_000]);
  const cancel = new AbortController();
  const states: PublishProgress['state'][] = [];
  const onProgress = ({ state }: PublishProgress) => {
    states.push(state);
    if (state === 'reconnecting') setImmediate(() => cancel.abort());
  };
  const options = { address: wire.address, purpose, queue, items, runId: 'r', onProgress, signal: cancel.signal };
  const outcome = await publish({ ...options, way: () => new Promise(() => {}) });
  assert.equal(outcome.ended, 'cancelled');
  assert.ok(states.includes('reconnecting'));
  assert.equal(outcome.confirmed + outcome.unknown.length + 1, outcome.unsent?.from);
});
