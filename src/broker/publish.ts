import type { Item } from '../workload/message.ts';
import type { Failure } from './account.ts';
import type { ConnectOptions } from './connection.ts';
import { BrokerError } from './error.ts';
import type { Journal } from './journal.ts';
import { checkQueueName } from './operation.ts';
import type { PublishProgress } from './publication.ts';
import { PublishRun } from './publishRun.ts';
import type { Way } from './recovery.ts';

export interface PublishOptions extends ConnectOptions {
  /** A durable queue that exists. */
  queue: string;
  /** In ascending order of `line`; read at most 128 items or 4 MiB ahead of what is sent. */
  items: Iterable<Item> | AsyncIterable<Item>;
  /** Begins the message ids, `runId/line`. */
  runId: string;
  /** Called ten times a second at most, at the end, and when the state changes. */
  onProgress?: (progress: PublishProgress) => void;
  /** Most messages that wait for their confirm at one time; left out, it follows the time that confirms take. */
  window?: number;
  /** The way to the broker after a loss; given, the publication goes on when it is reached again. */
  way?: Way;
  /** How long the broker is tried to be reached again after a loss; default 120,000. */
  recoverMs?: number;
  /** An earlier publication with the same run id that was cut off; `items` are the same again, from the beginning. */
  resume?: Journal;
  /** Keeps the journal; no line beyond its `sentUpTo` is sent before this has returned. Four times a second at most. */
  onJournal?: (journal: Journal) => Promise<void> | void;
}

/** The account of a publication: every item is in exactly one of the first four. */
export interface PublishOutcome {
  /**
   * 'source-failed': `items` threw, or `onJournal` did; what was sent before is accounted for.
   * 'refused': the broker does not take messages from this user, or not such a one; `error` says why.
   */
  ended: 'done' | 'cancelled' | 'connection-lost' | 'source-failed' | 'refused';
  /** How many the broker has taken responsibility for. */
  confirmed: number;
  /** What is surely not in the queue, by line. */
  failed: Failure[];
  /** Lines that were sent and whose answer never came: they may be in the queue, or not. */
  unknown: number[];
  /** The first line that is not there because it was not sent, and all after it were not either. */
  unsent: { from: number } | undefined;
  error?: BrokerError;
  /** How often the publication went on after the connection was lost. */
  reconnected: number;
  /** How many messages may be there twice: sent again when nobody could tell whether they had arrived. */
  maybeDoubled: number;
  /** Of the confirmed ones, how many were gone after a reconnect although no consumer was seen. */
  lostByBroker: number;
  /** Of the confirmed ones, how many could not be looked for, when the publication did not go on after a loss. */
  unseen: number;
  journal: Journal;
}

/** A message id has 255 bytes at most, and the line number follows. */
const MAX_RUN_ID_BYTES = 200;

/**
 * Publishes items as persistent messages to a queue, each confirmed by the broker, on a connection of its own. After a
 * loss it finds out what has arrived before anything is sent again, see whatArrived(); while consumers take messages
 * nobody can tell, and what is sent again is counted in `maybeDoubled`.
 * What happens once sending has begun is in the outcome; before that it rejects with a BrokerError, as 'queue-missing'.
 */
export async function publish(options: PublishOptions): Promise<PublishOutcome> {
  checkQueueName(options.queue);
  if (Buffer.byteLength(options.runId) > MAX_RUN_ID_BYTES) throw new BrokerError('other', 'the run id is too long');
  const { resume, runId, queue } = options;
  if (resume && (resume.runId !== runId || resume.queue !== queue)) {
    throw new BrokerError('other', 'the journal is of another publication');
  }
  const run = new PublishRun(options);
  try {
    await run.begin();
    return await run.go();
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'cancelled') throw error;
    return run.outcome('cancelled');
  } finally {
    await run.close();
  }
}
