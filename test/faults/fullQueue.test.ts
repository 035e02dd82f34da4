import assert from 'node:assert/strict';
import { connect as amqpConnect } from 'amqplib';
import { publish } from '../../src/broker/index.ts';
import { formatBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { takeAll } from '../integration/broker/inQueue.ts';
import { address, newQueueName, purpose } from '../integration/broker/labBroker.ts';
import { until } from '../lab/until.ts';
import { accountOf } from './accountOf.ts';
import { fault, NOTHING } from './fault.ts';

const ROOM = 100;
const lines = Array.from({ length: 1_000 }, (_, i) => ({ body: `item ${i + 1}`, line: i + 1 }));

async function fullQueue(type: 'classic' | 'quorum'): Promise<string> {
  const queue = newQueueName();
  const connection = await amqpConnect(formatBrokerUrl(address));
  const channel = await connection.createChannel();
  const args = { 'x-queue-type': type, 'x-max-length': ROOM, 'x-overflow': 'reject-publish' };
  await channel.assertQueue(queue, { durable: true, arguments: args });
  await connection.close();
  return queue;
}

for (const type of ['classic', 'quorum'] as const) {
  fault(5, `a full ${type} queue takes what it has room for, and every other line is named`, {}, async () => {
    const queue = await fullQueue(type);
    const outcome = await publish({ address, purpose, queue, items: lines, runId: 'r' });
    assert.equal(outcome.ended, 'done');
    assert.ok(outcome.failed.every(failure => failure.reason === 'nacked'));
    assert.ok(outcome.confirmed >= ROOM && outcome.confirmed < lines.length, `${outcome.confirmed} were confirmed`);
    return accountOf(lines, 'r', outcome, await takeAll(address, queue));
  });

  fault(5, `a full ${type} queue that a worker empties takes every line in the end, once`, {}, async () => {
    const queue = await fullQueue(type);
    const worker = await amqpConnect(formatBrokerUrl(address));
    const taken: string[] = [];
    try {
      const channel = await worker.createChannel();
      await channel.consume(queue, message => void (message && taken.push(message.content.toString())), {
        noAck: true,
      });
      const outcome = await publish({ address, purpose, queue, items: lines, runId: 'r' });
      assert.equal(outcome.confirmed, lines.length, JSON.stringify(outcome.failed.slice(0, 5)));
      const all = () => new Set(taken).size === lines.length;
      await until('the worker has all', all, { timeoutMs: 30_000 });
    } finally {
      await worker.close();
    }
    return { ...NOTHING, doubled: taken.length - lines.length };
  });
}
