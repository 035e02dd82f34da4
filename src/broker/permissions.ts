import type { Channel } from 'amqplib';
import type { Connection } from './connection.ts';
import { BrokerError } from './error.ts';
import { onChannel } from './operation.ts';

/** RabbitMQ's rights on a queue's name (https://www.rabbitmq.com/docs/access-control). */
export type Right = 'configure' | 'write' | 'read';

/**
 * Asks by what changes nothing: RabbitMQ looks at the rights before it looks for the queue, so that a name which nobody
 * has tells them.
 */
const ASK: Record<Right, (channel: Channel, queue: string) => Promise<unknown>> = {
  configure: (channel, queue) => channel.deleteQueue(queue),
  write: (channel, queue) => {
    channel.publish('', queue, Buffer.alloc(0));
    // A publish has no answer; a refusal of it comes before that of the next method.
    return channel.prefetch(1);
  },
  read: (channel, queue) => channel.get(queue),
};

/**
 * The rights that the user lacks: to create and delete queues of that name, to publish to the default exchange, to take
 * messages.
 * @param queue a name that no queue has
 * @throws BrokerError of what is no answer to the question
 */
export async function missingRights(
  connection: Connection,
  queue: string,
  signal: AbortSignal | undefined,
): Promise<Right[]> {
  const missing: Right[] = [];
  for (const right of ['configure', 'write', 'read'] as const) {
    try {
      await onChannel(connection, `asking for the right to ${right}`, signal, channel => ASK[right](channel, queue));
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      if (error.code === 'no-permission') missing.push(right);
      else if (error.code !== 'queue-missing') throw error;
    }
  }
  return missing;
}
