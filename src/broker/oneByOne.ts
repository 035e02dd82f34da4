import { BrokerError } from './error.ts';
import type { OwnChannel } from './ownChannel.ts';
import { PublishFrames } from './publishFrames.ts';

/** As long as a publication waits for a broker that confirms nothing. */
const CONFIRM_TIMEOUT_MS = 60_000;
const NO_BYTES = Buffer.alloc(0);

/** What became of a message that was published: `unroutable` = no such queue, `nacked` = the queue does not take it. */
export type Published = 'confirmed' | 'nacked' | 'unroutable';

/** Publishes messages through a channel, each when the one before has its confirm. */
export class OneByOne {
  readonly #own: OwnChannel;
  #frames: { queue: string; of: PublishFrames } | undefined;
  #waiting: PromiseWithResolvers<Published> | undefined;
  #returned = false;
  #unanswered = false;

  constructor(own: OwnChannel) {
    const { channel } = own;
    this.#own = own;
    // amqplib's own account is of the messages it has sent itself.
    channel.removeAllListeners('ack').removeAllListeners('nack');
    channel.on('ack', () => this.#settle(this.#returned ? 'unroutable' : 'confirmed'));
    channel.on('nack', () => this.#settle(this.#returned ? 'unroutable' : 'nacked'));
    // A message that no queue took comes back before its confirm.
    channel.on('return', () => {
      this.#returned = true;
    });
    own.onLost(error => this.#waiting?.reject(error));
  }

  /** A message was sent, and nothing is known of it. */
  get unanswered(): boolean {
    return this.#unanswered;
  }

  /**
   * Publishes to a queue, mandatory.
   * @param properties the flags and properties as they go over the wire
   * @param signal ends the waiting; the message may be in the queue then
   * @throws BrokerError
   */
  async publish(
    queue: string,
    properties: Buffer,
    body: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<Published> {
    if (this.#own.lost) throw this.#own.lost;
    if (signal?.aborted) throw new BrokerError('cancelled', '');
    if (this.#frames?.queue !== queue) this.#frames = { queue, of: new PublishFrames(this.#own.channel, queue) };
    const { of: frames } = this.#frames;
    this.#returned = false;
    this.#unanswered = true;
    frames.add(undefined, body, body.length, { before: properties, after: NO_BYTES });
    frames.flush();
    this.#waiting = Promise.withResolvers();
    return await this.#own.answer(this.#waiting.promise, CONFIRM_TIMEOUT_MS, `a confirm of '${queue}'`, signal);
  }

  #settle(published: Published): void {
    this.#unanswered = false;
    this.#waiting?.resolve(published);
  }
}
