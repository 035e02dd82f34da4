import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerError, type TransferOptions, transfer } from '../../../src/broker/index.ts';
import { QueueReader } from '../../../src/broker/queueReader.ts';
import { until } from '../../lab/until.ts';
import { address, newQueueName, newUser, purpose } from './labBroker.ts';
import {
  filled,
  numbered,
  ready,
  rejectAll,
  removeQueue,
  TYPES,
  takeOut,
  takeOutBodies,
  typeArgs,
  untilReady,
} from './messages.ts';
import { wireTo } from './wire.ts';

type Options = Omit<TransferOptions, 'address' | 'purpose' | 'to'> & { to: string | 'origin' };
const move = ({ to, ...options }: Options, as: Partial<TransferOptions> = {}) =>
  transfer({ address, purpose, to: to === 'origin' ? to : { queue: to }, ...options, ...as });

const nothing = { skipped: 0, noOrigin: 0, maybeTwice: 0 } as const;

/** The flags and properties of the first message of a queue as they go over the wire. */
async function rawProperties(queue: string): Promise<Buffer> {
  const reader = await QueueReader.open({ address, purpose, queue });
  const held = await reader.next(1, undefined);
  await reader.close(undefined);
  assert.ok(held);
  return held.properties;
}

for (const from of TYPES) {
  for (const to of TYPES) {
    test(`all messages of a ${from} queue move to a ${to} queue in their order`, async () => {
      const source = await filled(numbered(300), { args: typeArgs(from) });
      const target = await filled([], { args: typeArgs(to) });
      const outcome = await move({ from: source, to: target, keep: false });
      assert.deepEqual(outcome, { ended: 'done', done: 300, arrived: new Map([[target, 300]]), of: 300, ...nothing });
      assert.deepEqual(await takeOutBodies(target), numbered(300));
      assert.equal(await ready(source), 0);
    });
  }

  test(`what the filter does not want stays in its place in a ${from} queue`, async () => {
    const source = await filled(numbered(300), { args: typeArgs(from) });
    const target = await filled([]);
    const isThird = (body: string) => Number(body.slice(1)) % 3 === 0;
    const filter = ({ body }: { body: Uint8Array }) => isThird(Buffer.from(body).toString());
    const outcome = await move({ from: source, to: target, keep: false, filter });
    assert.deepEqual([outcome.done, outcome.skipped], [100, 200]);
    assert.deepEqual(await takeOutBodies(target), numbered(300).filter(isThird));
    assert.deepEqual(
      await takeOutBodies(source, 200),
      numbered(300).filter(body => !isThird(body)),
    );
  });

  test(`a copy leaves a ${from} queue as it was`, async () => {
    const source = await filled(numbered(100), { args: typeArgs(from) });
    const target = await filled([]);
    const outcome = await move({ from: source, to: target, keep: true });
    assert.deepEqual([outcome.ended, outcome.done], ['done', 100]);
    assert.deepEqual(await takeOutBodies(target), numbered(100));
    assert.deepEqual(await takeOutBodies(source, 100), numbered(100));
  });

  test(`a move from a ${from} queue that is cut off loses nothing and doubles one message at most`, async () => {
    const source = await filled(numbered(2_000), { args: typeArgs(from) });
    const target = await filled([]);
    await using wire = await wireTo(address);
    const onProgress = ({ done }: { done: number }) => done > 100 && wire.cut();
    const outcome = await move({ from: source, to: target, keep: false, onProgress }, { address: wire.address });
    assert.equal(outcome.ended, 'connection-lost');
    assert.equal(outcome.error?.code, 'closed');
    const moved = await takeOutBodies(target);
    assert.ok(moved.length - outcome.done <= outcome.maybeTwice && moved.length >= outcome.done);
    await until('the rest is back', async () => (await ready(source)) >= 2_000 - moved.length, { timeoutMs: 10_000 });
    const left = await takeOutBodies(source);
    const doubled = moved.length + left.length - 2_000;
    assert.ok(doubled >= 0 && doubled <= outcome.maybeTwice, `${doubled} doubled`);
    assert.deepEqual(new Set([...moved, ...left]), new Set(numbered(2_000)));
  });
}

