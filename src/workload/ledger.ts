import type { PodTimes } from './startup.ts';

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
  /** When the kubelet took it and when its containers had ended, in ms of the cluster's clock. */
  started?: number | undefined;
  finished?: number | undefined;
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

/** Who takes messages from a run's queue and is none of its Pods. */
export interface Stranger {
  /** `address:port`, or as the broker names the connection. */
  connection: string;
  /** The name that the client gave itself; untrusted text. */
  name: string | undefined;
  user: string | undefined;
}

/** What was asked of a run's queue, in full, because it mattered. */
export interface Witness {
  /** Those who took messages when it was asked last, or before; undefined: who is a Pod cannot be told from here. */
  strangers: Stranger[] | undefined;
  /** How long (ms) a message may be held without an ack. */
  ackTimeoutMs: number | undefined;
  /**
   * At least so many items more than the account has were in the queue LAG_MS before the broker said that nobody but us
   * had published to it since the run began.
   */
  proven: number;
  /** Whether the broker counted messages of others in the run's time; undefined: it does not say. */
  othersPublished: boolean | undefined;
  /** How many of the messages that the run left had been handed out before; undefined: it was not looked at them. */
  redelivered: number | undefined;
  /** What the ended run left is being looked at: a verdict on it has to wait. */
  isLooking: boolean;
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
  /** undefined: nothing gave reason to ask, or the broker does not say. */
  witness?: Witness | undefined;
  /** Whether the queue was not there at some time while the Job was. */
  queueWasMissing?: boolean | undefined;
  /** Pods that were seen at work and are gone without having ended well, the newest last. */
  goneUncounted?: readonly string[] | undefined;
  /** When the first of its Pods were made, began to work and ended, as it was seen from here. */
  podTimes?: readonly PodTimes[] | undefined;
  /** The Pod that has been at its item for longest, and how long (ms); undefined where that is not known. */
  longest?: { pod: string; ms: number } | undefined;
}

/** The run's account at one look. */
export interface Account {
  /** Completions still to come; undefined when the Job takes until the queue is empty. */
  owed: number | undefined;
  /**
   * What the queue should hold: D0 - succeeded + published since. Below 0 when items were counted more than once.
   * undefined where D0 is unknown, or a Pod does not count for one item.
   */
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
  // A Pod of a Job without completions takes any number of items.
  const isKnown = depthAtStart !== undefined && job.completions !== undefined;
  const expected = isKnown ? depthAtStart - job.succeeded + publishedSince : undefined;
  const present = queue?.ready === undefined || queue.unacked === undefined ? undefined : queue.ready + queue.unacked;
  const excess = present === undefined || expected === undefined ? 0 : present - expected;
  return { owed, expected, present, cameBack: Math.max(0, excess), missing: Math.max(0, -excess) };
}
