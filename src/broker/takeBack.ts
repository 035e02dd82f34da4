import { type ConnectOptions, openConnection } from './connection.ts';
import { readDepth } from './depth.ts';
import { BrokerError } from './error.ts';
import { Leaders } from './leader.ts';
import { lineOf } from './messageId.ts';
import { checkQueueName } from './operation.ts';
import { readThrough } from './readThrough.ts';

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

const CLOSE_TIMEOUT_MS = 300;
const REPORT_EVERY_MS = 100;

/**
 * Takes the messages of one run out of a queue, known by their ids, and leaves all others in place and order. Refuses
 * while consumers take messages. The queue is gone through from its head, see readThrough(): meanwhile it looks empty to
 * others, the other messages are marked as redelivered, and on a quorum queue before RabbitMQ 4.3 that counts once
 * against their delivery limit.
 * @throws BrokerError 'queue-missing', 'no-permission', 'closed' (then nobody knows how many were taken), …
 */
export async function takeBack(options: TakeBackOptions): Promise<TakeBackOutcome> {
  const { queue, runId, signal, onProgress } = options;
  checkQueueName(queue);
  const outcome: TakeBackOutcome = { ended: 'done', taken: 0, foreign: 0, consumers: 0 };
  const connection = await openConnection(options);
  const leaders = new Leaders(options);
  try {
    const depth = await readDepth(connection, leaders, queue, signal);
    if (!depth) throw new BrokerError('queue-missing', `no queue '${queue}'`);
    if (depth.consumers > 0) return { ...outcome, consumers: depth.consumers };
    let reportedAt = 0;
    const report = (always: boolean) => {
      const now = performance.now();
      if (!always && now - reportedAt < REPORT_EVERY_MS) return;
      reportedAt = now;
      onProgress?.({ looked: outcome.taken + outcome.foreign, taken: outcome.taken, of: depth.ready });
    };
    await readThrough(connection, { queue, count: depth.ready, signal }, ({ properties }) => {
      const ours = lineOf(properties.messageId, runId) !== undefined;
      if (ours) outcome.taken++;
      else outcome.foreign++;
      report(false);
      return ours ? 'ack' : 'next';
    });
    report(true);
    return outcome;
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'cancelled') throw error;
    return { ...outcome, ended: 'cancelled' };
  } finally {
    void leaders.close();
    await connection.close(CLOSE_TIMEOUT_MS);
  }
}
