import type { V1Namespace } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { listAll } from './list.ts';

/** The names of the namespaces in order. @throws ClusterError `forbidden` for a user who may see only their own */
export async function listNamespaces(cluster: Cluster, signal?: AbortSignal): Promise<string[]> {
  const { items } = await listAll<V1Namespace>(cluster, { path: '/api/v1/namespaces', signal });
  return items.map(one => one.metadata?.name ?? '').sort();
}
