import type { CoreV1Event, V1Job, V1JobCondition } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { type EventRow, toEventRow } from './events.ts';
import { type JobRow, toJobRow } from './jobRow.ts';
import { listAll } from './list.ts';
import type { PodRow } from './podRow.ts';
import { listPods } from './pods.ts';
import { resourcePath } from './resourcePath.ts';
import { timeOf } from './time.ts';

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
    containers: { name: string; image: string; command: string[] }[];
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
      containers: (podSpec?.containers ?? []).map(one => ({
        name: one.name,
        image: one.image ?? '',
        command: [...(one.command ?? []), ...(one.args ?? [])],
      })),
    },
    conditions: job.status?.conditions ?? [],
    pods: pods.filter(pod => pod.jobUid === row.uid),
    events: events.items
      .filter(event => concerns(event, row))
      .map(toEventRow)
      .sort((a, b) => a.at - b.at),
  };
}

function concerns(event: CoreV1Event, job: JobRow): boolean {
  const { kind, name = '', uid } = event.involvedObject;
  if (kind === 'Job') return uid === job.uid;
  // The controller names a Pod after its Job with five letters more; a Pod that is gone is known by that name alone.
  const rest = name.startsWith(`${job.name}-`) ? name.slice(job.name.length + 1) : '';
  return kind === 'Pod' && /^[a-z0-9]{5}$/.test(rest) && (timeOf(event.lastTimestamp) ?? job.created) >= job.created;
}
