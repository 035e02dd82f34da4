import type { Message } from 'amqplib';
import type { MessageFields } from '../workload/message.ts';
import { count, fieldsOf, isRecord, textOf } from './fields.ts';

/** A message as it was in a queue when it was looked at. */
export interface MessageCopy {
  body: Uint8Array;
  /** Without what the queue itself adds to say how often it has handed the message out. */
  fields: MessageFields;
  /** It was handed out before, to a consumer or to someone who looked. */
  redelivered: boolean;
  /** What it was published to; `''` is the default exchange, which takes the routing key for a queue's name. */
  exchange: string;
  routingKey: string;
  /** From 1, the queue's head when the looking began. */
  position: number;
  /** How often a quorum queue counts it as delivered without success; undefined: it says nothing. */
  deliveryCount: number | undefined;
  /** What made it a dead letter, the newest first. */
  deaths: Death[];
}

export interface Death {
  queue: string;
  /** `rejected`, `expired`, `maxlen` or `delivery_limit`. */
  reason: string;
  count: number;
}

export type MessageFilter = (message: MessageCopy) => boolean;

/**
 * Headers that a quorum queue puts on what it hands out again, the second since RabbitMQ 4.3
 * (https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling): they tell of the queue, not of the message.
 */
export const DELIVERY_HEADERS = ['x-delivery-count', 'x-acquired-count'];

const FIELDS = [
  'contentType',
  'contentEncoding',
  'correlationId',
  'replyTo',
  'expiration',
  'messageId',
  'timestamp',
  'type',
  'appId',
  'priority',
] as const;

/** @param position in the queue, from 1 */
export function copyOf(message: Message, position: number): MessageCopy {
  const { properties, content, fields } = message;
  const headers = fieldsOf(properties.headers);
  return {
    body: content,
    fields: messageFields(properties, headers),
    redelivered: fields.redelivered,
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    position,
    deliveryCount: count(headers['x-delivery-count']),
    deaths: deathsOf(headers['x-death']),
  };
}

/**
 * The queue in which a dead letter died first: where its publisher or the routing had put it. The list of deaths is
 * in the order of the last time in each queue, so it names the first one only when there is no header of its own.
 */
export function originOf({ fields, deaths }: MessageCopy): string | undefined {
  return textOf(fields.headers?.['x-first-death-queue']) ?? deaths.at(-1)?.queue;
}

function messageFields(properties: Message['properties'], headers: Record<string, unknown>): MessageFields {
  const given = FIELDS.map(name => [name, properties[name]]).filter(([, value]) => value !== undefined);
  const own = Object.entries(headers).filter(([name]) => !DELIVERY_HEADERS.includes(name));
  return { ...Object.fromEntries(given), ...(own.length > 0 ? { headers: Object.fromEntries(own) } : {}) };
}

function deathsOf(header: unknown): Death[] {
  if (!Array.isArray(header)) return [];
  return header.filter(isRecord).flatMap(death => {
    const queue = textOf(death.queue);
    return queue === undefined ? [] : [{ queue, reason: textOf(death.reason) ?? '', count: count(death.count) ?? 1 }];
  });
}
