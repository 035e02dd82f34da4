import type { ConnectOptions } from './connection.ts';
import type { MessageCopy } from './messageCopy.ts';
import { QueueReader } from './queueReader.ts';

export interface PeekOptions extends ConnectOptions {
  queue: string;
  /** The most messages to return. */
  count: number;
  /** Position of the first message to return; default 1, the queue's head. */
  from?: number;
  /** It ends with the message that reaches this size together with those before; default 64 MiB. */
  maxBytes?: number;
}

const MAX_BYTES = 64 * 2 ** 20;

/**
 * Looks at messages without taking them: takes them unacknowledged and puts all of them, and those before `from`, back
 * into their places with one nack. Meanwhile nobody else gets them; afterwards they are marked as redelivered, and a
 * quorum queue before RabbitMQ 4.3 counts that against their delivery limit. When the connection is lost meanwhile they
 * go back by themselves, on a quorum queue perhaps in another order.
 * @returns `more`: how many ready messages were behind the last one that was looked at
 * @throws BrokerError 'queue-missing', 'no-permission', 'queue-in-use', 'cancelled', …
 */
export async function peek(options: PeekOptions): Promise<{ messages: MessageCopy[]; more: number }> {
  const { count, from = 1, maxBytes = MAX_BYTES, signal } = options;
  const reader = await QueueReader.open(options);
  try {
    const messages: MessageCopy[] = [];
    let looked = 0;
    for (let bytes = 0; messages.length < count && bytes < maxBytes; looked++) {
      const held = await reader.next(from - 1 + count - looked, signal);
      if (!held) break;
      if (held.copy.position < from) continue;
      messages.push(held.copy);
      bytes += held.copy.body.length + held.properties.length;
    }
    return { messages, more: reader.total - looked };
  } finally {
    await reader.close(signal);
  }
}