test('no more messages move than are wanted, and the others are not touched', async () => {
  const source = await filled(numbered(30));
  const target = await filled([]);
  assert.equal((await move({ from: source, to: target, keep: false, count: 12 })).done, 12);
  assert.deepEqual(await takeOutBodies(target), numbered(12));
  const left = await takeOut(source);
  assert.deepEqual(
    left.map(message => message.content.toString()),
    numbered(30).slice(12),
  );
  assert.ok(left.every(message => !message.fields.redelivered));
});

test('a message keeps every byte of its body and of its properties', async () => {
  const body = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256));
  const headers = {
    id: { '!': 'int64', value: 9_007_199_254_740_993n },
    small: { '!': 'int64', value: 5 },
    ratio: { '!': 'float', value: 0.1 },
    at: { '!': 'timestamp', value: 1_700_000_000 },
    price: { '!': 'decimal', value: { places: 2, digits: 1999 } },
    raw: Buffer.from([0, 255]),
    nested: { list: [true, null, 'ü', { deep: -1 }] },
  };
  const properties = {
    contentType: 'application/octet-stream',
    contentEncoding: 'gzip',
    correlationId: 'c',
    replyTo: 'r',
    expiration: '600000',
    messageId: 'run/7',
    timestamp: 1_700_000_000,
    type: 't',
    appId: 'a',
    userId: 'guest',
    priority: 4,
    headers,
  };
  const source = await filled([body, ''], { properties: i => (i === 0 ? properties : {}) });
  const before = await rawProperties(source);
  const target = await filled([]);
  assert.equal((await move({ from: source, to: target, keep: false })).done, 2);
  assert.deepEqual(await rawProperties(target), before);
  const [first, second] = await takeOut(target);
  assert.ok(first?.content.equals(body));
  assert.equal(second?.content.length, 0);
  assert.equal(second?.properties.messageId, undefined);
});

test('a message that was not persistent is so in its new queue', async () => {
  const source = await filled(['x'], { properties: () => ({ persistent: false }) });
  const target = await filled([]);
  await move({ from: source, to: target, keep: false });
  assert.equal((await takeOut(target))[0]?.properties.deliveryMode, 2);
});

test('copies that the publisher asked for are not made once more, and what a quorum queue counts is left behind', async () => {
  const elsewhere = await filled([]);
  const source = await filled(['x'], { args: typeArgs('quorum'), properties: () => ({ CC: [elsewhere] }) });
  assert.equal((await takeOut(elsewhere)).length, 1);
  const target = await filled([]);
  // The second time the queue says how often it was delivered.
  await rawProperties(source);
  await move({ from: source, to: target, keep: false });
  assert.deepEqual((await takeOut(target))[0]?.properties.headers, {});
  assert.equal(await ready(elsewhere), 0);
});

test('a user other than the publisher moves messages that name their publisher', async () => {
  const source = await filled(['x'], { properties: () => ({ userId: 'guest' }) });
  const target = await filled([]);
  const user = await newUser('p', { configure: '', write: '.*', read: '.*' });
  const outcome = await move({ from: source, to: target, keep: false }, { address: user });
  assert.deepEqual([outcome.ended, outcome.done], ['done', 1]);
  assert.equal((await takeOut(target))[0]?.properties.userId, undefined);
});

