import { after } from 'node:test';
import { connect, type Message, type Options } from 'amqplib';
import { formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { until } from '../../lab/until.ts';
import { address, newQueueName } from './labBroker.ts';

const connection = await connect(formatBrokerUrl(address), { noDelay: true });
after(() => connection.close());

/** A new queue with these bodies, in their order. */
export async function filled(
  bodies: (string | Buffer)[],
  { args = {}, properties = () => ({}) }: { args?: object; properties?: (i: number) => Options.Publish } = {},
): Promise<string> {
  const queue = newQueueName();
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue(queue, { durable: true, arguments: args });
  bodies.forEach((body, i) => {
    channel.sendToQueue(queue, Buffer.from(body), { persistent: true, ...properties(i) });
  });
  await channel.waitForConfirms();
  await channel.close();
  return queue;
}

/**
 * Takes everything out of a queue, in its order.
 * @param count when it holds as many; a quorum queue has what is put back a little later
 */
export async function takeOut(queue: string, count?: number): Promise<Message[]> {
  if (count !== undefined) await untilReady(queue, count);
  const channel = await connection.createChannel();
  const { messageCount } = await channel.checkQueue(queue);
  const messages: Message[] = [];
  if (messageCount > 0) {
    const all = Promise.withResolvers<void>();
    const onMessage = (message: Message | null) => {
      if (message && messages.push(message) === messageCount) all.resolve();
    };
    await channel.consume(queue, onMessage, { noAck: true });
    await all.promise;
  }
  await channel.close();
  return messages;
}

export async function takeOutBodies(queue: string, count?: number): Promise<string[]> {
  return (await takeOut(queue, count)).map(message => message.content.toString());
}

/** Ready messages, by a fresh look. */
export async function ready(queue: string): Promise<number> {
  const channel = await connection.createChannel();
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount;
}

export async function untilReady(queue: string, count: number): Promise<void> {
  await until(`${count} are ready`, async () => (await ready(queue)) === count, { timeoutMs: 10_000, intervalMs: 20 });
}

/** Refuses every message of a queue, which makes them dead letters. */
export async function rejectAll(queue: string): Promise<void> {
  const channel = await connection.createChannel();
  for (;;) {
    const message = await channel.get(queue);
    if (!message) break;
    channel.reject(message, false);
  }
  await channel.close();
}

export async function removeQueue(queue: string): Promise<void> {
  const channel = await connection.createChannel();
  await channel.deleteQueue(queue);
  await channel.close();
}

/** `m1`, `m2`, … */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `m${i + 1}`);
}

export const TYPES = ['classic', 'quorum'] as const;
/** The arguments of a queue of that type. */
export const typeArgs = (type: (typeof TYPES)[number]) => (type === 'quorum' ? { 'x-queue-type': 'quorum' } : {});
