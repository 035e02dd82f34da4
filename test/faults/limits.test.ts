import assert from 'node:assert/strict';
import { connect as amqpConnect } from 'amqplib';
import { BrokerError, connect, publish } from '../../src/broker/index.ts';
import { formatBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { takeAll } from '../integration/broker/inQueue.ts';
import { address, newQueueName, purpose } from '../integration/broker/labBroker.ts';
import { accountOf } from './accountOf.ts';
import { fault } from './fault.ts';

/** RabbitMQ's frame_max; a message's headers have to fit in one frame. */
const FRAME_BYTES = 131_072;

fault(
  7,
  'headers over 64 KiB arrive whole; those that fit in no frame are named, and cost no other line',
  {},
  async () => {
    const queue = newQueueName();
    const broker = await connect({ address, purpose });
    await broker.declare(queue);
    await broker.close();
    const large = new Map([
      [100, 60_000],
      [200, 65_536],
      [300, 100_000],
      [400, FRAME_BYTES - 400],
      [500, FRAME_BYTES],
      [600, 1_000_000],
    ]);
    const items = Array.from({ length: 1_000 }, (_, i) => {
      const size = large.get(i + 1);
      const fields = size === undefined ? {} : { fields: { headers: { large: 'x'.repeat(size) } } };
      return { body: `item ${i + 1}`, line: i + 1, ...fields };
    });
    const outcome = await publish({ address, purpose, queue, items, runId: 'r' });
    assert.equal(outcome.ended, 'done');
    assert.deepEqual(
      outcome.failed.map(failure => failure.line),
      [500, 600],
    );
    const connection = await amqpConnect(formatBrokerUrl(address));
    const channel = await connection.createChannel();
    const sizes: number[] = [];
    for (let i = 1; i <= 400; i++) {
      const message = await channel.get(queue);
      const header: unknown = message ? message.properties.headers?.large : undefined;
      if (typeof header === 'string') sizes.push(header.length);
    }
    // Unacknowledged: they go back to the queue.
    await connection.close();
    assert.deepEqual(sizes, [60_000, 65_536, 100_000, FRAME_BYTES - 400]);
    return accountOf(items, 'r', outcome, await takeAll(address, queue));
  },
);

fault(
  7,
  'a queue’s name may hold any character but a line break, NUL among them, and 255 bytes',
  { once: true },
  async t => {
    const broker = await connect({ address, purpose });
    t.after(() => broker.close());
    const names = ['nul \0 within', '\u202E\u200B\u0007', 'é'.repeat(50)].map(name => newQueueName(name));
    const longest = newQueueName().padEnd(255, 'x');
    for (const queue of [...names, longest]) {
      await broker.declare(queue);
      const outcome = await publish({ address, purpose, queue, items: [{ body: 'a', line: 1 }], runId: 'r' });
      assert.equal(outcome.confirmed, 1);
      assert.equal((await broker.depth(queue))?.ready, 1);
    }
    await broker.remove(longest);
    for (const queue of ['x'.repeat(256), 'ü'.repeat(128), 'line\nbreak', '']) {
      const refused = (error: unknown) => error instanceof BrokerError && error.code === 'other';
      await assert.rejects(broker.declare(queue), refused);
      await assert.rejects(broker.depth(queue), refused);
      await assert.rejects(broker.purge(queue), refused);
      await assert.rejects(broker.remove(queue), refused);
      await assert.rejects(publish({ address, purpose, queue, items: [], runId: 'r' }), refused);
    }
    // Nothing of it has disturbed the connection.
    assert.equal((await broker.depth(names[0] ?? ''))?.ready, 1);
  },
);
