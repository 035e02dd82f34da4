import { randomBytes } from 'node:crypto';
import type { V1Pod } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { readLog } from './logs.ts';
import { type PodRow, toPodRow } from './podRow.ts';
import { resourcePath } from './resourcePath.ts';
import { watchUntil } from './until.ts';

const DEADLINE_SECONDS = 60;
const NOBODY = 65534;

/**
 * Asks a short-lived Pod whether a host name resolves inside the cluster. The Pod is deleted whatever happens, and the
 * cluster ends it after 60 s even if this program does not live to do it.
 * @param o.image any image with `getent`
 * @throws ClusterError: `not-ready` when the Pod cannot run (says why), `forbidden`, `cancelled`
 */
export async function resolveInCluster(
  cluster: Cluster,
  o: { namespace: string; host: string; image: string; signal: AbortSignal },
): Promise<{ resolved: boolean; address: string | undefined; detail: string }> {
  if (!/^[A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9.])?$/.test(o.host)) {
    throw new ClusterError('invalid', `not a host name: ${o.host}`);
  }
  const name = `work-queue-probe-${randomBytes(4).toString('hex')}`;
  const { namespace, signal } = o;
  try {
    await cluster.request({
      method: 'POST',
      path: resourcePath('v1', namespace, 'pods'),
      query: { fieldValidation: 'Strict' },
      body: probePod(name, o.image, o.host),
      signal,
    });
    const pod = await watchUntil<V1Pod, PodRow>(cluster, {
      path: resourcePath('v1', namespace, 'pods'),
      query: { fieldSelector: `metadata.name=${name}` },
      signal,
      // The kubelet's deadline begins only when a node has taken the Pod.
      timeoutMs: (DEADLINE_SECONDS + 30) * 1000,
      late: () => new ClusterError('not-ready', 'the probe Pod did not come to an end'),
      done: ([found]) => ended(found),
    });
    let answer = '';
    for await (const text of readLog(cluster, { namespace, pod: name, signal })) answer += text;
    if (signal.aborted) throw new ClusterError('cancelled', 'cancelled');
    const address = pod.phase === 'succeeded' ? answer.trim().split(/\s+/)[0] || undefined : undefined;
    return { resolved: address !== undefined, address, detail: answer.trim() || `${o.host} does not resolve` };
  } finally {
    // Without the caller's signal: also a cancelled probe leaves nothing behind.
    await cluster
      .request({
        method: 'DELETE',
        path: resourcePath('v1', namespace, 'pods', name),
        body: { gracePeriodSeconds: 0 },
        timeoutMs: 10_000,
      })
      .catch(() => {});
  }
}

function ended(found: V1Pod | undefined): PodRow | undefined {
  if (!found) throw new ClusterError('not-ready', 'the probe Pod was deleted by somebody else');
  const pod = toPodRow(found);
  const why = [pod.reason, pod.message].filter(Boolean).join(': ');
  // getent ends with 2 for a name that it does not find; anything else is trouble of the Pod itself.
  if (pod.phase === 'succeeded' || (pod.phase === 'failed' && pod.exitCode === 2)) return pod;
  const stuck = [
    'ErrImagePull',
    'ImagePullBackOff',
    'ErrImageNeverPull',
    'InvalidImageName',
    'Unschedulable',
    'CreateContainerError',
  ];
  if (pod.phase === 'failed' || stuck.includes(pod.reason ?? '')) {
    throw new ClusterError('not-ready', `the probe Pod did not run: ${why || `exit code ${pod.exitCode}`}`);
  }
  return undefined;
}

function probePod(name: string, image: string, host: string): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'kube-work-queue' } },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: DEADLINE_SECONDS,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      // What a namespace under the strictest Pod security standard (restricted) asks for.
      securityContext: { runAsNonRoot: true, runAsUser: NOBODY, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'probe',
          image,
          command: ['getent', 'hosts', host],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '250m', memory: '64Mi' } },
        },
      ],
    },
  };
}
