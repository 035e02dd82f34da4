import type { JobLook, PodLook, QueueLook, RunLook, Witness } from '../../../src/workload/ledger.ts';

/** What a test says of one look; the rest is a running Job of 8 completions on a queue that held 8. */
export interface LookGiven {
  at?: number;
  job?: Partial<JobLook>;
  queue?: Partial<QueueLook> | null;
  pods?: Partial<PodLook>[];
  depthAtStart?: number | undefined;
  publishedSince?: number;
  otherRuns?: number;
  otherRunsEnded?: number;
  shortage?: string;
  witness?: Partial<Witness>;
  queueWasMissing?: boolean;
  goneUncounted?: string[];
  longest?: { pod: string; ms: number };
}

export function look(given: LookGiven = {}): RunLook {
  const queue = { exists: true, ready: 0, unacked: 0, consumers: undefined };
  const job = {
    name: 'job-wq-1',
    state: 'running' as const,
    completions: 8,
    parallelism: 2,
    succeeded: 0,
    failed: 0,
    active: 2,
  };
  return {
    at: given.at ?? 0,
    job: { ...job, ...given.job },
    pods: (given.pods ?? []).map((each, i) => pod({ name: `job-wq-1-${i}`, ...each })),
    queue: given.queue === null ? undefined : { ...queue, ...given.queue },
    depthAtStart: 'depthAtStart' in given ? given.depthAtStart : 8,
    publishedSince: given.publishedSince ?? 0,
    otherRuns: given.otherRuns ?? 0,
    otherRunsEnded: given.otherRunsEnded,
    shortage: given.shortage,
    witness: given.witness && { ...NO_WITNESS, ...given.witness },
    queueWasMissing: given.queueWasMissing,
    goneUncounted: given.goneUncounted,
    longest: given.longest,
  };
}

const NO_WITNESS: Witness = {
  strangers: undefined,
  ackTimeoutMs: undefined,
  proven: 0,
  othersPublished: undefined,
  redelivered: undefined,
  isLooking: false,
};

/** The same look twice, with the time between them in ms. */
export function twice(given: LookGiven, apart = 5000): RunLook[] {
  return [look({ ...given, at: 0 }), look({ ...given, at: apart })];
}

function pod(given: Partial<PodLook>): PodLook {
  return {
    name: 'p',
    phase: 'running',
    reason: undefined,
    exitCode: undefined,
    restarts: 0,
    terminating: false,
    ...given,
  };
}
