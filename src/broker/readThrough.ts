import type { Channel, ConsumeMessage } from 'amqplib';
import { explainOperation } from './classify.ts';
import type { Connection } from './connection.ts';
import { within } from './deadline.ts';
import { BrokerError } from './error.ts';

const OPERATION_TIMEOUT_MS = 10_000;
/** Who has cancelled waits no longer; closing the connection puts the messages back as well. */
const CANCEL_TIMEOUT_MS = 300;
/** Without a message for as long, the queue is asked whether there are any left. */
const QUIET_MS = 1_000;
/** How long a broker may leave messages undelivered that it says are there. */
const SILENCE_MS = 20_000;
/** The field that holds it has 16 bits. */
const MAX_PREFETCH = 65_535;

/**
 * Goes through the first `count` messages of a queue without consuming them: takes them unacknowledged, and puts them
 * back into their places with one nack. Meanwhile nobody else gets them; afterwards
 * they are marked as redelivered, and on a quorum queue before RabbitMQ 4.3 the return counts against the delivery limit.
 *
 * @param visit called for each message, in the queue's order; 'stop' ends it there
 * @returns when the broker has taken the messages back
 * @throws BrokerError 'cancelled', 'no-permission', 'closed', 'timeout'
 */
export async function readThrough(
  connection: Connection,
  o: { queue: string; count: number; signal: AbortSignal | undefined },
  visit: (message: ConsumeMessage) => 'next' | 'stop',
): Promise<void> {
  if (o.count === 0) return;
  if (connection.ended) throw connection.ended;
  let refused: Error | undefined;
  const channel = await within(
    connection.model.createChannel(),
    OPERATION_TIMEOUT_MS,
    'opening a channel',
    o.signal,
  ).catch(error => {
    throw explainOperation(error);
  });
  channel.on('error', error => {
    refused = error;
  });
  try {
    await take(channel, connection, o, visit);
  } catch (error) {
    throw error instanceof BrokerError ? error : (connection.ended ?? explainOperation(refused ?? error));
  } finally {
    const timeoutMs = o.signal?.aborted ? CANCEL_TIMEOUT_MS : OPERATION_TIMEOUT_MS;
    if (!refused && !connection.ended) await putBack(channel, connection, timeoutMs);
  }
}

async function take(
  channel: Channel,
  connection: Connection,
  { queue, count, signal }: { queue: string; count: number; signal: AbortSignal | undefined },
  visit: (message: ConsumeMessage) => 'next' | 'stop',
): Promise<void> {
  const done = Promise.withResolvers<void>();
  connection.onLost(done.reject);
  channel.on('error', done.reject);
  const cancel = () => done.reject(new BrokerError('cancelled', ''));
  signal?.addEventListener('abort', cancel);
  let seen = 0;
  let over = signal?.aborted === true;
  let arrivedAt = performance.now();
  const onMessage = (message: ConsumeMessage | null) => {
    // The broker takes the consumer away with its queue.
    if (!message) return done.reject(new BrokerError('queue-missing', ''));
    if (over) return;
    arrivedAt = performance.now();
    const next = visit(message);
    seen++;
    if (next === 'stop' || seen === count) {
      over = true;
      done.resolve();
    }
  };
  // A queue may hold fewer than it did when it was counted: messages expire.
  const look = async () => {
    const quietMs = performance.now() - arrivedAt;
    if (quietMs < QUIET_MS) return;
    if (quietMs > SILENCE_MS) throw new BrokerError('timeout', `'${queue}' does not deliver its messages`);
    if ((await channel.checkQueue(queue)).messageCount === 0) done.resolve();
  };
  const timer = setInterval(() => void look().catch(done.reject), QUIET_MS);
  let consumer: string | undefined;
  const consuming = async () => {
    await channel.prefetch(count > MAX_PREFETCH ? 0 : count);
    consumer = (await channel.consume(queue, onMessage)).consumerTag;
  };
  try {
    if (over) cancel();
    await Promise.race([consuming().then(() => done.promise), done.promise]);
  } finally {
    over = true;
    clearInterval(timer);
    signal?.removeEventListener('abort', cancel);
    // A consumer that is left would get what is put back. Not waited for: what follows on the channel comes after it.
    if (consumer !== undefined && !connection.ended) channel.cancel(consumer).catch(() => undefined);
  }
}

/** The answer to channel.close comes after everything before it is done. */
async function putBack(channel: Channel, connection: Connection, timeoutMs: number): Promise<void> {
  try {
    channel.nackAll(true);
    // amqplib leaves a close unanswered when the connection goes.
    const lost = new Promise(resolve => connection.onLost(resolve));
    await within(Promise.race([channel.close(), lost]), timeoutMs, 'putting messages back', undefined);
  } catch {
    // A channel that has ended meanwhile gives its messages back by that.
  }
}
