import type { V1PodList, V1Service } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';

/**
 * The image of a Pod behind a Service: one that the cluster is known to be able to pull.
 * @returns undefined when the Service selects no Pod
 * @throws ClusterError
 */
export async function imageBehind(
  cluster: Cluster,
  o: { namespace: string; name: string; signal?: AbortSignal },
): Promise<string | undefined> {
  const base = `/api/v1/namespaces/${o.namespace}`;
  const { signal } = o;
  const service = await cluster.request<V1Service>({ path: `${base}/services/${o.name}`, signal });
  const labels = Object.entries(service.spec?.selector ?? {});
  if (labels.length === 0) return undefined;
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(',');
  const pods = await cluster.request<V1PodList>({ path: `${base}/pods`, query: { labelSelector, limit: 1 }, signal });
  return pods.items[0]?.spec?.containers[0]?.image;
}
