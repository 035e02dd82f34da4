import type { BrokerAddress } from '../workload/brokerUrl.ts';
import { BrokerError } from './error.ts';

/** One queue as the management API shows it; undefined: it does not say, which is never 0. */
export interface QueueFigures {
  name: string;
  type: string;
  durable: boolean;
  ready: number | undefined;
  unacked: number | undefined;
  consumers: number | undefined;
}

/** The queues of the address's vhost. */
export async function listQueues(_options: {
  address: BrokerAddress;
  socketPath?: string;
  managementPort?: number;
  signal?: AbortSignal;
  timeoutMs?: number;
}): Promise<QueueFigures[]> {
  throw new BrokerError('management-off', 'not built yet');
}
