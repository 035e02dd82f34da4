import type { Cluster } from './cluster.ts';

/**
 * Asks a short-lived Pod whether a host name resolves inside the cluster; the Pod is deleted whatever happens.
 * `image`: any with getent. Throws ClusterError `not-ready` when the Pod cannot run, `forbidden`, `cancelled`.
 */
export async function resolveInCluster(
  _cluster: Cluster,
  _o: { namespace: string; host: string; image: string; signal: AbortSignal },
): Promise<{ resolved: boolean; address: string | undefined; detail: string }> {
  throw new Error('not written yet');
}
