import type { CoreV1Event, V1Container, V1Job, V1JobCondition, V1Volume } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { type EventRow, inTimeOrder } from './events.ts';
import { type JobRow, toJobRow } from './jobRow.ts';
import { listAll } from './list.ts';
import type { PodRow } from './podRow.ts';
import { listPods } from './pods.ts';
import { resourcePath } from './resourcePath.ts';
import { timeOf } from './time.ts';

/** What a Job says of one of its Pods' containers. */
interface ContainerDescription {
  name: string;
  image: string;
  command: string[];
  /** `from`: `secretKeyRef rabbitmq-broker/url` and the like; a value may be a secret all the same. */
  env: { name: string; value: string; from: string | undefined }[];
  requests: Record<string, string>;
  limits: Record<string, string>;
  /** `kind`: what the volume is, as `secret`; `name`: of that object, else of the volume. */
  mounts: { path: string; kind: string; name: string }[];
}

/** What Describe Job shows, as plain data. */
export interface JobDescription {
  job: JobRow;
  spec: {
    labels: Record<string, string>;
    annotations: Record<string, string>;
    completionMode: string | undefined;
    backoffLimit: number | undefined;
    restartPolicy: string | undefined;
    activeDeadlineSeconds: number | undefined;
    ttlSecondsAfterFinished: number | undefined;
    nodeSelector: Record<string, string>;
    /** Of an Indexed Job, as `0-3,7`. */
    completedIndexes: string | undefined;
    failedIndexes: string | undefined;
    containers: ContainerDescription[];
  };
  conditions: Pick<V1JobCondition, 'type' | 'status' | 'reason' | 'message'>[];
  pods: PodRow[];
  events: EventRow[];
}

/** A Job with its Pods and the events of both, also of Pods that are gone, in time order. @throws ClusterError */
export async function describeJob(
  cluster: Cluster,
  o: { namespace: string; name: string; signal?: AbortSignal },
): Promise<JobDescription> {
  const { namespace, name, signal } = o;
  const [job, pods, events] = await Promise.all([
    cluster.request<V1Job>({ path: resourcePath('batch/v1', namespace, 'jobs', name), signal }),
    listPods(cluster, { namespace, job: name, signal }),
    listAll<CoreV1Event>(cluster, { path: resourcePath('v1', namespace, 'events'), signal }),
  ]);
  const { spec } = job;
  const podSpec = spec?.template.spec;
  const row = toJobRow(job);
  return {
    job: row,
    spec: {
      labels: job.metadata?.labels ?? {},
      annotations: job.metadata?.annotations ?? {},
      completionMode: spec?.completionMode,
      backoffLimit: spec?.backoffLimit,
      restartPolicy: podSpec?.restartPolicy,
      activeDeadlineSeconds: spec?.activeDeadlineSeconds,
      ttlSecondsAfterFinished: spec?.ttlSecondsAfterFinished,
      nodeSelector: podSpec?.nodeSelector ?? {},
      completedIndexes: job.status?.completedIndexes || undefined,
      failedIndexes: job.status?.failedIndexes || undefined,
      containers: (podSpec?.containers ?? []).map(container => toContainer(container, podSpec?.volumes ?? [])),
    },
    conditions: job.status?.conditions ?? [],
    pods: pods.filter(pod => pod.jobUid === row.uid),
    events: inTimeOrder(events.items.filter(event => concerns(event, row))),
  };
}

function toContainer(container: V1Container, volumes: V1Volume[]): ContainerDescription {
  const { name, image, command, args, env, resources, volumeMounts } = container;
  return {
    name,
    image: image ?? '',
    command: [...(command ?? []), ...(args ?? [])],
    env: (env ?? []).map(({ name, value, valueFrom }) => ({ name, value: value ?? '', from: sourceOf(valueFrom) })),
    requests: resources?.requests ?? {},
    limits: resources?.limits ?? {},
    mounts: (volumeMounts ?? []).map(({ mountPath, name }) => ({
      path: mountPath,
      ...volumeOf(volumes.find(volume => volume.name === name) ?? { name }),
    })),
  };
}

function volumeOf({ name, ...source }: V1Volume): { kind: string; name: string } {
  const [found] = Object.entries(source);
  if (!found) return { kind: '', name };
  const [kind, of] = found as [string, Record<string, unknown>];
  const named = of.secretName ?? of.claimName ?? of.name ?? of.path;
  return { kind, name: typeof named === 'string' ? named : name };
}

function sourceOf(from: NonNullable<V1Container['env']>[number]['valueFrom']): string | undefined {
  const [found] = Object.entries(from ?? {});
  if (!found) return undefined;
  const [kind, { name = '', key = '', fieldPath = '', resource = '' }] = found as [string, Record<string, string>];
  return `${kind} ${name === '' ? fieldPath || resource : `${name}/${key}`}`;
}

function concerns(event: CoreV1Event, job: JobRow): boolean {
  const { kind, name = '', uid } = event.involvedObject;
  if (kind === 'Job') return uid === job.uid;
  // The controller names a Pod after its Job, of an Indexed Job its index, with five letters more; a Pod that is gone is
  // known by that name alone.
  const rest = name.startsWith(`${job.name}-`) ? name.slice(job.name.length + 1) : '';
  return (
    kind === 'Pod' && /^(\d+-)?[a-z0-9]{5}$/.test(rest) && (timeOf(event.lastTimestamp) ?? job.created) >= job.created
  );
}
