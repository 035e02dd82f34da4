/** One look at a queue. A figure that is unknown is undefined, never 0; ready and unacked come from one answer. */
export interface QueueLook {
  exists: boolean;
  ready: number | undefined;
  unacked: number | undefined;
  consumers: number | undefined;
  /** When the broker was asked, in the clock of RunLook.at; unless told, at the moment of the look. */
  at?: number | undefined;
}

export type JobState = 'running' | 'complete' | 'failed' | 'suspended';

export interface PodLook {
  name: string;
  phase: 'waiting' | 'running' | 'succeeded' | 'failed';
  /** Why it waits or failed, in Kubernetes' word: ImagePullBackOff, Unschedulable, … */
  reason: string | undefined;
  /** The cluster's words for it; untrusted text. */
  message?: string | undefined;
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
  /** Why it failed, in Kubernetes' word: BackoffLimitExceeded, DeadlineExceeded, … */
  reason?: string | undefined;
}

/** What was known of one run at one moment. */
export interface RunLook {
  /** Milliseconds of a clock that only goes forward. */
  at: number;
  job: JobLook;
  pods: PodLook[];
  /** undefined: unknown. */
  queue: QueueLook | undefined;
  /**
   * D0: messages ready when the Job was created. undefined when unknown, and for a run that had ended before it was
   * first looked at: nobody knows what was published since.
   */
  depthAtStart: number | undefined;
  /** Messages sent to the queue by us since D0 was read; counted when sent, confirmed or not, also after the run's end. */
  publishedSince: number;
  /** Other Jobs on this queue that are active now. */
  otherRuns: number;
  /** Other Jobs on this queue that were active at some time since this Job's creation, and are no more. */
  otherRunsEnded?: number | undefined;
  /** The cluster's words for why it refuses to make Pods of the Job; undefined where it does not, or they are unknown. */
  shortage?: string | undefined;
}

/** The run's account at one look. */
export interface Account {
  /** Completions still to come; undefined when the Job takes until the queue is empty. */
  owed: number | undefined;
  /** What the queue should hold: D0 - succeeded + published since. Below 0 when items were counted more than once. */
  expected: number | undefined;
  /** What it holds: ready + unacked. */
  present: number | undefined;
  /** Items more than expected; 0 when a figure is unknown. */
  cameBack: number;
  /** Items fewer than expected; 0 when a figure is unknown. */
  missing: number;
}

/**
 * What the queue should hold beside what it holds, at one look. The figures of one look are of different moments
 * (the queue's up to 5 s old, the Job's up to 1 s): a difference is a proof only across two looks, see findings.
 */
export function reckon(look: RunLook): Account {
  const { job, queue, depthAtStart, publishedSince } = look;
  const owed = job.completions === undefined ? undefined : Math.max(0, job.completions - job.succeeded);
  const expected = depthAtStart === undefined ? undefined : depthAtStart - job.succeeded + publishedSince;
  const present = queue?.ready === undefined || queue.unacked === undefined ? undefined : queue.ready + queue.unacked;
  const excess = present === undefined || expected === undefined ? 0 : present - expected;
  return { owed, expected, present, cameBack: Math.max(0, excess), missing: Math.max(0, -excess) };
}
