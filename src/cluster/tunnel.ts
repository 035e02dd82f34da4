import type { Cluster } from './cluster.ts';
import type { ClusterError } from './error.ts';

/** A local socket (named pipe on Windows) that leads into the cluster. */
export interface Tunnel {
  readonly socketPath: string;
  /** Why the latest connection failed, until one succeeds. */
  readonly problem: ClusterError | undefined;
  close(): Promise<void>;
}

/**
 * Opens a socket whose every connection is forwarded to a ready Pod behind the Service, chosen anew for each.
 * `port`: a port of the Service; one that it does not list goes to the Pod's own port of that number.
 * Throws ClusterError: `not-found` (no such Service), `not-ready` (no ready Pod), and those of a call.
 */
export async function openTunnel(
  _cluster: Cluster,
  _o: { namespace: string; service: string; port: number; signal?: AbortSignal },
): Promise<Tunnel> {
  throw new Error('not written yet');
}
