import type { Channel } from 'amqplib';
import { explainOperation } from './classify.ts';
import type { Connection } from './connection.ts';
import { within } from './deadline.ts';
import { BrokerError } from './error.ts';

/** A broker under load answers within a second or two; a quorum queue without majority takes its own 5 s to say so. */
const OPERATION_TIMEOUT_MS = 10_000;

/**
 * Runs `work` on a channel of its own, because a refusal closes the channel and with it every other operation there.
 * Rejects with a BrokerError.
 * @param what the operation, for the error of a timeout
 */
export async function onChannel<T>(
  connection: Connection,
  what: string,
  signal: AbortSignal | undefined,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  if (connection.ended) throw connection.ended;
  let refused: Error | undefined;
  const operation = async () => {
    const channel = await connection.model.createChannel();
    // A refusal rejects the operation as well, but not always with the broker's words.
    channel.on('error', error => {
      refused = error;
    });
    try {
      return await work(channel);
    } finally {
      // Not waited for: on a channel that is closed, or busy with what has timed out, there is nothing to wait for.
      if (!refused && !connection.ended) channel.close().catch(() => undefined);
    }
  };
  try {
    return await within(operation(), OPERATION_TIMEOUT_MS, what, signal);
  } catch (error) {
    throw error instanceof BrokerError ? error : (connection.ended ?? explainOperation(refused ?? error));
  }
}

/**
 * A name as AMQP 0-9-1 (section 1.1) allows it. The broker gives an empty one another meaning: a new queue, or the
 * channel's last one. RabbitMQ leaves line breaks out when it declares a queue, but not when it looks for one to put a
 * message into.
 * @throws BrokerError 'other'
 */
export function checkQueueName(queue: string): void {
  const bytes = Buffer.byteLength(queue);
  if (bytes < 1 || bytes > 255) throw new BrokerError('other', 'a queue name has 1 to 255 bytes');
  if (/[\r\n]/.test(queue)) throw new BrokerError('other', 'a queue name has no line breaks');
}
