import type { Claim } from './completions.ts';
import { ackTimeout } from './findings/ackTimeout.ts';
import { beforeRun } from './findings/beforeRun.ts';
import { brokerAway } from './findings/broker.ts';
import { cameBack } from './findings/cameBack.ts';
import { ended } from './findings/ended.ts';
import { podFindings } from './findings/pods.ts';
import { queueOfRun } from './findings/queueOfRun.ts';
import { shortage } from './findings/shortage.ts';
import { tooShort } from './findings/tooShort.ts';
import { waiting } from './findings/waiting.ts';
import { workerFindings } from './findings/worker.ts';
import type { QueueLook, RunLook } from './ledger.ts';
import type { JobInManifest } from './manifest.ts';

export type Severity = 'has-gone-wrong' | 'will-go-wrong' | 'worth-knowing';

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
  | 'pods-not-created'
  | 'pods-not-consuming'
  | 'backoff-exhausted'
  | 'plaintext-credentials'
  | 'logs-lost-on-failure'
  | 'items-too-short-for-a-pod'
  | 'login-from-loopback-only'
  | 'unreachable-from-pods'
  | 'broker-node-down'
  | 'broker-alarm'
  | 'broker-oom-killed'
  | 'memory-limit-below-watermark'
  | 'data-on-emptydir'
  | 'guest-credentials'
  | 'broker-version'
  | 'broker-not-here'
  | 'policy-cannot-work'
  | 'backoff-limit-low'
  | 'parallelism-above-completions'
  | 'ttl-missing'
  | 'ttl-too-short';

export type WaitCause = 'too-many-completions' | 'acked-without-success' | 'taken-by-others';

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
  | 'keep-failed-pods'
  | 'make-broker-user'
  | 'allow-remote-login'
  | 'use-service-variable'
  | 'give-memory'
  | 'give-disk'
  | 'tell-memory'
  | 'use-persistent-volume'
  | 'replace-failed-pods'
  | 'set-backoff-limit'
  | 'set-parallelism'
  | 'set-ttl'
  | 'stop-job'
  | 'replace-job'
  | 'set-aside'
  | 'add-missing'
  | 'raise-ack-timeout';

/** What can be done, with the numbers that its preview shows. */
export interface Remedy {
  action: RemedyAction;
  numbers: Record<string, number>;
}

/** One thing that is wrong or will be. proof: the numbers and names that it rests on. */
export interface Finding {
  code: FindingCode;
  severity: Severity;
  cause?: WaitCause;
  proof: Record<string, number | string>;
  remedies: Remedy[];
}

/** What is known. What is not given is not judged; a figure that is unknown holds a finding back. */
export interface State {
  /** The Job in the manifest as it stands in the editor. */
  manifest?: JobInManifest | undefined;
  /** The manifest's queue now. */
  queue?: QueueLook | undefined;
  /** The active Jobs on that queue. */
  claims?: Claim[] | undefined;
  /** Looks at one run, oldest first, the last one now: what keepLooks returned. */
  looks?: RunLook[] | undefined;
  /** Whether the host of the manifest's BROKER_URL is a Service, looked up from this namespace. */
  services?: { host: string; namespace: string; found: boolean } | undefined;
  /** Text of the Dockerfile of the worker's image. */
  dockerfile?: string | undefined;
  /** The broker does not answer: why, as a code or in words without secrets. */
  brokerError?: { reason: string } | undefined;
}

const SEVERITIES: Severity[] = ['has-gone-wrong', 'will-go-wrong', 'worth-knowing'];

/** What is wrong, or will be, in this state; the gravest first. */
export function findings(state: State): Finding[] {
  return gravestFirst([
    ...brokerAway(state),
    ...beforeRun(state),
    ...workerFindings(state),
    ...runFindings(state.looks ?? []),
  ]);
}

/** What is wrong with one run, or will be, the gravest first. @param looks as in State */
export function runFindings(looks: RunLook[]): Finding[] {
  return gravestFirst([
    ...waiting(looks),
    ...cameBack(looks),
    ...ended(looks),
    ...podFindings(looks),
    ...shortage(looks),
    ...queueOfRun(looks),
    ...ackTimeout(looks),
    ...tooShort(looks),
  ]);
}

/** Findings by severity; those of the same one stay in their order. */
export function gravestFirst(found: Finding[]): Finding[] {
  return found.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}
