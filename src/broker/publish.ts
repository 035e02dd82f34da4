import type { ConnectOptions } from './connection.ts';
import { BrokerError } from './error.ts';

export interface PublishOptions extends ConnectOptions {
  queue: string;
  /** In ascending order of `line`. */
  items: Iterable<{ body: string; line: number }> | AsyncIterable<{ body: string; line: number }>;
  runId: string;
  onProgress?: (progress: PublishProgress) => void;
  /** Most messages that wait for their confirm at one time. */
  window?: number;
}

export interface PublishProgress {
  sent: number;
  confirmed: number;
  /** The broker's reason for not reading from publishers at the moment. */
  blocked: string | undefined;
}

export interface PublishOutcome {
  ended: 'done' | 'cancelled' | 'connection-lost';
  confirmed: number;
  failed: { line: number; reason: 'unroutable' | 'nacked' | 'too-large' }[];
  /** Lines that were sent and whose answer never came. */
  unknown: number[];
  /** The first line that was not sent. */
  unsent: { from: number } | undefined;
  error?: BrokerError;
}

/** Publishes items as persistent messages, each confirmed by the broker. */
export async function publish(_options: PublishOptions): Promise<PublishOutcome> {
  throw new BrokerError('other', 'not built yet');
}