test('a queue that hands on to where the messages come from does not go round for ever', async () => {
  const source = await filled(numbered(40));
  const back = { 'x-max-length': 3, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': source };
  const target = await filled([], { args: back });
  assert.equal((await move({ from: source, to: target, keep: false })).done, 40);
  await untilReady(source, 37);
  assert.equal((await move({ from: source, to: source, keep: true })).done, 37);
  assert.equal(await ready(source), 74);
});

test('dead letters go back to the queues they came from, as if they had never died', async () => {
  const dead = await filled(['never died']);
  const args = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': dead };
  const one = await filled(['a', 'b'], { args });
  const two = await filled(['c'], { args });
  const lost = await filled(['d'], { args });
  for (const queue of [one, two, lost]) await rejectAll(queue);
  await untilReady(dead, 5);
  await removeQueue(lost);
  const outcome = await move({ from: dead, to: 'origin', keep: false });
  assert.deepEqual(outcome, {
    ended: 'done',
    done: 3,
    arrived: new Map([
      [one, 2],
      [two, 1],
    ]),
    ...nothing,
    of: 5,
    noOrigin: 2,
  });
  const back = await takeOut(one);
  assert.deepEqual(
    back.map(message => message.content.toString()),
    ['a', 'b'],
  );
  assert.ok(back.every(message => Object.keys(message.properties.headers ?? {}).length === 0));
  assert.deepEqual(await takeOutBodies(two), ['c']);
  assert.deepEqual(await takeOutBodies(dead), ['never died', 'd']);
});

test('a dead letter that moves to a queue by name keeps its account', async () => {
  const dead = await filled([]);
  const source = await filled(['a'], { args: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': dead } });
  await rejectAll(source);
  await untilReady(dead, 1);
  const target = await filled([]);
  await move({ from: dead, to: target, keep: false });
  assert.equal((await takeOut(target))[0]?.properties.headers?.['x-death']?.[0]?.queue, source);
});

for (const type of TYPES) {
  test(`a ${type} queue whose messages are for a queue that is missing is left as it was`, async () => {
    const source = await filled(numbered(50), { args: typeArgs(type) });
    const target = newQueueName();
    const { error, ...outcome } = await move({ from: source, to: target, keep: false });
    const refusal = { queue: target, reason: 'unroutable' };
    assert.deepEqual(outcome, { ended: 'refused', done: 0, of: 50, arrived: new Map(), ...nothing, refusal });
    assert.equal(error?.code, 'queue-missing');
    assert.deepEqual(await takeOutBodies(source, 50), numbered(50));
  });
}

test('a full queue takes what it has room for, and the rest stays in order', async () => {
  const source = await filled(numbered(50));
  const target = await filled([], { args: { 'x-max-length': 5, 'x-overflow': 'reject-publish' } });
  const outcome = await move({ from: source, to: target, keep: false });
  assert.equal(outcome.ended, 'refused');
  assert.deepEqual(outcome.refusal, { queue: target, reason: 'nacked' });
  const moved = await takeOutBodies(target);
  assert.equal(outcome.done, moved.length);
  assert.ok(moved.length >= 5 && moved.length < 50);
  assert.deepEqual([...moved, ...(await takeOutBodies(source))], numbered(50));
});

test('a user who may not publish moves nothing, and is told so', async () => {
  const source = await filled(numbered(5));
  const user = await newUser('p', { configure: '', write: '^$', read: '.*' });
  const outcome = await move({ from: source, to: await filled([]), keep: false }, { address: user });
  assert.deepEqual([outcome.ended, outcome.error?.code, outcome.maybeTwice], ['refused', 'no-permission', 0]);
  await untilReady(source, 5);
});

test('a move from a queue that is missing is refused before anything is done', async () => {
  await assert.rejects(
    move({ from: newQueueName(), to: await filled([]), keep: false }),
    (error: unknown) => error instanceof BrokerError && error.code === 'queue-missing',
  );
});

for (const type of TYPES) {
  test(`a move from a ${type} queue that is given up says exactly what has moved, and the rest is in order`, async () => {
    const source = await filled(numbered(2_000), { args: typeArgs(type) });
    const target = await filled([]);
    const cancel = new AbortController();
    const onProgress = ({ done }: { done: number }) => done > 100 && cancel.abort();
    const outcome = await move({ from: source, to: target, keep: false, onProgress, signal: cancel.signal });
    assert.deepEqual([outcome.ended, outcome.error], ['cancelled', undefined]);
    const moved = await takeOutBodies(target);
    assert.ok(outcome.done > 100 && outcome.done < 2_000);
    assert.equal(moved.length, outcome.done);
    assert.deepEqual([...moved, ...(await takeOutBodies(source, 2_000 - moved.length))], numbered(2_000));
  });
}

test('a move that is given up before it began moves nothing', async () => {
  const source = await filled(['x']);
  const signal = AbortSignal.abort();
  const outcome = await move({ from: source, to: await filled([]), keep: false, signal });
  assert.deepEqual(outcome, { ended: 'cancelled', done: 0, of: 0, arrived: new Map(), ...nothing });
});

test('progress counts to the number that there was', async () => {
  const source = await filled(numbered(20));
  const seen: object[] = [];
  await move({ from: source, to: await filled([]), keep: false, onProgress: progress => void seen.push(progress) });
  assert.deepEqual(seen.at(-1), { done: 20, skipped: 0, of: 20, blocked: undefined });
});
