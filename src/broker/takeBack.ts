import { connect } from './broker.ts';
import type { ConnectOptions } from './connection.ts';
import { BrokerError } from './error.ts';
import { goThrough } from './goThrough.ts';
import { lineOf } from './messageId.ts';
import { checkQueueName } from './operation.ts';

export interface TakeBackOptions extends ConnectOptions {
  queue: string;
  runId: string;
  /** Called ten times a second at most. */
  onProgress?: (progress: { looked: number; taken: number; of: number }) => void;
}

export interface TakeBackOutcome {
  ended: 'done' | 'cancelled';
  /** How many of the run's messages are no longer in the queue. */
  taken: number;
  /** Messages of others that were looked at and are back in their places. */
  foreign: number;
  /** Above 0: refused, nothing was touched. */
  consumers: number;
}

/**
 * Takes the messages of one run out of a queue, known by their ids, and leaves all others in place and order. Refuses
 * while consumers take messages. The queue is gone through from its head, see goThrough(): meanwhile nobody else gets what
 * was looked at, the other messages are marked as redelivered, and on a quorum queue before RabbitMQ 4.3 that counts once
 * against their delivery limit.
 * @throws BrokerError 'queue-missing', 'no-permission', 'closed' (then nobody knows how many were taken), …
 */
export async function takeBack(options: TakeBackOptions): Promise<TakeBackOutcome> {
  const { runId, onProgress } = options;
  const nothing: TakeBackOutcome = { ended: 'done', taken: 0, foreign: 0, consumers: 0 };
  try {
    const consumers = await consumersOf(options);
    if (consumers > 0) return { ...nothing, consumers };
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'cancelled') return { ...nothing, ended: 'cancelled' };
    throw error;
  }
  let taken = 0;
  const { ended, skipped, error } = await goThrough(
    { ...options, filter: ({ fields }) => lineOf(fields.messageId, runId) !== undefined },
    progress => onProgress?.({ looked: taken + progress.skipped, taken, of: progress.of }),
    reader => async held => {
      reader.ack(held);
      taken++;
      if (reader.own.lost) throw reader.own.lost;
      return 'taken';
    },
  );
  if (ended !== 'done' && ended !== 'cancelled') throw error ?? new BrokerError('closed', '');
  return { ended, taken, foreign: skipped, consumers: 0 };
}

async function consumersOf(options: TakeBackOptions): Promise<number> {
  const { queue, signal } = options;
  checkQueueName(queue);
  const broker = await connect(options);
  try {
    const depth = await broker.depth(queue, signal);
    if (!depth) throw new BrokerError('queue-missing', `no queue '${queue}'`);
    return depth.consumers;
  } finally {
    await broker.close();
  }
}
