import type { ConfirmChannel, GetMessage } from 'amqplib';
import { explainOperation } from './classify.ts';
import { type Connection, type ConnectOptions, openConnection } from './connection.ts';
import { within } from './deadline.ts';
import { BrokerError } from './error.ts';
import { copyOf, type MessageCopy } from './messageCopy.ts';
import { checkQueueName } from './operation.ts';
import { insideOf } from './publishFrames.ts';
import { keepRawProperties } from './rawProperties.ts';

/** A message that was got and neither acknowledged nor put back yet. */
export interface Held {
  copy: MessageCopy;
  /** The flags and properties as they came. */
  properties: Buffer;
  /** How many ready messages were behind it. */
  behind: number;
  tag: number;
}

const ANSWER_TIMEOUT_MS = 10_000;
/** Who has cancelled waits no longer; the end of the connection puts the messages back as well. */
const CANCEL_TIMEOUT_MS = 300;
const CLOSE_TIMEOUT_MS = 300;

/**
 * Gets messages one by one from the head of a queue, on a connection of its own, and holds them unacknowledged until
 * they are acknowledged one by one or put back with one nack. That nack puts them back into their places; when the
 * connection ends instead, a quorum queue gets them back in another order (seen with RabbitMQ 4.0.5: that of the
 * delivery tags as text, 1 10 11 … 2 20).
 *
 * Getting, not consuming: a consumer is sent as many messages as it has said, however large they are.
 */
export class QueueReader {
  readonly queue: string;
  /** In confirm mode, to publish what was got: what is sent on one channel is done in the order it was sent. */
  readonly channel: ConfirmChannel;
  readonly #connection: Connection;
  readonly #rawOf: (message: GetMessage) => Buffer;
  readonly #onLost: ((error: BrokerError) => void)[] = [];
  readonly #onBlocked: ((reason: string | undefined) => void)[] = [];
  #lost: BrokerError | undefined;
  #blocked: string | undefined;
  /** Counts the changes of `#blocked`. */
  #turns = 0;
  #got = 0;
  #acked = 0;
  #proven = 0;

  /** Rejects with a BrokerError. */
  static async open(options: ConnectOptions & { queue: string }): Promise<QueueReader> {
    checkQueueName(options.queue);
    const connection = await openConnection(options);
    try {
      const rawOf = keepRawProperties(connection);
      const opening = connection.model.createConfirmChannel();
      const channel = await within(opening, ANSWER_TIMEOUT_MS, 'opening a channel', options.signal);
      return new QueueReader(options.queue, connection, channel, rawOf);
    } catch (error) {
      await connection.close(CLOSE_TIMEOUT_MS);
      throw explainOperation(error);
    }
  }

  private constructor(
    queue: string,
    connection: Connection,
    channel: ConfirmChannel,
    rawOf: (message: GetMessage) => Buffer,
  ) {
    this.queue = queue;
    this.channel = channel;
    this.#connection = connection;
    this.#rawOf = rawOf;
    const lose = (error: BrokerError) => {
      if (this.#lost) return;
      this.#lost = error;
      for (const listener of this.#onLost) listener(error);
    };
    connection.onLost(lose);
    channel.on('error', error => lose(explainOperation(error)));
    connection.model.on('blocked', reason => this.#setBlocked(reason));
    connection.model.on('unblocked', () => this.#setBlocked(undefined));
  }

  /** Why nothing more can be got; undefined while it can. */
  get lost(): BrokerError | undefined {
    return this.#lost;
  }

  /** Whether the broker has closed the channel over something, the connection being up. */
  get isRefused(): boolean {
    return this.#lost !== undefined && this.#connection.ended === undefined;
  }

  /** Acknowledgements of which nothing proves that the broker has them. */
  get unproven(): number {
    return this.#acked - this.#proven;
  }

  /** Called once, when nothing more can be got. */
  onLost(listener: (error: BrokerError) => void): void {
    this.#onLost.push(listener);
  }

  /** Called with the broker's words when it stops reading what is published, and with undefined when it reads again. */
  onBlocked(listener: (reason: string | undefined) => void): void {
    this.#onBlocked.push(listener);
  }

  /**
   * The next message; undefined: the queue is empty.
   * @throws BrokerError 'queue-missing', 'no-permission', 'queue-in-use', 'timeout', 'closed', 'cancelled'
   */
  async next(signal: AbortSignal | undefined): Promise<Held | undefined> {
    const acked = this.#acked;
    if (this.#lost) throw this.#lost;
    const getting = this.channel.get(this.queue);
    const message = await this.answer(getting, ANSWER_TIMEOUT_MS, `a message of '${this.queue}'`, signal);
    this.#proven = acked;
    if (!message) return undefined;
    this.#got++;
    return {
      copy: copyOf(message, this.#got),
      properties: this.#rawOf(message),
      behind: message.fields.messageCount,
      tag: message.fields.deliveryTag,
    };
  }

  /** Takes the message out of the queue for good; it is not proven before something that was sent later is answered. */
  ack({ tag }: Held): void {
    this.#acked++;
    if (this.#lost) return;
    // amqplib would queue it, and what is published next, past that queue, could arrive without it.
    const { write, number } = insideOf(this.channel);
    write(ackFrame(number, tag));
  }

  /** The result of something that the broker does; the time does not run while the broker reads nothing. */
  async answer<T>(work: Promise<T>, timeoutMs: number, what: string, signal: AbortSignal | undefined): Promise<T> {
    for (;;) {
      const turns = this.#turns;
      try {
        return await within(work, timeoutMs, what, signal);
      } catch (error) {
        const isTimeout = error instanceof BrokerError && error.code === 'timeout';
        if (isTimeout && (this.#blocked !== undefined || turns !== this.#turns)) continue;
        throw error instanceof BrokerError ? error : (this.#lost ?? explainOperation(error));
      }
    }
  }

  /** Puts back what is held, and closes. Never rejects; in under a second when `signal` is aborted. */
  async close(signal: AbortSignal | undefined): Promise<void> {
    if (!this.#lost) {
      const timeoutMs = signal?.aborted ? CANCEL_TIMEOUT_MS : ANSWER_TIMEOUT_MS;
      this.channel.nackAll(true);
      // Answered when all before it is done.
      const closing = this.channel.close();
      const closed = this.answer(closing, timeoutMs, 'putting messages back', signal?.aborted ? undefined : signal);
      await closed.then(
        () => {
          this.#proven = this.#acked;
        },
        () => undefined,
      );
    }
    await this.#connection.close(CLOSE_TIMEOUT_MS);
  }

  #setBlocked(reason: string | undefined): void {
    this.#blocked = reason;
    this.#turns++;
    for (const listener of this.#onBlocked) listener(reason);
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
