import type { Message } from 'amqplib';
import { type Batch, takeBatch } from './batch.ts';
import type { ConnectOptions } from './connection.ts';
import { within } from './deadline.ts';
import { graceAfter } from './grace.ts';
import { copyOf, type MessageCopy } from './messageCopy.ts';
import { checkQueueName } from './operation.ts';
import { OwnChannel } from './ownChannel.ts';
import { insideOf } from './publishFrames.ts';
import { keepRawProperties } from './rawProperties.ts';

/** A message that was taken and neither acknowledged nor put back yet. */
export interface Held {
  copy: MessageCopy;
  /** The flags and properties as they came. */
  properties: Buffer;
  tag: number;
}

const ANSWER_TIMEOUT_MS = 10_000;
const CANCEL_MS = 500;
/** More than all that it waits for. */
const CLOSE_TIMEOUT_MS = 60_000;
/** 16 MiB may come over a slow line. */
const MESSAGES_TIMEOUT_MS = 30_000;
const FIRST_BATCH = 8;
const MAX_BATCH = 4_096;
/** Of a batch, when all its messages are as large as the largest so far. */
const BATCH_BYTES = 16 * 2 ** 20;
/** Of a batch in the memory, when they turn out larger. */
const MAX_BYTES = 32 * 2 ** 20;
/** Half of what RabbitMQ lets a channel have on its way to a quorum queue before it no longer keeps to the order. */
const MAX_ACKS_BEFORE_RETURN = 16;

/**
 * Takes messages from the head of a queue, on a connection of its own, and holds them unacknowledged until they are
 * acknowledged one by one or put back with one nack, each into its place.
 *
 * They come in batches, each of a consumer that is sent so many and no more. Getting all of them one by one would be
 * simpler, but a quorum queue has a consumer for each get, and the channel has more to put back then than it keeps in
 * order (seen with RabbitMQ 4.0.5: after the 33rd message any order). As the batches double, there are few consumers.
 */
export class QueueReader {
  readonly queue: string;
  /** In confirm mode, to publish what was taken: what is sent on one channel is done in the order it was sent. */
  readonly own: OwnChannel;
  readonly #rawOf: (message: Message) => Buffer;
  /** Taken, and not given by next() yet. */
  #ahead: Message[] = [];
  #taking: Promise<Batch> | undefined;
  /** How many messages at the queue's head were put back because they were too much at a time. */
  #surplus = 0;
  #total: number | undefined;
  #given = 0;
  #batches = 0;
  #largest = 1;
  #acked = 0;
  #proven = 0;

  /** Rejects with a BrokerError. */
  static async open(options: ConnectOptions & { queue: string }): Promise<QueueReader> {
    checkQueueName(options.queue);
    return new QueueReader(options.queue, await OwnChannel.open(options));
  }

  private constructor(queue: string, own: OwnChannel) {
    this.queue = queue;
    this.own = own;
    this.#rawOf = keepRawProperties(own.connection);
  }

  /** How many messages there were when the first one was taken, and no more are given; 0 before that. */
  get total(): number {
    return this.#total ?? 0;
  }

  /** Acknowledgements of which nothing proves that the broker has them. */
  get unproven(): number {
    return this.#acked - this.#proven;
  }

