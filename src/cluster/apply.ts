import type { Cluster } from './cluster.ts';

/**
 * Server-side apply of Services, Secrets and StatefulSets with the field manager `kube-work-queue`, never by force.
 * Throws ClusterError `conflict` with who owns the field.
 */
export async function apply(
  _cluster: Cluster,
  _o: { namespace: string; objects: Record<string, unknown>[]; dryRun?: boolean; signal?: AbortSignal },
): Promise<void> {
  throw new Error('not written yet');
}
