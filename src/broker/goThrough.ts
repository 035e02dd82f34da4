import { setImmediate as turn } from 'node:timers/promises';
import type { ConnectOptions } from './connection.ts';
import { BrokerError } from './error.ts';
import { graceAfter } from './grace.ts';
import type { MessageFilter } from './messageCopy.ts';
import { type Held, QueueReader } from './queueReader.ts';

export interface WalkOptions extends ConnectOptions {
  queue: string;
  /** The most messages to take; default all that are there at the start. */
  count?: number;
  /** Messages for which it is false are left in place. */
  filter?: MessageFilter;
}

export interface WalkProgress {
  taken: number;
  /** Looked at, and not for the filter. */
  skipped: number;
  /** How many are looked at at most: what was there at the start. */
  of: number;
  /** The broker's words while it does not read what is published. */
  blocked: string | undefined;
}

export interface Walk {
  /** 'refused': the broker closed the channel over something; 'stopped': by the visitor. */
  ended: 'done' | 'cancelled' | 'connection-lost' | 'refused' | 'stopped';
  skipped: number;
  /** How many there were at the start, and how many of them were looked at. */
  of: number;
  looked: number;
  /** Acknowledgements of which nothing proves that the broker has them. */
  unproven: number;
  error?: BrokerError;
}

/**
 * What to do with a message. It acknowledges what is to go; whatever it does not acknowledge is put back.
 * @param late aborted a little after a cancel, for what had better be waited for
 */
export type Visit = (held: Held, late: AbortSignal) => Promise<'taken' | 'left' | 'stop'>;

/** With the time to put messages back and to close, a cancelled walk ends in under a second. */
const FINISH_MS = 300;
const REPORT_EVERY_MS = 100;
/** Of visits that wait for nothing, before others get the event loop. */
const BURST_MS = 15;

/**
 * Visits the messages of a queue from its head, no more than were there at the start, so that it ends even when what
 * was taken comes back to the queue's end. Those that are left are put back in place and order at the end; meanwhile
 * nobody else gets them.
 * @throws BrokerError as long as no message was visited, except 'cancelled'
 */
export async function goThrough(
  options: WalkOptions,
  onProgress: (progress: WalkProgress) => void,
  begin: (reader: QueueReader) => Visit,
): Promise<Walk> {
  const { signal } = options;
  let reader: QueueReader | undefined;
  const walk: Walk = { ended: 'done', skipped: 0, of: 0, looked: 0, unproven: 0 };
  const late = graceAfter(signal, FINISH_MS);
  try {
    reader = await QueueReader.open(options);
    const wanted = options.count ?? Number.POSITIVE_INFINITY;
    const first = wanted > 0 ? await reader.next(wanted, signal) : undefined;
    if (first) await visitAll(reader, first, { ...options, late: late.signal, walk, onProgress, visit: begin(reader) });
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'cancelled') throw error;
    walk.ended = 'cancelled';
  } finally {
    late.end();
    await reader?.close(signal);
  }
  walk.unproven = reader?.unproven ?? 0;
  return walk;
}

interface Visiting extends WalkOptions {
  late: AbortSignal;
  walk: Walk;
  onProgress: (progress: WalkProgress) => void;
  visit: Visit;
}

async function visitAll(reader: QueueReader, first: Held, o: Visiting): Promise<void> {
  const { walk, count = Number.POSITIVE_INFINITY, filter, signal, late } = o;
  const of = reader.total;
  walk.of = of;
  let taken = 0;
  let blocked: string | undefined;
  let reportedAt = 0;
  let turnedAt = performance.now();
  const report = (always: boolean) => {
    const now = performance.now();
    if (!always && now - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = now;
    o.onProgress({ taken, skipped: walk.skipped, of, blocked });
  };
  reader.own.onBlocked(reason => {
    blocked = reason;
    report(true);
  });
  try {
    for (let held: Held | undefined = first; held; ) {
      if (signal?.aborted) throw new BrokerError('cancelled', '');
      walk.looked++;
      if (filter && !filter(held.copy)) walk.skipped++;
      else {
        const visited = await o.visit(held, late);
        if (visited === 'taken') taken++;
        else if (visited === 'stop') {
          walk.ended = 'stopped';
          break;
        }
      }
      report(false);
      if (performance.now() - turnedAt > BURST_MS) {
        await turn();
        turnedAt = performance.now();
      }
      if (taken === count) break;
      // With a filter nobody knows how many have to be looked at.
      held = await reader.next(filter ? Number.POSITIVE_INFINITY : count - taken, signal);
    }
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    if (error.code === 'cancelled') walk.ended = 'cancelled';
    else {
      walk.ended = reader.own.isRefused || error.code === 'queue-missing' ? 'refused' : 'connection-lost';
      walk.error = error;
    }
  }
  report(true);
}
