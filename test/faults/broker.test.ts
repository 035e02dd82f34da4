import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as amqpConnect } from 'amqplib';
import {
  connect,
  type PublishOptions,
  type PublishOutcome,
  type PublishProgress,
  publish,
} from '../../src/broker/index.ts';
import { formatBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { takeAll } from '../integration/broker/inQueue.ts';
import { wireTo } from '../integration/broker/wire.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';
import { accountOf } from './accountOf.ts';
import { type Account, fault, NOTHING } from './fault.ts';
import { ownBroker } from './ownBroker.ts';

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

/**
 * A broker that is killed may have forgotten a queue that was declared just before, with all that was confirmed for it:
 * its tables are written to the disk some seconds later, those of quorum queues minutes later.
 */
async function newQueueOnDisk(args: object = {}): Promise<string> {
  const queue = await newQueue(args);
  await broker.rabbitmqctl('eval', 'mnesia:sync_log(), [dets:sync(Table) || Table <- dets:all()].');
  return queue;
}

const options = { address, purpose, runId: 'r', timeoutMs: 2_000 };
const way = () => Promise.resolve({ address });

/** Publishes lines, and kills the broker when `atSent` of them are sent. */
async function publishAndKill(queue: string, count: number, atSent: number, o: Partial<PublishOptions> = {}) {
  function* items() {
    for (const item of lines(count)) {
      yield item;
      if (item.line === atSent) broker.kill();
    }
  }
  const outcome = await publish({ ...options, queue, items: items(), ...o });
  await broker.untilUp();
  return outcome;
}

/** The publication has been through the loss, and its account is the truth; the messages stand in their order. */
async function accountInOrder(outcome: PublishOutcome, queue: string, count: number): Promise<Account> {
  assert.equal(outcome.ended, 'done', String(outcome.error));
  const found = await takeAll(address, queue);
  const account = accountOf([...lines(count)], 'r', outcome, found);
  const inOrder = found.every((message, i) => message.body === `item ${i + 1}`);
  const silent = outcome.reconnected === 0 || outcome.confirmed !== count || outcome.maybeDoubled > 0;
  return { ...account, unexplained: account.unexplained + Number(!inOrder) + Number(silent) };
}

fault(1, 'a broker killed in mid-publish gets the rest after its restart, each line once', {}, async () => {
  const queue = await newQueueOnDisk();
  const atSent = 500 + Math.floor(Math.random() * 19_000);
  const outcome = await publishAndKill(queue, 20_000, atSent, { way });
  assert.equal(outcome.lostByBroker, 0);
  return await accountInOrder(outcome, queue, 20_000);
});

fault(1, 'a broker killed twice in one publish gets each line once', { long: true }, async () => {
  const queue = await newQueueOnDisk();
  function* items() {
    for (const item of lines(20_000)) {
      yield item;
      if (item.line === 3_000 || item.line === 12_000) broker.kill();
    }
  }
  const outcome = await publish({ ...options, queue, items: items(), way });
  assert.equal(outcome.reconnected, 2);
  return await accountInOrder(outcome, queue, 20_000);
});

fault(
  1,
  'a broker killed in mid-publish gets the rest into a quorum queue, each line once',
  { long: true },
  async () => {
    const queue = await newQueueOnDisk({ 'x-queue-type': 'quorum' });
    // What a broker does by itself three minutes after the queue was declared.
    await broker.rabbitmqctl('eval', '[dets:sync(Table) || Table <- dets:all()].');
    const outcome = await publishAndKill(queue, 20_000, 8_000, { way });
    assert.equal(outcome.lostByBroker, 0);
    return await accountInOrder(outcome, queue, 20_000);
  },
);

fault(
  1,
  'of a new quorum queue that a killed broker forgets, no confirmed line is taken for safe',
  { long: true },
  async () => {
    const queue = await newQueue({ 'x-queue-type': 'quorum' });
    const outcome = await publishAndKill(queue, 20_000, 8_000, { way, recoverMs: 20_000 });
    const account = accountOf([...lines(20_000)], 'r', outcome, await takeAll(address, queue));
    return { ...account, lost: account.lost - outcome.lostByBroker - outcome.unseen };
  },
);

fault(
  1,
  'a broker killed while a worker takes messages gets every line, and what may be double is counted',
  { long: true },
  async () => {
    const queue = await newQueueOnDisk();
    const taken: string[] = [];
    const worker = new AbortController();
    const working = keepTaking(queue, body => taken.push(body), worker.signal);
    const outcome = await publishAndKill(queue, 20_000, 5_000, { way });
    assert.equal(outcome.ended, 'done', String(outcome.error));
    await until('the worker has all', () => new Set(taken).size === 20_000, { timeoutMs: 60_000 });
    worker.abort();
    await working;
    // The worker acknowledges on the way: the broker gives a message again whose acknowledgement it has not got.
    assert.equal(outcome.confirmed, 20_000);
    return { lost: 20_000 - new Set(taken).size, doubled: 0, unexplained: 0 };
  },
);

fault(1, 'without a way back, a killed broker leaves an exact account', { long: true }, async () => {
  const queue = await newQueueOnDisk();
  const outcome = await publishAndKill(queue, 200_000, 5_000);
  assert.equal(outcome.ended, 'connection-lost');
  return accountOf([...lines(200_000)], 'r', outcome, await takeAll(address, queue));
});

test('a publication cancelled while its broker is away ends with an exact account', { timeout: 60_000 }, async () => {
  const queue = await newQueueOnDisk();
  const cancel = new AbortController();
  const late = Promise.withResolvers<never>();
  const onProgress = (p: PublishProgress) => {
    if (p.state !== 'reconnecting' || cancel.signal.aborted) return;
    cancel.abort();
    setTimeout(() => late.reject(new Error('still reconnecting after a second')), 1_000).unref();
  };
  const { signal } = cancel;
  function* items() {
    yield* lines(5_000);
    broker.kill();
    yield* [...lines(200_000)].slice(5_000);
  }
  const publication = publish({ ...options, queue, items: items(), way, onProgress, signal });
  const outcome = await Promise.race([publication, late.promise]);
  assert.equal(outcome.ended, 'cancelled');
  await broker.untilUp();
  assert.deepEqual(accountOf([...lines(200_000)], 'r', outcome, await takeAll(address, queue)), NOTHING);
});

test('an open connection tells that its broker was killed, and a new one finds the queues', async () => {
  const queue = await newQueueOnDisk();
  const open = await connect({ address, purpose });
  const lost = new Promise<string>(resolve => open.onClosed(error => resolve(error.code)));
  broker.kill();
  assert.equal(await lost, 'closed');
  await broker.untilUp();
  const again = await connect({ address, purpose });
  assert.deepEqual(await again.depth(queue), { ready: 0, consumers: 0 });
  await again.close();
});

fault(
  2,
  'a network that goes away without a word ends the publication with an exact account',
  { long: true },
  async () => {
    const queue = await newQueue();
    await using wire = await wireTo(address);
    const onProgress = (p: PublishProgress) => {
      if (p.confirmed > 1_000) wire.unplug();
    };
    const outcome = await publish({ ...options, address: wire.address, queue, items: lines(200_000), onProgress });
    assert.equal(outcome.ended, 'connection-lost');
    assert.ok(outcome.unknown.length > 0);
    return accountOf([...lines(200_000)], 'r', outcome, await takeAll(address, queue));
  },
);

fault(
  2,
  'lines lost in a network that goes away without a word are sent again over another',
  { long: true },
  async () => {
    const queue = await newQueue();
    await using wire = await wireTo(address);
    const onProgress = (p: PublishProgress) => {
      if (p.confirmed > 1_000) wire.unplug();
    };
    const outcome = await publish({ ...options, address: wire.address, queue, items: lines(20_000), onProgress, way });
    return await accountInOrder(outcome, queue, 20_000);
  },
);

fault(
  3,
  'while the broker is low on memory publishing waits and says so, and then every line arrives once',
  {},
  async () => {
    const queue = await newQueue();
    const seen: (string | undefined)[] = [];
    let confirmed = 0;
    const onProgress = (p: PublishProgress) => {
      seen.push(p.blocked);
      confirmed = p.confirmed;
    };
    await setMemoryAlarm(true);
    const publication = publish({ ...options, queue, items: lines(5_000), onProgress });
    await until('publishing is held up', () => seen.at(-1) !== undefined, { timeoutMs: 30_000 });
    const reader = await connect({ address, purpose });
    assert.ok((await reader.depth(queue)) !== undefined);
    await reader.close();
    assert.ok(confirmed < 5_000);
    assert.match(seen.at(-1) ?? '', /memory/);
    await setMemoryAlarm(false);
    const outcome = await publication;
    assert.equal(outcome.confirmed, 5_000);
    assert.equal(seen.at(-1), undefined);
    return accountOf([...lines(5_000)], 'r', outcome, await takeAll(address, queue));
  },
);

fault(
  3,
  'a publication that the broker holds up can be cancelled, and says which lines nobody knows about',
  {},
  async () => {
    const queue = await newQueue();
    const cancel = new AbortController();
    await setMemoryAlarm(true);
    const onProgress = (p: PublishProgress) => {
      if (p.blocked !== undefined) cancel.abort();
    };
    const { signal } = cancel;
    const outcome = await publish({ ...options, queue, items: lines(200_000), onProgress, signal });
    await setMemoryAlarm(false);
    assert.equal(outcome.ended, 'cancelled');
    return accountOf([...lines(200_000)], 'r', outcome, await takeAll(address, queue));
  },
);

fault(5, 'a full queue takes what it has room for, and every other line is named', {}, async () => {
  const queue = await newQueue({ 'x-max-length': 100, 'x-overflow': 'reject-publish' });
  const outcome = await publish({ ...options, queue, items: lines(1_000) });
  assert.equal(outcome.ended, 'done');
  assert.ok(outcome.failed.every(failure => failure.reason === 'nacked'));
  assert.ok(outcome.confirmed >= 100 && outcome.confirmed < 1_000, `${outcome.confirmed} were confirmed`);
  return accountOf([...lines(1_000)], 'r', outcome, await takeAll(address, queue));
});

fault(5, 'a full queue that a worker empties takes every line in the end', {}, async t => {
  const queue = await newQueue({ 'x-max-length': 100, 'x-overflow': 'reject-publish' });
  const worker = await amqpConnect(formatBrokerUrl(address));
  t.after(() => worker.close());
  const channel = await worker.createChannel();
  const taken = new Set<string>();
  await channel.consume(queue, message => void (message && taken.add(message.content.toString())), { noAck: true });
  const outcome = await publish({ ...options, queue, items: lines(2_000) });
  assert.equal(outcome.confirmed, 2_000);
  await until('the worker has all', () => taken.size === 2_000, { timeoutMs: 30_000 });
  return undefined;
});

/** Takes and acknowledges what is in the queue, as a worker that connects again whenever its broker goes. */
async function keepTaking(queue: string, onTaken: (body: string) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const connection = await amqpConnect(formatBrokerUrl(address));
      const ended = new Promise(resolve => connection.on('error', resolve).on('close', resolve));
      const stopped = new Promise(resolve => signal.addEventListener('abort', resolve));
      const channel = await connection.createChannel();
      await channel.prefetch(100);
      await channel.consume(queue, message => {
        if (!message) return;
        onTaken(message.content.toString());
        channel.ack(message);
      });
      await Promise.race([ended, stopped]);
      await connection.close().catch(() => undefined);
    } catch {
      await delay(200);
    }
  }
}

/** The alarm goes off when the broker uses more memory than it may. */
async function setMemoryAlarm(on: boolean): Promise<void> {
  await broker.rabbitmqctl('set_vm_memory_high_watermark', on ? '0.000001' : '0.6');
  await until(
    'the broker has noticed',
    async () => (await broker.rabbitmqctl('eval', 'rabbit_alarm:get_alarms().')).includes('memory') === on,
    { timeoutMs: 30_000, intervalMs: 500 },
  );
}
