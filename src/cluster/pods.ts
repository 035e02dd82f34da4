import type { Cluster } from './cluster.ts';
import type { PodRow } from './podRow.ts';

/** The Pods of a namespace, or of one Job in it. */
export async function listPods(
  _cluster: Cluster,
  _o: { namespace: string; job?: string; signal?: AbortSignal },
): Promise<PodRow[]> {
  throw new Error('not written yet');
}
