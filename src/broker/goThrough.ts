import type { ConnectOptions } from './connection.ts';
import { BrokerError } from './error.ts';
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
  const walk: Walk = { ended: 'done', skipped: 0, unproven: 0 };
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const cancel = () => {
    timer = setTimeout(() => late.abort(), FINISH_MS);
  };
  signal?.addEventListener('abort', cancel);
  try {
    reader = await QueueReader.open(options);
    const first = await reader.next(signal);
    if (first) await visitAll(reader, first, { ...options, late: late.signal, walk, onProgress, visit: begin(reader) });
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'cancelled') throw error;
    walk.ended = 'cancelled';
  } finally {
    signal?.removeEventListener('abort', cancel);
    clearTimeout(timer);
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
  const of = first.behind + 1;
  let taken = 0;
  let blocked: string | undefined;
  let reportedAt = 0;
  const report = (always: boolean) => {
    const now = performance.now();
    if (!always && now - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = now;
    o.onProgress({ taken, skipped: walk.skipped, of, blocked });
  };
  reader.onBlocked(reason => {
    blocked = reason;
    report(true);
  });
  let next: Promise<Held | undefined> | undefined = Promise.resolve(first);
  try {
    for (let looked = 1; looked <= of && taken < count; looked++) {
      if (signal?.aborted) throw new BrokerError('cancelled', '');
      const held: Held | undefined = await (next ?? reader.next(signal));
      next = undefined;
      // Messages may have expired, or others have taken them.
      if (!held) break;
      if (filter && !filter(held.copy)) walk.skipped++;
      else {
        // Got while this one is dealt with, so that it costs no time of its own; never one that is not wanted.
        if (looked < of && taken + 1 < count) next = reader.next(signal);
        next?.catch(() => undefined);
        const visited = await o.visit(held, late);
        if (visited === 'stop') {
          walk.ended = 'stopped';
          break;
        }
        if (visited === 'taken') taken++;
      }
      report(false);
    }
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    if (error.code === 'cancelled') walk.ended = 'cancelled';
    else {
      walk.ended = reader.isRefused ? 'refused' : 'connection-lost';
      walk.error = error;
    }
  }
  report(true);
}
