import type { V1Job } from '@kubernetes/client-node';
import type { JobState } from '../workload/ledger.ts';
import { timeOf } from './time.ts';

/** The ledger of a run: annotations on the Job. */
export const ANNOTATION = {
  run: 'work-queue.vscode/run',
  queue: 'work-queue.vscode/queue',
  depth: 'work-queue.vscode/depth',
  /** Of a run that does what another Job has left: that Job's name. */
  rest: 'work-queue.vscode/rest',
} as const;

/** A Job in the words of this product. Times in ms since 1970. */
export interface JobRow {
  uid: string;
  name: string;
  namespace: string;
  state: JobState;
  reason: string | undefined;
  message: string | undefined;
  completions: number | undefined;
  parallelism: number;
  succeeded: number;
  failed: number;
  active: number;
  ready: number;
  created: number;
  started: number | undefined;
  finished: number | undefined;
  /** The ledger's queue, else the first container's env QUEUE. */
  queue: string | undefined;
  run: string | undefined;
  depthAtStart: number | undefined;
}

/** Reads a Job as the API server sends it (dates as text). */
export function toJobRow(job: V1Job): JobRow {
  const { metadata = {}, spec, status = {} } = job;
  const { state, condition } = stateOf(job);
  const annotations = metadata.annotations ?? {};
  const depth = annotations[ANNOTATION.depth];
  return {
    uid: metadata.uid ?? '',
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    state,
    reason: condition?.reason || undefined,
    message: condition?.message || undefined,
    completions: spec?.completions ?? undefined,
    parallelism: spec?.parallelism ?? 1,
    succeeded: status.succeeded ?? 0,
    failed: status.failed ?? 0,
    active: status.active ?? 0,
    ready: status.ready ?? 0,
    created: timeOf(metadata.creationTimestamp) ?? 0,
    started: timeOf(status.startTime),
    finished: timeOf(status.completionTime) ?? (state === 'failed' ? timeOf(condition?.lastTransitionTime) : undefined),
    queue: annotations[ANNOTATION.queue] ?? queueOfEnvironment(job),
    run: annotations[ANNOTATION.run],
    depthAtStart: depth !== undefined && /^\d{1,15}$/.test(depth) ? Number(depth) : undefined,
  };
}

function stateOf(job: V1Job) {
  const holds = (type: string) => job.status?.conditions?.find(one => one.type === type && one.status === 'True');
  const complete = holds('Complete');
  if (complete) return { state: 'complete' as JobState, condition: complete };
  // FailureTarget comes while Pods are still ending: no more work will be done, and it says why.
  const failed = holds('Failed');
  if (failed) return { state: 'failed' as JobState, condition: failed };
  if (job.spec?.suspend) return { state: 'suspended' as JobState, condition: holds('Suspended') };
  return { state: 'running' as JobState, condition: holds('FailureTarget') };
}

function queueOfEnvironment(job: V1Job): string | undefined {
  for (const container of job.spec?.template?.spec?.containers ?? []) {
    const value = container.env?.find(one => one.name === 'QUEUE')?.value;
    if (value) return value;
  }
  return undefined;
}
