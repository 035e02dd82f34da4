import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { DEFAULT_BACKOFF_LIMIT } from '../workload/backoffLimit.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError, type ClusterErrorCode } from './error.ts';
import { toJobRow } from './jobRow.ts';
import { type JobReference, patchJob } from './patchJob.ts';
import { waitForPodsToEnd } from './podsEnded.ts';
import { resourcePath } from './resourcePath.ts';
import { watchUntil } from './until.ts';

/** What a Job's spec said before it was stopped, as JSON: a run for its rest is to be like it. */
export const BEFORE_STOP = 'work-queue.vscode/before-stop';

/** How long (ms) the controller of Jobs may take to end one whose deadline is over. */
const ENDED_MS = 30_000;

interface StopJob extends JobReference {
  signal: AbortSignal;
  /** Told how many Pods still run. */
  onLeft?: (pods: number) => void;
}

/**
 * Ends a Job as it stands and keeps it, its Pods and their logs. Whatever ends a Job or suspends it deletes the Pods that
 * run, and their logs go with them. So the Pods are ended first, each by a deadline of its own, after which it stays as
 * a failed one; then the Job is, by its deadline. Where Pods may not be changed, those that run are deleted.
 *
 * @returns how many Pods that ran are kept
 * @throws ClusterError as patchJob(); `timeout` when the cluster does not end the Job; what ending a Pod failed with: the
 * Job goes on then
 */
export async function stopJob(cluster: Cluster, o: StopJob): Promise<number> {
  const { namespace, name, uid, signal } = o;
  const path = resourcePath('batch/v1', namespace, 'jobs', name);
  const { spec, status } = await cluster.request<V1Job>({ path, signal });
  const { parallelism = 1, backoffLimit = DEFAULT_BACKOFF_LIMIT, activeDeadlineSeconds, suspend } = spec ?? {};
  const annotations = { [BEFORE_STOP]: JSON.stringify({ parallelism, backoffLimit, activeDeadlineSeconds }) };
  let kept = 0;
  if (suspend) {
    // A deadline counts while a Job is not suspended; without parallelism it makes no Pod meanwhile.
    const over = { suspend: false, parallelism: 0, activeDeadlineSeconds: 1 };
    await patchJob(cluster, { namespace, name, uid, signal, annotations, spec: over });
  } else {
    // A Pod that ends by its deadline counts as failed: at the limit the others would be deleted.
    const failures = (status?.failed ?? 0) + (status?.active ?? 0) + parallelism;
    const patient = { backoffLimit: backoffLimit + failures };
    await patchJob(cluster, { namespace, name, uid, signal, annotations, spec: patient });
    kept = await endPods(cluster, o);
    await patchJob(cluster, { namespace, name, uid, signal, spec: { activeDeadlineSeconds: 1 } });
  }
  await seenEnded(cluster, o);
  return kept;
}

/** @returns how many were ended; those that may not be changed run on */
async function endPods(cluster: Cluster, { namespace, uid, signal, onLeft }: StopJob): Promise<number> {
  const told = new Set<string>();
  const refused = new AbortController();
  const end = async (name: string) => {
    try {
      await cluster.request({
        method: 'PATCH',
        path: resourcePath('v1', namespace, 'pods', name),
        body: { spec: { activeDeadlineSeconds: 1 } },
        contentType: 'application/merge-patch+json',
        signal,
      });
    } catch (error) {
      told.delete(name);
      if (!hasCode(error, 'not-found')) refused.abort(error);
    }
  };
  try {
    await waitForPodsToEnd(cluster, {
      namespace,
      jobUid: uid,
      signal: AbortSignal.any([signal, refused.signal]),
      isWaitedFor: hasLog,
      onLeft: pods => {
        for (const name of pods.map(({ metadata }) => metadata?.name ?? '')) {
          if (told.has(name)) continue;
          told.add(name);
          void end(name);
        }
        onLeft?.(pods.length);
      },
    });
  } catch (error) {
    if (!refused.signal.aborted || signal.aborted) throw error;
    // Only who may not end the Pods gently gives their logs up: a server that is busy is asked once more by the person.
    if (!hasCode(refused.signal.reason, 'forbidden')) throw refused.signal.reason;
  }
  return told.size;
}

function hasCode(error: unknown, code: ClusterErrorCode): boolean {
  return error instanceof ClusterError && error.code === code;
}

/** One that has not begun has no log to lose; one that is being deleted goes whatever is done. */
function hasLog({ metadata, status }: V1Pod): boolean {
  const hasBegun = status?.containerStatuses?.some(({ state, restartCount }) => state?.running || restartCount > 0);
  return hasBegun === true && metadata?.deletionTimestamp === undefined;
}

async function seenEnded(cluster: Cluster, { namespace, name, uid, signal }: StopJob): Promise<void> {
  await watchUntil<V1Job, true>(cluster, {
    path: resourcePath('batch/v1', namespace, 'jobs'),
    query: { fieldSelector: `metadata.name=${name}` },
    signal,
    timeoutMs: ENDED_MS,
    late: () => new ClusterError('timeout', `jobs.batch "${name}" has not ended`),
    done: jobs => {
      const job = jobs.find(({ metadata }) => metadata?.uid === uid);
      const state = job && toJobRow(job).state;
      return state === undefined || state === 'failed' || state === 'complete' ? true : undefined;
    },
  });
}
