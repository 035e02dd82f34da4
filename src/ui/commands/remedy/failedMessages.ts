import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { MessageCopy, MessageFilter } from '../../../broker/index.ts';
import { failedItems } from '../../../workload/failedItems.ts';
import { type ItemReport, REPORTED } from '../../../workload/itemReport.ts';

/** Messages that are known to have failed, and by what. */
export interface FailedMessages {
  messages: MessageCopy[];
  by: 'reports' | 'redelivered';
}

/**
 * Which messages of a queue have failed: those that the workers reported as failed and not as done since; where no worker
 * reports, those that were handed out before, at most so many as are known to have come back, from the head of the
 * queue, where the broker puts them.
 * @param most undefined: not known
 */
export function failedMessages(
  messages: readonly MessageCopy[],
  reports: readonly ItemReport[],
  most?: number,
): FailedMessages {
  const failed = new Set(failedItems(reports).map(({ item }) => item));
  if (failed.size > 0) {
    const hasFailed = (message: MessageCopy) => reported(message).some(item => failed.has(item));
    return { messages: messages.filter(hasFailed), by: 'reports' };
  }
  const before = messages.filter(({ redelivered, deliveryCount = 0 }) => redelivered || deliveryCount > 0);
  return { messages: before.slice(0, most), by: 'redelivered' };
}

/**
 * Lets these messages pass, each once, wherever they are by then. Looking at a queue marks all its messages as
 * redelivered, so what tells the failed ones from the others is only known of the first look.
 */
export function onlyThese(messages: readonly MessageCopy[]): MessageFilter {
  const left = new Map<string, number>();
  for (const message of messages) left.set(keyOf(message), (left.get(keyOf(message)) ?? 0) + 1);
  return message => {
    const key = keyOf(message);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count > 0;
  };
}

/** As the workers of Create Worker print it: what is no UTF-8 byte by byte, or with U+FFFD in its places. */
function reported({ body }: MessageCopy): string[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const texts = isUtf8(bytes) ? [bytes.toString()] : [bytes.toString('latin1'), bytes.toString()];
  return texts.map(text => [...text.slice(0, 2 * REPORTED)].slice(0, REPORTED).join(''));
}

function keyOf({ body, fields }: MessageCopy): string {
  const hash = createHash('sha256').update(body).digest('base64');
  return `${fields.messageId ?? ''} ${hash}`;
}
