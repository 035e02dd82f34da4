import type { ConfirmChannel } from 'amqplib';
import { explainOperation } from './classify.ts';
import { type Connection, type ConnectOptions, openConnection } from './connection.ts';
import { within } from './deadline.ts';
import { BrokerError } from './error.ts';

const OPEN_TIMEOUT_MS = 10_000;

/** A confirm channel on a connection of its own, that knows when it is no more and when the broker reads nothing. */
export class OwnChannel {
  readonly connection: Connection;
  readonly channel: ConfirmChannel;
  readonly #onLost: ((error: BrokerError) => void)[] = [];
  readonly #onBlocked: ((reason: string | undefined) => void)[] = [];
  #lost: BrokerError | undefined;
  #blocked: string | undefined;
  /** Counts the changes of `#blocked`. */
  #turns = 0;

  /** Rejects with a BrokerError. */
  static async open(options: ConnectOptions): Promise<OwnChannel> {
    const connection = await openConnection(options);
    try {
      const opening = connection.model.createConfirmChannel();
      return new OwnChannel(connection, await within(opening, OPEN_TIMEOUT_MS, 'opening a channel', options.signal));
    } catch (error) {
      await connection.close();
      throw explainOperation(error);
    }
  }

  private constructor(connection: Connection, channel: ConfirmChannel) {
    this.connection = connection;
    this.channel = channel;
    connection.onLost(error => this.#lose(error));
    channel.on('error', error => this.#lose(explainOperation(error)));
    connection.model.on('blocked', reason => this.#setBlocked(reason));
    connection.model.on('unblocked', () => this.#setBlocked(undefined));
  }

  /** Why the channel is no more; undefined while it is open. */
  get lost(): BrokerError | undefined {
    return this.#lost;
  }

  /** Whether the broker has closed the channel over something, the connection being up. */
  get isRefused(): boolean {
    return this.#lost !== undefined && this.connection.ended === undefined;
  }

  /** The broker's words while it does not read what is sent. */
  get blocked(): string | undefined {
    return this.#blocked;
  }

  /** Called once, when the channel is no more. */
  onLost(listener: (error: BrokerError) => void): void {
    this.#onLost.push(listener);
  }

  /** Called when `blocked` changes. */
  onBlocked(listener: (reason: string | undefined) => void): void {
    this.#onBlocked.push(listener);
  }

  /**
   * The result of something that the broker does; the time does not run while it reads nothing.
   * @param what what is waited for, for the error's detail
   * @throws BrokerError
   */
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

  #lose(error: BrokerError): void {
    if (this.#lost) return;
    this.#lost = error;
    for (const listener of this.#onLost) listener(error);
  }

  #setBlocked(reason: string | undefined): void {
    this.#blocked = reason;
    this.#turns++;
    for (const listener of this.#onBlocked) listener(reason);
  }
}
