import type { ConnectOptions } from './connection.ts';
import { BrokerError } from './error.ts';

export type BrokerCheck = 'connect' | 'declare' | 'publish' | 'get' | 'delete';

export interface BrokerCheckResult {
  check: BrokerCheck;
  ok: boolean;
  milliseconds: number;
  error?: BrokerError;
}

/** Tries what the workflow needs of a broker, one step after the other, on a queue of its own. */
export async function testBroker(
  _options: ConnectOptions & { onCheck?: (result: BrokerCheckResult) => void },
): Promise<boolean> {
  throw new BrokerError('other', 'not built yet');
}
