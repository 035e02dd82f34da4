import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import { BrokerError } from './error.ts';
import type { Leaders } from './leader.ts';
import { checkQueueName, onChannel } from './operation.ts';

export interface Depth {
  ready: number;
  consumers: number;
}

/**
 * RabbitMQ asks a quorum queue's leader for its figures and, when there is none or it takes longer than 250 ms, answers
 * 0 messages and 0 consumers instead of an error (rabbit_quorum_queue:stat/2). A little less, for the timers' grain.
 */
const LEADER_GIVEN_UP_MS = 230;
/** Longer than the broker's own patience, so that a second look is not the same stumble. */
const LOOK_AGAIN_MS = 300;
const LOOKS = 5;

/**
 * How many messages are ready and how many consumers there are; undefined: no such queue.
 * The broker answers nothing at all, and at once, also for a quorum queue whose leader's node is down: so that counts
 * only when the leader says the same or, where it can't be asked, when the answer came promptly and twice.
 * @throws BrokerError 'timeout' when the queue answers as one whose leader is away
 */
export async function readDepth(
  connection: Connection,
  leaders: Leaders,
  queue: string,
  signal: AbortSignal | undefined,
): Promise<Depth | undefined> {
  checkQueueName(queue);
  let prompt = 0;
  for (let looks = 1; looks <= LOOKS; looks++) {
    const look = await lookOnce(connection, queue, signal);
    if (look === undefined || look.depth.ready > 0 || look.depth.consumers > 0) return look?.depth;
    if (look.leaderMs < LEADER_GIVEN_UP_MS) {
      const answer = await leaders.ask(queue, signal);
      if (answer === 'empty') return look.depth;
      if (answer === 'no-leader') break;
      prompt++;
      if (answer === 'unknown' && prompt === 2) return look.depth;
    } else prompt = 0;
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {
      throw new BrokerError('cancelled', '');
    });
  }
  throw new BrokerError('timeout', `the leader of queue '${queue}' does not answer the broker`);
}

async function lookOnce(
  connection: Connection,
  queue: string,
  signal: AbortSignal | undefined,
): Promise<{ depth: Depth; leaderMs: number } | undefined> {
  const asked = performance.now();
  try {
    return await onChannel(connection, `the depth of '${queue}'`, signal, async channel => {
      const opened = performance.now();
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      // Opening the channel took the same way to the broker and back; what is left is the queue's own time.
      const leaderMs = performance.now() - opened - (opened - asked);
      return { depth: { ready: messageCount, consumers: consumerCount }, leaderMs };
    });
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'queue-missing') return undefined;
    throw error;
  }
}
