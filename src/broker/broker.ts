import { type ConnectOptions, openConnection } from './connection.ts';
import { declareQueue, type QueueDefinition } from './declare.ts';
import { type Depth, readDepth } from './depth.ts';
import type { BrokerError } from './error.ts';
import { Leaders } from './leader.ts';
import { checkQueueName, onChannel } from './operation.ts';

/**
 * An open connection for looking at queues and managing them; publishing has a connection of its own.
 * Every method rejects with a BrokerError: of what the broker answers, 'timeout' after 10 s, or 'closed' once the
 * connection is lost. None disturbs another that runs at the same time.
 */
export interface Broker {
  /** The broker's own version, as `4.1.4`; empty when it does not say. */
  readonly version: string;
  /** Ready messages and consumers; undefined: no such queue. A 0 is the leader's own, as far as it can be asked. */
  depth(queue: string, signal?: AbortSignal): Promise<Depth | undefined>;
  /** Makes sure that a durable queue of that name is there; 'queue-differs' and what, when there is another one. */
  declare(queue: string, definition?: QueueDefinition, signal?: AbortSignal): Promise<void>;
  /** Drops the ready messages and says how many. */
  purge(queue: string): Promise<number>;
  /** Deletes the queue and says how many ready messages went with it; 0 when there was no such queue. */
  remove(queue: string): Promise<number>;
  /** Called once when the connection ends without close(); at once when it has ended already. */
  onClosed(listener: (error: BrokerError) => void): void;
  /** Never rejects, and takes a second at most. */
  close(): Promise<void>;
}

/** Opens a connection for reading. Rejects with a BrokerError, after `timeoutMs` (default 10,000) at the latest. */
export async function connect(options: ConnectOptions): Promise<Broker> {
  const connection = await openConnection(options);
  const leaders = new Leaders(options);
  return {
    version: String(connection.model.connection.serverProperties.version ?? ''),
    depth: (queue, signal) => readDepth(connection, leaders, queue, signal),
    declare: (queue, definition = {}, signal) => declareQueue(connection, queue, definition, signal),
    async purge(queue) {
      checkQueueName(queue);
      return (await onChannel(connection, `purging '${queue}'`, undefined, channel => channel.purgeQueue(queue)))
        .messageCount;
    },
    async remove(queue) {
      checkQueueName(queue);
      return (await onChannel(connection, `deleting '${queue}'`, undefined, channel => channel.deleteQueue(queue)))
        .messageCount;
    },
    onClosed: listener => connection.onLost(listener),
    async close() {
      await Promise.all([connection.close(), leaders.close()]);
    },
  };
}
