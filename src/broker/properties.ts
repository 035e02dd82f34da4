import type { MessageFields } from '../workload/message.ts';
import { encodeFieldTable } from './fieldTable.ts';

/** A message's properties as AMQP 0-9-1 (4.2.6.1) has them in the content header, without the message id's own bytes. */
export interface Properties {
  /** The flags, and what comes before the message id. */
  before: Buffer;
  after: Buffer;
}

/** The delivery mode. */
const PERSISTENT = 2;
/** Stands for the one that is not in here, among those that are. */
const MESSAGE_ID = Buffer.alloc(0);

/** Of a line of text. */
export const TEXT_PROPERTIES = encode({ contentType: 'text/plain', contentEncoding: 'utf-8' });
/** Of bytes of which nothing is known. */
export const BYTES_PROPERTIES = encode({});

/**
 * The properties of a persistent message with these fields; undefined when AMQP has no form for one of them, or the
 * broker would close the connection over it.
 */
export function encodeProperties(fields: MessageFields): Properties | undefined {
  const { priority, timestamp, expiration } = fields;
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0 && priority <= 255)) return undefined;
  if (timestamp !== undefined && !(Number.isSafeInteger(timestamp) && timestamp >= 0)) return undefined;
  // RabbitMQ reads a number of milliseconds in it, 32 bits at most, and closes the channel over anything else.
  if (expiration !== undefined && !(/^\d{1,10}$/.test(expiration) && Number(expiration) < 2 ** 32)) return undefined;
  const { contentType, contentEncoding, correlationId, replyTo, type, appId } = fields;
  for (const text of [contentType, contentEncoding, correlationId, replyTo, type, appId]) {
    if (text !== undefined && Buffer.byteLength(text) > 255) return undefined;
  }
  const headers = fields.headers && encodeFieldTable(fields.headers);
  if (fields.headers && !headers) return undefined;
  return encode(fields, headers);
}

function encode(fields: MessageFields, headers?: Buffer): Properties {
  // In the order of their flags, the highest bit first; the message id always comes, the user id and cluster id never.
  const before = [
    shortString(fields.contentType),
    shortString(fields.contentEncoding),
    headers,
    Buffer.of(PERSISTENT),
    fields.priority === undefined ? undefined : Buffer.of(fields.priority),
    shortString(fields.correlationId),
    shortString(fields.replyTo),
    shortString(fields.expiration),
  ];
  const after = [
    fields.timestamp === undefined ? undefined : seconds(fields.timestamp),
    shortString(fields.type),
    undefined,
    shortString(fields.appId),
  ];
  let flags = 0;
  [...before, MESSAGE_ID, ...after].forEach((bytes, i) => {
    if (bytes) flags |= 1 << (15 - i);
  });
  return { before: Buffer.concat([Buffer.of(flags >> 8, flags & 0xff), ...present(before)]), after: joined(after) };
}

function joined(parts: (Buffer | undefined)[]): Buffer {
  return Buffer.concat(present(parts));
}

function present(parts: (Buffer | undefined)[]): Buffer[] {
  return parts.filter(part => part !== undefined);
}

function seconds(timestamp: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(timestamp));
  return bytes;
}

function shortString(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
