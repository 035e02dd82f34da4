import type { V1JobCondition } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import type { EventRow } from './events.ts';
import type { JobRow } from './jobRow.ts';
import type { PodRow } from './podRow.ts';

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
    containers: { name: string; image: string; command: string[]; env: string[] }[];
  };
  conditions: Pick<V1JobCondition, 'type' | 'status' | 'reason' | 'message'>[];
  pods: PodRow[];
  events: EventRow[];
}

/** A Job with its Pods and the events of both in time order. */
export async function describeJob(
  _cluster: Cluster,
  _o: { namespace: string; name: string; signal?: AbortSignal },
): Promise<JobDescription> {
  throw new Error('not written yet');
}
