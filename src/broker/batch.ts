import type { Channel, Message } from 'amqplib';
import { BrokerError } from './error.ts';

export interface Batch {
  messages: Message[];
  /** What came after `maxBytes` of them, without bodies. */
  surplus: Message[];
}

/** Without a message for as long, no more are expected. */
const QUIET_MS = 1_000;
const NO_BYTES = Buffer.alloc(0);

/**
 * Takes a number of messages from the head of a queue and leaves them unacknowledged, with a consumer that is sent that
 * many and is gone afterwards. It cannot be cut short: what a quorum queue has on its way to a consumer that is gone, it
 * puts back by itself, before the others.
 * @param o.tag the consumer's
 * @param o.maxBytes of bodies that are kept; the message that reaches it is the last one with a body
 * @returns what came: fewer than `count` when the queue has no more, or others take them
 * @throws what amqplib throws; BrokerError 'queue-missing' when the queue is deleted meanwhile
 */
export async function takeBatch(
  channel: Channel,
  { queue, tag, count, maxBytes }: { queue: string; tag: string; count: number; maxBytes: number },
): Promise<Batch> {
  const messages: Message[] = [];
  const surplus: Message[] = [];
  const full = Promise.withResolvers<void>();
  full.promise.catch(() => undefined);
  let bytes = 0;
  let arrivedAt = performance.now();
  const onMessage = (message: Message | null) => {
    // The broker takes the consumer away with its queue.
    if (!message) return full.reject(new BrokerError('queue-missing', `no queue '${queue}'`));
    arrivedAt = performance.now();
    if (bytes < maxBytes) messages.push(message);
    else surplus.push({ ...message, content: NO_BYTES });
    bytes += message.content.length;
    if (messages.length + surplus.length === count) full.resolve();
  };
  const onClose = () => full.reject(new Error('the channel is closed'));
  const timer = setInterval(() => {
    if (performance.now() - arrivedAt >= QUIET_MS) full.resolve();
  }, QUIET_MS / 4);
  channel.once('close', onClose);
  try {
    // The prefetch of this consumer, which gets no more unacknowledged.
    await Promise.all([channel.prefetch(count), channel.consume(queue, onMessage, { consumerTag: tag })]);
    await full.promise;
    // Nothing comes after the answer.
    await channel.cancel(tag);
  } finally {
    clearInterval(timer);
    channel.removeListener('close', onClose);
  }
  return { messages, surplus };
}
