import type { V1PodSpec } from '@kubernetes/client-node';
import type { Probe, ProbeSecret } from './probe.ts';

/** On every Job that is no run but a test; what lists runs leaves them out. */
export const TEST_LABEL = 'work-queue.vscode/test';

const LABELS = { 'app.kubernetes.io/managed-by': 'kube-work-queue', [TEST_LABEL]: 'true' };
/** The Job is ended after so long, its Pod waiting for a node included. */
const DEADLINE_SECONDS = 180;
const KEPT_SECONDS = 60;
const NOBODY = 65534;

/** The Job of a probe. */
export function probeJob(name: string, { image, command, env, secrets, like }: Probe): Record<string, unknown> {
  const { labels = {}, spec = {} } = like ?? {};
  const variables = [
    ...Object.entries(secrets).map(([variable, from]) => ({
      name: variable,
      valueFrom: { secretKeyRef: 'value' in from ? { name, key: variable } : { name: from.name, key: from.key } },
    })),
    ...Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
  ];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels: LABELS },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: {
        metadata: { labels: { ...labels, ...LABELS } },
        spec: {
          ...workerPlace(spec),
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 0,
          automountServiceAccountToken: false,
          // What a namespace under the strictest Pod security standard (restricted) asks for.
          securityContext: { runAsNonRoot: true, runAsUser: NOBODY, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'test',
              image,
              command,
              env: variables,
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '500m', memory: '64Mi' } },
            },
          ],
        },
      },
    },
  };
}

/** The Secret of the variables whose values are given, which goes with its Job. */
export function variableSecret(
  job: string,
  uid: string,
  secrets: Record<string, ProbeSecret>,
): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: job,
      labels: LABELS,
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: job, uid }],
    },
    stringData: Object.fromEntries(
      Object.entries(secrets).flatMap(([variable, from]) => ('value' in from ? [[variable, from.value]] : [])),
    ),
  };
}

/** Where and as whom the worker's Pods run: it decides which image can be pulled and what can be reached. */
function workerPlace(spec: Partial<V1PodSpec>): Partial<V1PodSpec> {
  const { imagePullSecrets, serviceAccountName, nodeSelector, tolerations } = spec;
  return { imagePullSecrets, serviceAccountName, nodeSelector, tolerations };
}
