import type { V1Job } from '@kubernetes/client-node';
import type { JobState } from '../workload/ledger.ts';

/** The ledger of a run: annotations on the Job. */
export const ANNOTATION = {
  run: 'work-queue.vscode/run',
  queue: 'work-queue.vscode/queue',
  depth: 'work-queue.vscode/depth',
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
export function toJobRow(_job: V1Job): JobRow {
  throw new Error('not written yet');
}
