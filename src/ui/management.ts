import type { ManagementOptions } from '../broker/index.ts';
import type { Connected } from '../model/brokerLink.ts';

/** How a connected broker's management API is reached. */
export function managementOf({ address, tls, managementSocketPath }: Connected): ManagementOptions {
  // A tunnel leads to the port that fits the URL's scheme.
  const managementPort = managementSocketPath !== undefined && address.tls ? 15671 : undefined;
  return { address, tls, socketPath: managementSocketPath, managementPort };
}
