import type { ConfirmChannel } from 'amqplib';
import { explainOperation, words } from './classify.ts';
import { type Connection, type ConnectOptions, openConnection } from './connection.ts';
import { within } from './deadline.ts';
import { BrokerError } from './error.ts';
import { checkQueueName, onChannel } from './operation.ts';
import { type Failure, Publication, type PublishProgress } from './publication.ts';
import { PublishFrames } from './publishFrames.ts';
import { type Item, Source } from './source.ts';
import { Wake } from './wake.ts';

export interface PublishOptions extends ConnectOptions {
  /** A durable queue that exists. */
  queue: string;
  /** In ascending order of `line`; read no further ahead than the window. */
  items: Iterable<Item> | AsyncIterable<Item>;
  /** Begins the message ids, `runId/line`. */
  runId: string;
  /** Called ten times a second at most, at the end, and when the broker stops or resumes reading. */
  onProgress?: (progress: PublishProgress) => void;
  /** Most messages that wait for their confirm at one time; default 1,000. */
  window?: number;
}

/** The account of a publication: every item is in exactly one of the four. */
export interface PublishOutcome {
  /** 'source-failed': `items` threw; what it had given before is accounted for. */
  ended: 'done' | 'cancelled' | 'connection-lost' | 'source-failed';
  /** How many the broker has taken responsibility for. */
  confirmed: number;
  /** What is surely not in the queue, by line. */
  failed: Failure[];
  /** Lines that were sent and whose answer never came: they may be in the queue, or not. */
  unknown: number[];
  /** The first line that was not sent, and all after it were not either. */
  unsent: { from: number } | undefined;
  error?: BrokerError;
}

/**
 * Throughput is at most window / time to confirm: 1,000 keep a broker busy that takes 25 ms to write to its disk, and
 * are few enough to list when a connection is lost.
 */
const WINDOW = 1_000;
/** A message id has 255 bytes at most, and the line number follows. */
const MAX_RUN_ID_BYTES = 200;
const OPEN_TIMEOUT_MS = 10_000;
/** A cancelled publication ends within a second, with CANCEL_MS of waiting for answers before this. */
const CLOSE_TIMEOUT_MS = 300;

/**
 * Publishes items as persistent messages to a queue, each confirmed by the broker, on a connection of its own.
 * What happens once sending has begun is in the outcome; before that it rejects with a BrokerError, as 'queue-missing'.
 */
export async function publish(options: PublishOptions): Promise<PublishOutcome> {
  checkQueueName(options.queue);
  if (Buffer.byteLength(options.runId) > MAX_RUN_ID_BYTES) throw new BrokerError('other', 'the run id is too long');
  const wake = new Wake();
  const source = new Source(options.items, () => wake.notify());
  let connection: Connection | undefined;
  try {
    connection = await openConnection(options);
    await checkQueue(connection, options);
    const channel = await within(
      connection.model.createConfirmChannel(),
      OPEN_TIMEOUT_MS,
      'opening a channel',
      options.signal,
    );
    return await publishThrough(connection, channel, source, wake, options);
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'cancelled') throw error;
    return outcome('cancelled', undefined, source);
  } finally {
    source.close();
    await connection?.close(CLOSE_TIMEOUT_MS);
  }
}

/** A message to a missing queue would come back one by one; so it is asked for before anything is sent. */
async function checkQueue(connection: Connection, { queue, signal }: PublishOptions): Promise<void> {
  try {
    await onChannel(connection, `looking for '${queue}'`, signal, channel => channel.checkQueue(queue));
  } catch (error) {
    // From RabbitMQ 4.3 on, looking needs the right to configure, which a publisher may lack.
    if (!(error instanceof BrokerError) || error.code !== 'no-permission') throw error;
  }
}

async function publishThrough(
  connection: Connection,
  channel: ConfirmChannel,
  source: Source,
  wake: Wake,
  { queue, runId, window = WINDOW, onProgress, signal }: PublishOptions,
): Promise<PublishOutcome> {
  const frames = new PublishFrames(channel, queue);
  const publication = new Publication({ source, frames, runId, window, wake, onProgress });
  // amqplib's own account is of the messages it has sent itself.
  channel.removeAllListeners('ack').removeAllListeners('nack');
  channel.on('ack', ({ deliveryTag, multiple }) => publication.onAck(deliveryTag, multiple));
  channel.on('nack', ({ deliveryTag, multiple }) => publication.onNack(deliveryTag, multiple));
  channel.on('return', ({ properties }) => publication.onReturn(String(properties.messageId)));
  channel.on('error', error => publication.lose(explainOperation(error)));
  connection.model.on('blocked', reason => publication.onBlocked(reason));
  connection.model.on('unblocked', () => publication.onBlocked(undefined));
  connection.onLost(error => publication.lose(error));
  const cancel = () => publication.cancel();
  signal?.addEventListener('abort', cancel);
  try {
    if (signal?.aborted) cancel();
    return outcome(await publication.run(), publication, source);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function outcome(
  ended: 'done' | 'cancelled' | 'connection-lost',
  publication: Publication | undefined,
  source: Source,
): PublishOutcome {
  const from = source.firstLeft;
  const failure = source.failure;
  const error = publication?.lost ?? (failure && new BrokerError('other', words(failure.error)));
  return {
    ended: ended === 'done' && failure ? 'source-failed' : ended,
    confirmed: publication?.confirmed ?? 0,
    unknown: publication?.settle().unknown ?? [],
    failed: publication?.failed ?? [],
    unsent: from === undefined ? undefined : { from },
    ...(error ? { error } : {}),
  };
}
