import type { ConnectOptions } from './connection.ts';
import { within } from './deadline.ts';
import { BrokerError } from './error.ts';
import { goThrough } from './goThrough.ts';
import type { MessageCopy, MessageFilter } from './messageCopy.ts';

export interface DrainOptions extends ConnectOptions {
  queue: string;
  /** Whether the messages go from the queue; otherwise all are put back. */
  take: boolean;
  /** The most messages to write; default all that are there at the start. */
  count?: number;
  /** Messages for which it is false are left in place. */
  filter?: MessageFilter;
  /** Resolves when the message is safe where it was written to. */
  write: (message: MessageCopy) => Promise<void>;
  /** Called ten times a second at most, and at the end. */
  onProgress?: (progress: { written: number; skipped: number; of: number }) => void;
}

export interface DrainOutcome {
  ended: 'done' | 'cancelled' | 'connection-lost' | 'refused' | 'write-failed';
  written: number;
  /** Looked at, and not for the filter; back in place. */
  skipped: number;
  /** Written and to be taken, and perhaps in the queue nevertheless. */
  maybeStillThere: number;
  /** Of an end by the broker or the network. */
  error?: BrokerError;
  /** What `write` threw; that message is in the queue. */
  writeError?: unknown;
}

/** A disk that takes longer for one message does not come back. */
const WRITE_TIMEOUT_MS = 60_000;

/**
 * Hands the messages of a queue to `write`, from its head, and takes each out of the queue only when it is written, or
 * none at all. What is not taken is put back into its place at the end; until then nobody else gets it.
 * @throws BrokerError as long as no message was written, as 'queue-missing'
 */
export async function drain(options: DrainOptions): Promise<DrainOutcome> {
  const { take, write, onProgress } = options;
  let written = 0;
  let failure: { writeError: unknown } | undefined;
  const walk = await goThrough(
    options,
    ({ skipped, of }) => onProgress?.({ written, skipped, of }),
    reader => async (held, late) => {
      try {
        await within(write(held.copy), WRITE_TIMEOUT_MS, 'writing a message', late);
      } catch (writeError) {
        if (late.aborted) throw new BrokerError('cancelled', '');
        failure = { writeError };
        return 'stop';
      }
      written++;
      if (take) reader.ack(held);
      if (reader.own.lost) throw reader.own.lost;
      return 'taken';
    },
  );
  return {
    ended: walk.ended === 'stopped' ? 'write-failed' : walk.ended,
    written,
    skipped: walk.skipped,
    maybeStillThere: walk.unproven,
    ...(walk.error && { error: walk.error }),
    ...failure,
  };
}
