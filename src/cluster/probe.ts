import { randomBytes } from 'node:crypto';
import type { CoreV1Event, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { createJob } from './createJob.ts';
import { ClusterError } from './error.ts';
import { type PodRow, toPodRow } from './podRow.ts';
import { probeJob, variableSecret } from './probeJob.ts';
import { resourcePath } from './resourcePath.ts';
import { watchUntil } from './until.ts';
import { watch } from './watch.ts';

/** What a probe's variable with a secret value comes from: a Secret that is there, or one made for it. */
export type ProbeSecret = { name: string; key: string } | { value: string };

export interface Probe {
  namespace: string;
  image: string;
  /** argv; what it writes to /dev/termination-log, up to 4 kB, is its answer. */
  command: string[];
  /** Plain variables; `$(NAME)` stands for the variable NAME that Kubernetes gives every Pod of the namespace. */
  env: Record<string, string>;
  /** Variables from Secrets. */
  secrets: Record<string, ProbeSecret>;
  /** The worker's Pod, to be as near to it as a probe may be: labels, account, place, the right to pull its image. */
  like?: { labels?: Record<string, string>; spec?: Partial<V1PodSpec> };
  signal: AbortSignal;
  /** Default 150 000. */
  timeoutMs?: number;
  /** Told when what the Pod waits for changes: its reason and message, as ContainerCreating, Unschedulable. */
  onWait?: (pod: { reason: string | undefined; message: string | undefined }) => void;
}

// The kubelet's words for what no waiting changes.
const STUCK = ['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName', 'CreateContainerError'];

/**
 * Runs a command in a short-lived Pod. The Pod is that of a Job, so that also when this program does not live to delete
 * it the cluster does: it ends the Job after 3 minutes, wherever it stands, and removes it with its Pod and Secret a
 * minute later.
 * @returns the command's exit code and answer
 * @throws ClusterError: `not-ready` when the Pod cannot run (says why), `forbidden`, `cancelled`
 */
export async function runProbe(cluster: Cluster, o: Probe): Promise<{ exitCode: number; answer: string }> {
  const name = `work-queue-test-${randomBytes(4).toString('hex')}`;
  const made = Object.entries(o.secrets).filter(([, from]) => 'value' in from);
  try {
    const { uid } = await createJob(cluster, { namespace: o.namespace, body: probeJob(name, o), signal: o.signal });
    if (made.length > 0) {
      const body = variableSecret(name, uid, o.secrets);
      const path = resourcePath('v1', o.namespace, 'secrets');
      await cluster.request({ method: 'POST', path, body, signal: o.signal });
    }
    return await untilEnded(cluster, name, o);
  } finally {
    // Without the caller's signal: also a cancelled probe leaves nothing behind.
    await Promise.all([
      remove(cluster, resourcePath('batch/v1', o.namespace, 'jobs', name)),
      made.length > 0 && remove(cluster, resourcePath('v1', o.namespace, 'secrets', name)),
    ]);
  }
}

async function remove(cluster: Cluster, path: string): Promise<void> {
  const body = { propagationPolicy: 'Background' };
  await cluster.request({ method: 'DELETE', path, body, timeoutMs: 10_000 }).catch(() => {});
}

async function untilEnded(cluster: Cluster, job: string, o: Probe): Promise<{ exitCode: number; answer: string }> {
  const around = new AbortController();
  const refused = Promise.withResolvers<never>();
  refused.promise.catch(() => {});
  let seen: PodRow | undefined;
  watch<CoreV1Event>(cluster, {
    path: resourcePath('v1', o.namespace, 'events'),
    query: { fieldSelector: `involvedObject.kind=Job,involvedObject.name=${job},type=Warning` },
    signal: around.signal,
    onItems(items) {
      // A quota, a limit or the Pod security standard: there is no Pod that could say so.
      const event = [...items.values()].find(({ reason }) => reason === 'FailedCreate');
      if (event) refused.reject(new ClusterError('not-ready', event.message ?? 'FailedCreate'));
    },
    // Who may not read events waits longer for the same end.
    onState() {},
  });
  try {
    const pod = watchUntil<V1Pod, V1Pod>(cluster, {
      path: resourcePath('v1', o.namespace, 'pods'),
      query: { labelSelector: `batch.kubernetes.io/job-name=${job}` },
      signal: AbortSignal.any([o.signal, around.signal]),
      timeoutMs: o.timeoutMs ?? 150_000,
      late: () => new ClusterError('not-ready', `the Pod did not come to an end: ${why(seen) || 'no Pod'}`),
      done([found]) {
        if (!found) {
          if (seen) throw new ClusterError('not-ready', 'the Pod was deleted by somebody else');
          return undefined;
        }
        const row = toPodRow(found);
        if (row.phase === 'waiting' && row.reason !== seen?.reason) o.onWait?.(row);
        seen = row;
        return isEnded(row, o) ? found : undefined;
      },
    });
    pod.catch(() => {});
    return answerOf(await Promise.race([pod, refused.promise]));
  } finally {
    around.abort();
  }
}

function isEnded(pod: PodRow, { secrets }: Probe): boolean {
  if (pod.phase === 'succeeded' || pod.phase === 'failed') return true;
  // A Secret of ours comes a moment after the Job, one that was to be there does not come.
  const waitsForSecret = pod.reason === 'CreateContainerConfigError' && Object.values(secrets).some(s => 'value' in s);
  const stuck = STUCK.includes(pod.reason ?? '') || (pod.reason === 'CreateContainerConfigError' && !waitsForSecret);
  if (stuck) throw new ClusterError('not-ready', why(pod));
  return false;
}

function answerOf(pod: V1Pod): { exitCode: number; answer: string } {
  const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
  // Evicted, or refused by the node: no container has run.
  if (!ended) throw new ClusterError('not-ready', why(toPodRow(pod)) || 'the Pod failed');
  // The runtime's words for a program that the image does not have.
  if (ended.reason === 'StartError' || ended.reason === 'ContainerCannotRun') {
    throw new ClusterError('not-ready', `${ended.reason}: ${ended.message ?? ''}`);
  }
  return { exitCode: ended.exitCode, answer: ended.message ?? '' };
}

const why = (pod: PodRow | undefined) => [pod?.reason, pod?.message].filter(Boolean).join(': ');
