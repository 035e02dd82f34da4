import type { BrokerAddress } from '../workload/brokerUrl.ts';

/** How to reach a broker. */
export interface ConnectOptions {
  address: BrokerAddress;
  /** A tunnel's Unix socket or named pipe; the address's host and port are then used for TLS and messages only. */
  socketPath?: string;
  /** Shown in the broker's list of connections. */
  purpose: string;
  signal?: AbortSignal;
  /** For everything until the connection is open. */
  timeoutMs?: number;
}
