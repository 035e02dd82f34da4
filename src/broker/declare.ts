import type { Connection } from './connection.ts';
import { checkQueueName, onChannel } from './operation.ts';

/** What a durable queue is made with. */
export interface QueueDefinition {
  /** Left out: the vhost's default, which is classic on most brokers, as `amqp-declare-queue -d` makes it. */
  type?: 'classic' | 'quorum';
  /** As `x-message-ttl`; https://www.rabbitmq.com/docs/queues#optional-arguments. */
  arguments?: Record<string, string | number | boolean>;
}

/**
 * Makes sure that there is such a queue. The connection is not harmed when there is another one.
 * @throws BrokerError 'queue-differs' with the argument that differs; 'other' for arguments that no queue can have
 */
export async function declareQueue(
  connection: Connection,
  queue: string,
  definition: QueueDefinition,
  signal: AbortSignal | undefined,
): Promise<void> {
  checkQueueName(queue);
  const args = { ...definition.arguments };
  if (definition.type) args['x-queue-type'] = definition.type;
  await onChannel(connection, `declaring '${queue}'`, signal, channel =>
    channel.assertQueue(queue, { durable: true, arguments: args }),
  );
}