  /**
   * The next message; undefined: there are no more of those that were there at the start.
   * @param wanted how many more are wanted, this one included; no more than these are taken
   * @throws BrokerError 'queue-missing', 'no-permission', 'queue-in-use', 'timeout', 'closed', 'cancelled'
   */
  async next(wanted: number, signal: AbortSignal | undefined): Promise<Held | undefined> {
    if (this.own.lost) throw this.own.lost;
    const left = (this.#total ?? 1) - this.#given;
    if (left === 0) return undefined;
    if (this.#ahead.length === 0) await this.#take(Math.min(wanted, left), signal);
    const message = this.#ahead.shift();
    if (!message) return undefined;
    this.#given++;
    return { copy: copyOf(message, this.#given), properties: this.#rawOf(message), tag: message.fields.deliveryTag };
  }

  /** Takes the message out of the queue for good; it is not proven before something that was sent later is answered. */
  ack({ tag }: Held): void {
    this.#acked++;
    if (this.own.lost) return;
    // amqplib would queue it, and what is published next, past that queue, could arrive without it.
    const { write, number } = insideOf(this.own.channel);
    write(ackFrame(number, tag));
  }

  /**
   * Puts back what is held, and closes. Never rejects. When `signal` is aborted it returns within half a second, and
   * goes on by itself: the order of a quorum queue hangs on that.
   */
  async close(signal: AbortSignal | undefined): Promise<void> {
    const closing = this.#putBack()
      // The end of the connection puts back as well.
      .catch(() => undefined)
      .then(() => this.own.connection.close());
    const grace = graceAfter(signal, CANCEL_MS);
    await within(closing, CLOSE_TIMEOUT_MS, 'closing', grace.signal).catch(() => undefined);
    grace.end();
  }

  async #putBack(): Promise<void> {
    const until = <T>(work: Promise<T>) => within(work, ANSWER_TIMEOUT_MS, 'putting messages back', undefined);
    const { channel, lost, blocked } = this.own;
    if (lost || blocked !== undefined) return;
    // A consumer that is left would get what is put back.
    if (this.#taking) await until(this.#taking);
    // What was put back early has to be put back last. And the answer to a consumer comes when the queue itself has done
    // all before it: a channel that is closed right behind many acks may take some of them along (quorum queues).
    const again = Math.max(this.#surplus, this.unproven > MAX_ACKS_BEFORE_RETURN ? 1 : 0);
    if (again > 0) await until(this.#takeBatch(again, 0));
    channel.nackAll(true);
    // Answered when all before it is done.
    await until(channel.close());
    this.#proven = this.#acked;
  }

  async #take(wanted: number, signal: AbortSignal | undefined): Promise<void> {
    const acked = this.#acked;
    // The answer to the first says how many there are, to whoever may read.
    if (this.#total === undefined) {
      const first = await this.#get(signal);
      this.#total = first ? (first.fields.messageCount ?? 0) + 1 : 0;
    } else {
      const fitting = Math.max(1, Math.floor(BATCH_BYTES / this.#largest));
      const count = Math.min(wanted, fitting, MAX_BATCH, FIRST_BATCH * 2 ** this.#batches);
      this.#taking = this.#takeBatch(count, MAX_BYTES);
      const taken = await this.own.answer(this.#taking, MESSAGES_TIMEOUT_MS, `messages of '${this.queue}'`, signal);
      this.#ahead = taken.messages;
      this.#surplus = Math.max(0, this.#surplus - taken.messages.length - taken.surplus.length) + taken.surplus.length;
      for (const message of taken.surplus) this.own.channel.nack(message, false, true);
      // The others have expired, or somebody else has them; or this consumer is not the one whose turn it is.
      if (this.#ahead.length === 0) await this.#get(signal);
    }
    for (const { content } of this.#ahead) this.#largest = Math.max(this.#largest, content.length);
    this.#proven = acked;
  }

  #takeBatch(count: number, maxBytes: number): Promise<Batch> {
    this.#batches++;
    // Sorted as text, the tags are in the order of the batches; RabbitMQ 3 puts back in that order.
    const tag = `reader-${String(this.#batches).padStart(6, '0')}`;
    return takeBatch(this.own.channel, { queue: this.queue, tag, count, maxBytes });
  }

  async #get(signal: AbortSignal | undefined): Promise<Message | undefined> {
    const getting = this.own.channel.get(this.queue);
    const message = await this.own.answer(getting, MESSAGES_TIMEOUT_MS, `a message of '${this.queue}'`, signal);
    if (!message) return undefined;
    this.#ahead.push(message);
    return message;
  }
}

/** basic.ack (60, 80): the delivery tag in eight bytes, and the bits: not multiple. */
function ackFrame(channel: number, tag: number): Buffer {
  const bytes = Buffer.alloc(21);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt16BE(channel, 1);
  bytes.writeUInt32BE(13, 3);
  bytes.writeUInt32BE(0x003c_0050, 7);
  bytes.writeBigUInt64BE(BigInt(tag), 11);
  bytes.writeUInt8(0xce, 20);
  return bytes;
}
