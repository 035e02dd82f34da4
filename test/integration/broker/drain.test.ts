import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerError, type DrainOptions, drain, type MessageCopy } from '../../../src/broker/index.ts';
import { address, newQueueName, purpose } from './labBroker.ts';
import { filled, numbered, ready, TYPES, takeOutBodies, typeArgs, untilReady } from './messages.ts';
import { wireTo } from './wire.ts';

const text = ({ body }: MessageCopy) => Buffer.from(body).toString();

/** Drains into a list. */
async function drainTo(list: string[], options: Pick<DrainOptions, 'queue' | 'take'> & Partial<DrainOptions>) {
  const write = async (message: MessageCopy) => void list.push(text(message));
  return await drain({ address, purpose, write, ...options });
}

for (const type of TYPES) {
  test(`the messages of a ${type} queue are written and taken`, async () => {
    const queue = await filled(numbered(500), { args: typeArgs(type) });
    const list: string[] = [];
    const outcome = await drainTo(list, { queue, take: true });
    assert.deepEqual(outcome, { ended: 'done', written: 500, skipped: 0, maybeStillThere: 0 });
    assert.deepEqual(list, numbered(500));
    await untilReady(queue, 0);
  });

  test(`the messages of a ${type} queue are written and stay in their order`, async () => {
    const queue = await filled(numbered(500), { args: typeArgs(type) });
    const list: string[] = [];
    assert.equal((await drainTo(list, { queue, take: false })).written, 500);
    assert.deepEqual(list, numbered(500));
    assert.deepEqual(await takeOutBodies(queue, 500), numbered(500));
  });

  test(`what the filter does not want stays in a ${type} queue in its order, however fast the others are taken`, async () => {
    const queue = await filled(numbered(3_000), { args: typeArgs(type) });
    const list: string[] = [];
    const isThird = (body: string) => Number(body.slice(1)) % 3 === 0;
    const outcome = await drainTo(list, { queue, take: true, filter: message => isThird(text(message)) });
    assert.deepEqual([outcome.written, outcome.skipped], [1_000, 2_000]);
    assert.deepEqual(list, numbered(3_000).filter(isThird));
    assert.deepEqual(
      await takeOutBodies(queue, 2_000),
      numbered(3_000).filter(body => !isThird(body)),
    );
  });
}

test('a message that could not be written stays in the queue, and so do those behind it', async () => {
  const queue = await filled(numbered(20));
  const full = new Error('no space left');
  const list: string[] = [];
  const write = async (message: MessageCopy) => {
    if (list.length === 7) throw full;
    list.push(text(message));
  };
  const outcome = await drainTo(list, { queue, take: true, write });
  assert.deepEqual(outcome, {
    ended: 'write-failed',
    written: 7,
    skipped: 0,
    maybeStillThere: 0,
    writeError: full,
  });
  assert.deepEqual([...list, ...(await takeOutBodies(queue))], numbered(20));
});

test('a message is taken only when it is written', async () => {
  const queue = await filled(numbered(2));
  const seen: number[] = [];
  const write = async () => {
    // Given back by the loss of the connection, they would be ready.
    seen.push(await ready(queue));
    wire.cut();
  };
  await using wire = await wireTo(address);
  const outcome = await drain({ address: wire.address, purpose, queue, take: true, write });
  assert.deepEqual([outcome.ended, outcome.written, outcome.maybeStillThere], ['connection-lost', 1, 1]);
  assert.deepEqual(await takeOutBodies(queue, 2), numbered(2));
});

test('no more are written than are wanted, and the rest stays', async () => {
  const queue = await filled(numbered(20));
  const list: string[] = [];
  const seen: object[] = [];
  await drainTo(list, { queue, take: true, count: 3, onProgress: progress => void seen.push(progress) });
  assert.deepEqual(list, numbered(3));
  assert.deepEqual(seen.at(-1), { written: 3, skipped: 0, of: 20 });
  assert.deepEqual(await takeOutBodies(queue), numbered(20).slice(3));
});

test('writing that is given up in the middle has taken what is written', async () => {
  const queue = await filled(numbered(2_000));
  const cancel = new AbortController();
  const list: string[] = [];
  const write = async (message: MessageCopy) => {
    list.push(text(message));
    if (list.length === 100) cancel.abort();
  };
  const outcome = await drainTo(list, { queue, take: true, write, signal: cancel.signal });
  assert.deepEqual([outcome.ended, outcome.written], ['cancelled', 100]);
  assert.deepEqual([...list, ...(await takeOutBodies(queue, 1_900))], numbered(2_000));
});

test('a write that does not end is not waited for when it is given up', async () => {
  const queue = await filled(numbered(3));
  const cancel = new AbortController();
  const write = () => {
    cancel.abort();
    return new Promise<void>(() => undefined);
  };
  const outcome = await drainTo([], { queue, take: true, write, signal: cancel.signal });
  assert.deepEqual([outcome.ended, outcome.written], ['cancelled', 0]);
  assert.deepEqual(await takeOutBodies(queue, 3), numbered(3));
});

test('an empty queue has nothing to write, and a missing one says so', async () => {
  const list: string[] = [];
  assert.equal((await drainTo(list, { queue: await filled([]), take: true })).written, 0);
  await assert.rejects(
    drainTo(list, { queue: newQueueName(), take: true }),
    (error: unknown) => error instanceof BrokerError && error.code === 'queue-missing',
  );
  assert.deepEqual(list, []);
});
