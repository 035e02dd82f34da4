import type { Claim } from './completions.ts';
import type { QueueLook, RunLook } from './ledger.ts';
import type { JobInManifest } from './manifest.ts';

export type Severity = 'will-go-wrong' | 'has-gone-wrong' | 'worth-knowing';

export type FindingCode =
  | 'completions-below-depth'
  | 'completions-above-depth'
  | 'waiting-on-empty-queue'
  | 'failed-item-counted-as-done'
  | 'items-left-behind'
  | 'queue-missing'
  | 'broker-unreachable'
  | 'depth-unknown'
  | 'foreign-consumers'
  | 'ack-timeout-risk'
  | 'worker-hides-failures'
  | 'placeholder-image'
  | 'image-pull'
  | 'pod-unschedulable'
  | 'backoff-exhausted'
  | 'plaintext-credentials'
  | 'logs-lost-on-failure'
  | 'items-too-short-for-a-pod';

export type RemedyAction =
  | 'set-completions'
  | 'run-rest'
  | 'delete-job'
  | 'publish-items'
  | 'create-queue'
  | 'use-strict-worker'
  | 'show-log'
  | 'set-image'
  | 'build-and-push'
  | 'use-secret'
  | 'test-broker'
  | 'start-rabbitmq'
  | 'keep-failed-pods';

/** What can be done, with the numbers that its preview shows. */
export interface Remedy {
  action: RemedyAction;
  numbers: Record<string, number>;
}

export type WaitCause = 'too-many-completions' | 'acked-without-success' | 'taken-by-others';

/** One thing that is wrong or will be. proof: the numbers and names it rests on. */
export interface Finding {
  code: FindingCode;
  severity: Severity;
  cause?: WaitCause;
  proof: Record<string, number | string>;
  remedies: Remedy[];
}

/** What is known; what is not given is not judged. */
export interface State {
  /** The Job in the manifest as it stands in the editor. */
  manifest?: JobInManifest | undefined;
  /** The manifest's queue now. */
  queue?: QueueLook | undefined;
  /** The active Jobs on that queue. */
  claims?: Claim[] | undefined;
  /** Looks at one run, oldest first, the last one now (see keepLooks). */
  looks?: RunLook[] | undefined;
  /** Text of the worker image's Dockerfile. */
  dockerfile?: string | undefined;
  /** The broker does not answer: why, in a code or the system's words without secrets. */
  brokerError?: { reason: string } | undefined;
}

/** What is wrong, or will be, in this state; the gravest first. */
export function findings(_state: State): Finding[] {
  return [];
}
