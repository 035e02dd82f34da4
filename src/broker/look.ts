import type { Look } from './arrived.ts';
import type { Connection } from './connection.ts';
import { type Depth, readDepth } from './depth.ts';
import { BrokerError } from './error.ts';
import type { Leaders } from './leader.ts';
import { lineOf } from './messageId.ts';
import { readThrough } from './readThrough.ts';

/** Read back in a few seconds; of a deeper queue only the head is read. */
const MAX_IDS = 100_000;
/** More than that through a tunnel is minutes. */
const MAX_BYTES = 256 * 2 ** 20;
/**
 * A quorum queue drops a message that was given back more often than its delivery limit, 20 unless told; a message that
 * is on its way there is not taken once more only to look at it.
 */
const MAX_DELIVERY_COUNT = 10;

/**
 * Looks what there is of a publication in its queue. Reading the ids takes the messages for a moment, see readThrough();
 * with consumers, or when no line is asked about and the depth is the expected one, only the figures are read.
 *
 * @param asks whether a line is one that is asked about; undefined: none is
 * @param o.expected how many messages there should be, and how many of others come first when that is in doubt; of a
 *   deep queue these are read
 * @throws BrokerError 'timeout', 'closed', 'cancelled', 'queue-missing'
 */
export async function lookAt(
  { connection, leaders }: { connection: Connection; leaders: Leaders },
  o: {
    queue: string;
    runId: string;
    expected: { depth: number; foreign: number | undefined };
    signal: AbortSignal | undefined;
  },
  asks: ((line: number) => boolean) | undefined,
): Promise<Look> {
  const figures = await readFigures(connection, leaders, o.queue, o.signal);
  const look: Look = { depth: figures?.ready, consumers: figures?.consumers, ids: undefined, head: undefined };
  if (figures === undefined || figures.consumers > 0) return look;
  if (!asks && figures.ready === o.expected.depth) return look;
  try {
    if (figures.ready <= MAX_IDS)
      return { ...look, ids: await readIds(connection, o, figures.ready, asks ?? (() => false)) };
    const { foreign } = o.expected;
    return foreign === undefined ? look : { ...look, head: await readHead(connection, o, foreign) };
  } catch (error) {
    // Who may publish may not always read.
    if (error instanceof BrokerError && (error.code === 'no-permission' || error.code === 'other')) return look;
    throw error;
  }
}

/** undefined: this user may not look; from RabbitMQ 4.3 on that needs the right to configure. */
async function readFigures(
  connection: Connection,
  leaders: Leaders,
  queue: string,
  signal: AbortSignal | undefined,
): Promise<Depth | undefined> {
  try {
    const depth = await readDepth(connection, leaders, queue, signal);
    if (!depth) throw new BrokerError('queue-missing', `no queue '${queue}'`);
    return depth;
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'no-permission') return undefined;
    throw error;
  }
}

/** undefined: it was given up, because it is too much or would do harm. */
async function readIds(
  connection: Connection,
  { queue, runId, signal }: { queue: string; runId: string; signal: AbortSignal | undefined },
  count: number,
  asks: (line: number) => boolean,
): Promise<Look['ids']> {
  const asked = new Set<number>();
  let others = 0;
  let oldest: number | undefined;
  let bytes = 0;
  let givenUp = false;
  await readThrough(connection, { queue, count, signal }, ({ content, properties }) => {
    bytes += content.length;
    givenUp = bytes > MAX_BYTES || Number(properties.headers?.['x-delivery-count'] ?? 0) > MAX_DELIVERY_COUNT;
    const line = lineOf(properties.messageId, runId);
    if (line !== undefined) {
      if (asks(line)) asked.add(line);
      else others++;
      oldest = Math.min(line, oldest ?? line);
    }
    return givenUp ? 'stop' : 'next';
  });
  return givenUp ? undefined : { asked, others, oldest };
}

async function readHead(
  connection: Connection,
  { queue, runId, signal }: { queue: string; runId: string; signal: AbortSignal | undefined },
  foreign: number,
): Promise<Look['head']> {
  let ahead = 0;
  let oldest: number | undefined;
  const count = Math.min(foreign + 1, MAX_IDS);
  await readThrough(connection, { queue, count, signal }, ({ properties }) => {
    oldest = lineOf(properties.messageId, runId);
    if (oldest === undefined) ahead++;
    return oldest === undefined ? 'next' : 'stop';
  });
  return oldest === undefined ? undefined : { oldest, ahead };
}
