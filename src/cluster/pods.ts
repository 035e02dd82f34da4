import type { V1Pod } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { listAll } from './list.ts';
import { type PodRow, toPodRow } from './podRow.ts';
import { resourcePath } from './resourcePath.ts';

/** The Pods of a namespace, or of one Job in it, the oldest first. @throws ClusterError */
export async function listPods(
  cluster: Cluster,
  o: { namespace: string; job?: string; signal?: AbortSignal },
): Promise<PodRow[]> {
  const { items } = await listAll<V1Pod>(cluster, {
    path: resourcePath('v1', o.namespace, 'pods'),
    query: o.job === undefined ? {} : { labelSelector: `batch.kubernetes.io/job-name=${o.job}` },
    signal: o.signal,
  });
  return items.map(toPodRow).sort((a, b) => a.created - b.created);
}
