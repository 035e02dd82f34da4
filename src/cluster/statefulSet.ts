import type { Cluster } from './cluster.ts';

export interface StatefulSetProgress {
  ready: number;
  wanted: number;
  /** Why it is not ready: ImagePullBackOff, Unschedulable, CrashLoopBackOff, FailedCreate (quota)… */
  reason: string | undefined;
  message: string | undefined;
}

/**
 * Waits until all Pods of a StatefulSet are ready in its latest form.
 * Throws ClusterError: `not-ready` after `timeoutMs` (default 300 000) with the last reason, `not-found`, `cancelled`.
 */
export async function waitForStatefulSet(
  _cluster: Cluster,
  _o: {
    namespace: string;
    name: string;
    signal: AbortSignal;
    timeoutMs?: number;
    onProgress?: (what: StatefulSetProgress) => void;
  },
): Promise<void> {
  throw new Error('not written yet');
}
