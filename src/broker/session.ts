import { setTimeout as delay } from 'node:timers/promises';
import type { ConfirmChannel } from 'amqplib';
import { explainOperation } from './classify.ts';
import { type Connection, type ConnectOptions, openConnection } from './connection.ts';
import { within } from './deadline.ts';
import { BrokerError } from './error.ts';
import { Leaders } from './leader.ts';
import { onChannel } from './operation.ts';
import type { Publication } from './publication.ts';
import { PublishFrames } from './publishFrames.ts';

const OPEN_TIMEOUT_MS = 10_000;
/** A cancelled publication ends within a second, waiting for answers included. */
const CLOSE_TIMEOUT_MS = 300;
const MARK_AGAIN_MS = 250;

/** A connection with one confirm channel to publish through. */
export interface Session {
  readonly connection: Connection;
  /** Of the same broker's queues. */
  readonly leaders: Leaders;
  readonly frames: PublishFrames;
  /** Why the broker has closed the channel, the connection being up. */
  readonly refusal: BrokerError | undefined;
  /** What the broker says on the channel goes to the publication, until the returned function is called. */
  serve(publication: Publication): () => void;
  /** Never rejects. */
  close(): Promise<void>;
}

/** Rejects with a BrokerError. */
export async function openSession(options: ConnectOptions & { queue: string }): Promise<Session> {
  const connection = await openConnection(options);
  try {
    const opening = connection.model.createConfirmChannel();
    const channel = await within(opening, OPEN_TIMEOUT_MS, 'opening a channel', options.signal);
    return sessionOf(connection, channel, options);
  } catch (error) {
    await connection.close(CLOSE_TIMEOUT_MS);
    throw explainOperation(error);
  }
}

function sessionOf(
  connection: Connection,
  channel: ConfirmChannel,
  options: ConnectOptions & { queue: string },
): Session {
  const leaders = new Leaders(options);
  let refusal: BrokerError | undefined;
  let publication: Publication | undefined;
  const lose = (error: BrokerError) => publication?.lose(error);
  // amqplib's own account is of the messages it has sent itself.
  channel.removeAllListeners('ack').removeAllListeners('nack');
  channel.on('ack', ({ deliveryTag, multiple }) => publication?.onAck(deliveryTag, multiple));
  channel.on('nack', ({ deliveryTag, multiple }) => publication?.onNack(deliveryTag, multiple));
  channel.on('return', ({ properties }) => publication?.onReturn(String(properties.messageId)));
  channel.on('error', error => {
    refusal = explainOperation(error);
    lose(refusal);
  });
  connection.model.on('blocked', reason => publication?.onBlocked(reason));
  connection.model.on('unblocked', () => publication?.onBlocked(undefined));
  return {
    connection,
    leaders,
    frames: new PublishFrames(channel, options.queue),
    get refusal() {
      return connection.ended ? undefined : refusal;
    },
    serve(served) {
      publication = served;
      if (refusal) lose(refusal);
      connection.onLost(lose);
      return () => {
        publication = undefined;
      };
    },
    async close() {
      // Not waited for: it may still be connecting.
      void leaders.close();
      await connection.close(CLOSE_TIMEOUT_MS);
    },
  };
}

/**
 * Leaves a mark that the broker removes when the connection has ended on its side: a queue of that connection alone.
 * @returns undefined when the user may not declare it
 */
export async function leaveMark(connection: Connection, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    const declare = onChannel(connection, 'marking the connection', signal, channel =>
      channel.assertQueue('', { exclusive: true, durable: false, autoDelete: true }),
    );
    return (await declare).queue;
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'no-permission') return undefined;
    throw error;
  }
}

/**
 * Returns when the connection that left the mark has ended on the broker's side: bytes of it that are still on their
 * way would otherwise become messages after the queue was looked at.
 */
export async function markGone(
  connection: Connection,
  mark: string | undefined,
  { giveUpAt, signal }: { giveUpAt: number; signal: AbortSignal | undefined },
): Promise<void> {
  while (mark !== undefined) {
    try {
      await onChannel(connection, 'looking for the old connection', signal, channel => channel.checkQueue(mark));
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      if (error.code === 'queue-missing' || error.code === 'no-permission') return;
      if (error.code !== 'queue-in-use') throw error;
    }
    if (performance.now() > giveUpAt) throw new BrokerError('timeout', 'the broker keeps the old connection');
    await delay(MARK_AGAIN_MS, undefined, { signal }).catch(() => {
      throw new BrokerError('cancelled', '');
    });
  }
}
