import type { ConnectOptions } from './connection.ts';
import { BrokerError } from './error.ts';

/** An open connection for looking at queues and managing them; publishing has a connection of its own. */
export interface Broker {
  /** The broker's own version, as `4.1.4`; empty when it does not say. */
  readonly version: string;
  /** Ready messages and consumers; undefined: no such queue. */
  depth(queue: string): Promise<{ ready: number; consumers: number } | undefined>;
  /** Makes sure that a durable queue of that name is there. */
  declare(queue: string, options?: { type?: 'classic' | 'quorum' }): Promise<void>;
  /** Drops the ready messages and says how many. */
  purge(queue: string): Promise<number>;
  /** Deletes the queue and says how many ready messages went with it; 0 when there was no such queue. */
  remove(queue: string): Promise<number>;
  /** Called once when the connection ends without close(); at once when it has ended already. */
  onClosed(listener: (error: BrokerError) => void): void;
  close(): Promise<void>;
}

/** Opens a connection for reading. Rejects with a BrokerError. */
export async function connect(_options: ConnectOptions): Promise<Broker> {
  throw new BrokerError('other', 'not built yet');
}
