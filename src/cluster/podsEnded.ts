import type { V1Pod } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { resourcePath } from './resourcePath.ts';
import { watchUntil } from './until.ts';

/** How long (ms) a Pod may take beyond its grace period: its kubelet has to notice, and to say so. */
const BEYOND_GRACE_MS = 30_000;
/** Kubernetes' own, where a Pod does not say. */
const GRACE_SECONDS = 30;
/** Longer (ms) than anybody waits; the Pods' own grace periods end the wait. */
const LONGEST_MS = 24 * 60 * 60_000;

/**
 * Waits until no Pod of a Job runs any more: each has its grace period to end in, and may take a message until then.
 * @param o.jobUid of a Job that is gone, or makes no Pods any more
 * @param o.isWaitedFor which of the Pods that have not ended; without it all of them
 * @param o.onLeft is handed those
 * @returns how many are left when more time than they were given is over: 0 unless a node is lost
 * @throws ClusterError; `cancelled`
 */
export async function waitForPodsToEnd(
  cluster: Cluster,
  o: {
    namespace: string;
    jobUid: string;
    signal: AbortSignal;
    isWaitedFor?: (pod: V1Pod) => boolean;
    onLeft?: (pods: V1Pod[]) => void;
  },
): Promise<number> {
  const { namespace, jobUid, signal, isWaitedFor = () => true } = o;
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let left = 0;
  try {
    return await watchUntil<V1Pod, number>(cluster, {
      path: resourcePath('v1', namespace, 'pods'),
      query: { labelSelector: `batch.kubernetes.io/controller-uid=${jobUid}` },
      signal: AbortSignal.any([signal, late.signal]),
      timeoutMs: LONGEST_MS,
      late: () => new ClusterError('timeout', 'Pods have not ended'),
      done: pods => {
        const running = pods.filter(pod => !hasEnded(pod) && isWaitedFor(pod));
        left = running.length;
        if (left === 0) return left;
        const seconds = Math.max(...running.map(({ spec }) => spec?.terminationGracePeriodSeconds ?? GRACE_SECONDS));
        timer ??= setTimeout(() => late.abort(), seconds * 1000 + BEYOND_GRACE_MS);
        o.onLeft?.(running);
        return undefined;
      },
    });
  } catch (error) {
    if (late.signal.aborted && !signal.aborted) return left;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const hasEnded = ({ status }: V1Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';
