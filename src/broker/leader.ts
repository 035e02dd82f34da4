import { type Connection, type ConnectOptions, openConnection } from './connection.ts';
import { BrokerError } from './error.ts';
import { onChannel } from './operation.ts';

/** 'unknown': this user may not ask, or the queue is none that can be asked. */
export type LeaderAnswer = 'empty' | 'not-empty' | 'no-leader' | 'unknown';

/** A leader answers in milliseconds; one without a majority never does. */
const ANSWER_MS = 3_000;
/** As many queues without leader may be asked about at the same time, each of which costs the others the connection. */
const TRIES = 5;

/**
 * Asks the leaders of queues whether they are empty. In AMQP 0-9-1 only basic.get goes to the leader, and RabbitMQ
 * refuses it by ending the connection (541, "Cannot get a message from queue …: noproc"): so it is done on a connection
 * of its own, which is opened when it is first needed.
 */
export class Leaders {
  readonly #options: ConnectOptions;
  #opening: Promise<Connection> | undefined;
  #closed = false;

  constructor(options: ConnectOptions) {
    this.#options = options;
  }

  /** Whether an existing queue is empty, as its leader says. Rejects with BrokerError 'cancelled' only. */
  async ask(queue: string, signal: AbortSignal | undefined): Promise<LeaderAnswer> {
    for (let tries = 0; tries < TRIES; tries++) {
      let connection: Connection;
      try {
        connection = await this.#open();
      } catch {
        return 'unknown';
      }
      try {
        return await look(connection, queue, signal);
      } catch (error) {
        if (signal?.aborted) throw error;
        const { ended } = connection;
        if (!ended) return error instanceof BrokerError && error.code === 'timeout' ? 'no-leader' : 'unknown';
        if (ended.detail.startsWith('NOT_IMPLEMENTED')) return 'unknown';
        // Ended for this queue, or for another one that was asked about at the same time.
        if (ended.detail.includes(`'${queue}' in vhost`)) return 'no-leader';
      }
    }
    return 'no-leader';
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connection = await this.#opening?.catch(() => undefined);
    await connection?.close();
  }

  async #open(): Promise<Connection> {
    if (this.#closed) throw new BrokerError('closed', '');
    const { signal: _, ...options } = this.#options;
    this.#opening ??= openConnection(options);
    const opening = this.#opening;
    const connection = await opening.catch(() => undefined);
    if (connection && !connection.ended) return connection;
    // The next one tries anew; who has failed to connect does not.
    if (this.#opening === opening) this.#opening = undefined;
    return connection ? await this.#open() : await opening;
  }
}

async function look(connection: Connection, queue: string, signal: AbortSignal | undefined): Promise<LeaderAnswer> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  const what = `the leader of '${queue}'`;
  try {
    return await onChannel(connection, what, signal ? AbortSignal.any([signal, limit]) : limit, async channel => {
      const message = await channel.get(queue);
      // One that has come since: it goes back to its place, and the next look counts it.
      if (message) channel.nack(message, false, true);
      return message ? 'not-empty' : 'empty';
    });
  } catch (error) {
    if (limit.aborted && !signal?.aborted) throw new BrokerError('timeout', what);
    throw error;
  }
}
