import type { V1Node } from '@kubernetes/client-node';
import type { NodeLook } from '../workload/platform.ts';
import type { Cluster } from './cluster.ts';
import { listAll } from './list.ts';

/**
 * The nodes that Pods without tolerations may come to; all of them when each is barred to such Pods.
 * @throws ClusterError `forbidden` for a user who may not see nodes
 */
export async function listNodes(cluster: Cluster, signal?: AbortSignal): Promise<NodeLook[]> {
  const { items } = await listAll<V1Node>(cluster, { path: '/api/v1/nodes', signal });
  const open = items.filter(isOpen);
  return (open.length > 0 ? open : items).map(toNodeLook);
}

function isOpen({ spec }: V1Node): boolean {
  const barred = spec?.taints?.some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute') ?? false;
  return !barred && spec?.unschedulable !== true;
}

function toNodeLook({ metadata, status }: V1Node): NodeLook {
  return {
    name: metadata?.name ?? '',
    os: status?.nodeInfo?.operatingSystem ?? '',
    architecture: status?.nodeInfo?.architecture ?? '',
    images: status?.images?.flatMap(image => image.names ?? []) ?? [],
  };
}
