/** One look at a queue; a figure that is unknown is undefined, never 0. Both counts come from one answer. */
export interface QueueLook {
  exists: boolean;
  ready: number | undefined;
  unacked: number | undefined;
  consumers: number | undefined;
}

export type JobState = 'running' | 'complete' | 'failed' | 'suspended';

export interface PodLook {
  name: string;
  phase: 'waiting' | 'running' | 'succeeded' | 'failed';
  /** Why the Pod waits or failed, in Kubernetes' word: ImagePullBackOff, Unschedulable, … */
  reason: string | undefined;
  exitCode: number | undefined;
  restarts: number;
  terminating: boolean;
}

export interface JobLook {
  name: string;
  state: JobState;
  completions: number | undefined;
  parallelism: number;
  succeeded: number;
  failed: number;
  active: number;
  /** When it became complete or failed, in the clock of `RunLook.at`. */
  finished?: number | undefined;
  /** Why it failed, in Kubernetes' word: BackoffLimitExceeded, DeadlineExceeded, … */
  reason?: string | undefined;
}

/** What was true of one run at one moment. */
export interface RunLook {
  /** Milliseconds of any one clock. */
  at: number;
  job: JobLook;
  pods: PodLook[];
  queue: QueueLook | undefined;
  /** D0: messages ready when the Job was created. */
  depthAtStart: number | undefined;
  /** Messages sent to the queue by us since the Job's creation: counted when sent, confirmed or not. */
  publishedSince: number;
  /** Other Jobs on this queue that are active now. */
  otherRuns: number;
  /** Other Jobs on this queue that were active at some time since this Job's creation, and are no more. */
  otherRunsEnded?: number | undefined;
}

/** The run's account at one look. */
export interface Account {
  owed: number | undefined;
  expected: number | undefined;
  present: number | undefined;
  cameBack: number;
  missing: number;
}

/**
 * The run's account at one look: what the queue should hold beside what it holds.
 * owed: completions still to come. expected: D0 - succeeded + published since. present: ready + unacked.
 * cameBack and missing are 0 when a figure they need is unknown.
 */
export function reckon(look: RunLook): Account {
  const { job, queue, depthAtStart, publishedSince } = look;
  const owed = job.completions === undefined ? undefined : Math.max(0, job.completions - job.succeeded);
  const expected = depthAtStart === undefined ? undefined : depthAtStart - job.succeeded + publishedSince;
  const present = queue?.ready === undefined || queue.unacked === undefined ? undefined : queue.ready + queue.unacked;
  const delta = present === undefined || expected === undefined ? 0 : present - expected;
  return { owed, expected, present, cameBack: Math.max(0, delta), missing: Math.max(0, -delta) };
}
