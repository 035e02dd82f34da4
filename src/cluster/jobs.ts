import type { V1Job } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { type JobRow, toJobRow } from './jobRow.ts';
import { listAll } from './list.ts';
import { resourcePath } from './resourcePath.ts';

/** The Jobs of a namespace. @throws ClusterError */
export async function listJobs(cluster: Cluster, namespace: string, signal?: AbortSignal): Promise<JobRow[]> {
  const { items } = await listAll<V1Job>(cluster, { path: resourcePath('batch/v1', namespace, 'jobs'), signal });
  return items.map(toJobRow);
}

/**
 * Deletes a Job, its Pods in the background. A Job already gone is fine.
 * @param o.uid only that very Job, not another that has taken its name
 * @throws ClusterError `conflict` when the name is another Job's now
 */
export async function deleteJob(
  cluster: Cluster,
  o: { namespace: string; name: string; uid?: string; signal?: AbortSignal },
): Promise<void> {
  try {
    await cluster.request({
      method: 'DELETE',
      path: resourcePath('batch/v1', o.namespace, 'jobs', o.name),
      body: { propagationPolicy: 'Background', ...(o.uid ? { preconditions: { uid: o.uid } } : {}) },
      signal: o.signal,
    });
  } catch (error) {
    if (!(error instanceof ClusterError && error.code === 'not-found')) throw error;
  }
}
