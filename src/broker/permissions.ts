import type { Channel } from 'amqplib';
import { type Connection, type ConnectOptions, openConnection } from './connection.ts';
import { BrokerError } from './error.ts';
import { onChannel } from './operation.ts';

/** RabbitMQ's rights on a queue's name (https://www.rabbitmq.com/docs/access-control). */
export type Right = 'configure' | 'write' | 'read';

/**
 * The rights that the user lacks: to create and delete queues of that name, to publish to the default exchange, to take
 * messages. Asked by what changes nothing: RabbitMQ looks at the rights before it looks for the queue, so that a name
 * which nobody has tells them.
 * @param queue a name that no queue has
 * @throws BrokerError of what is no answer to the question
 */
export async function missingRights(connection: Connection, options: ConnectOptions, queue: string): Promise<Right[]> {
  const { signal } = options;
  const missing: Right[] = [];
  const ask = async (right: Right, by: Connection, method: (channel: Channel) => Promise<unknown>) => {
    try {
      await onChannel(by, `asking for the right to ${right}`, signal, method);
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      if (error.code === 'no-permission') missing.push(right);
      else if (error.code !== 'queue-missing') throw error;
    }
  };
  await ask('configure', connection, channel => channel.deleteQueue(queue));
  const publishing = await openConnection(options);
  try {
    // While an alarm lasts the broker reads no more from a connection that has published: then it tells nothing.
    const blocked = new Promise<void>(resolve => publishing.model.once('blocked', () => resolve()));
    const write = ask('write', publishing, channel => {
      channel.publish('', queue, Buffer.alloc(0));
      // A publish has no answer; a refusal of it comes before the answer to what follows.
      return channel.prefetch(1);
    });
    await Promise.race([write, blocked]);
  } finally {
    await publishing.close();
  }
  await ask('read', connection, channel => channel.get(queue));
  return missing;
}
