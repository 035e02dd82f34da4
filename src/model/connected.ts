import type { Broker, ConnectOptions, ManagementOptions, TlsFiles } from '../broker/index.ts';
import type { BrokerAddress } from '../workload/brokerUrl.ts';

/** An open connection to a broker, with all that a second connection of one's own needs. */
export interface Connected {
  address: BrokerAddress;
  tls: TlsFiles | undefined;
  /** The URL without its password. */
  display: string;
  /** The Service that the URL's host is, when the way leads through a tunnel. */
  service: { namespace: string; name: string } | undefined;
  /** The tunnel's local socket. */
  socketPath: string | undefined;
  /** The socket of the tunnel to the management API. */
  managementSocketPath: string | undefined;
  broker: Broker;
}

/** How another connection to the same broker is opened. */
export function wayTo({ address, tls, socketPath }: Connected): Pick<ConnectOptions, 'address' | 'tls' | 'socketPath'> {
  return { address, tls, socketPath };
}

/** How a connected broker's management API is reached. */
export function managementOf({ address, tls, managementSocketPath }: Connected): ManagementOptions {
  return { address, tls, socketPath: managementSocketPath };
}
