import type { JobRow, PodRow } from '../cluster/index.ts';
import { type Finding, findings } from '../workload/findings.ts';
import type { RunLook } from '../workload/ledger.ts';
import { hasEnded, keepLooks, lookAfterEnd } from '../workload/looks.ts';
import type { Queues } from './queues.ts';

/** What runs need to know of the queues of the workspace's broker. */
export type QueuesOfRuns = Pick<Queues, 'onDidChange' | 'find' | 'isMissing' | 'published' | 'look'>;

/** What is remembered of a run besides what the cluster says of its Job. */
interface Account {
  /** The looks that its verdict rests on. */
  looks: RunLook[];
  /** Messages published from here when it was first seen: the clocks of cluster and editor need not agree. */
  publishedBefore: number;
  /** How many Jobs on its queue were seen active, and were no more, before it was first seen. */
  runsBefore: number;
  /** It was started here, so its end is told also when it came while the editor was closed. */
  followed: boolean;
}

/** The accounts of the Jobs that take the messages of the workspace's broker, by the Jobs' uids. */
export class RunAccounts {
  readonly #queues: QueuesOfRuns;
  readonly #shortageOf: (uid: string) => string | undefined;
  readonly #accounts = new Map<string, Account>();
  /** The Jobs that were seen active, by their queues, also those that have been deleted since. */
  readonly #seenActive = new Map<string, Set<string>>();

  constructor(queues: QueuesOfRuns, shortageOf: (uid: string) => string | undefined) {
    this.#queues = queues;
    this.#shortageOf = shortageOf;
  }

  /**
   * Takes a look at each of the Jobs; the accounts of others are forgotten.
   * @returns the uids of the runs whose ends are to be told now: their figures have settled
   */
  look(jobs: readonly JobRow[], podsOf: (uid: string) => PodRow[], followed: ReadonlySet<string>): Set<string> {
    const ended = new Set<string>();
    const active = Map.groupBy(jobs.filter(isActive), job => job.queue ?? '');
    for (const [queue, runs] of active) {
      const seen = this.#seenActive.get(queue) ?? new Set();
      this.#seenActive.set(queue, seen);
      for (const { uid } of runs) seen.add(uid);
    }
    for (const job of jobs) {
      if (job.queue === undefined) continue;
      const beside = active.get(job.queue)?.length ?? 0;
      const account = this.#accountOf(job.uid, job.queue, beside, followed.has(job.uid));
      const before = account.looks;
      const look = this.#lookAt(job, job.queue, podsOf(job.uid), account, beside);
      account.looks = keepLooks(before, look);
      if (isTold(account) && !lookAfterEnd(before) && lookAfterEnd(account.looks)) ended.add(job.uid);
    }
    const uids = new Set(jobs.map(job => job.uid));
    for (const uid of this.#accounts.keys()) if (!uids.has(uid)) this.#accounts.delete(uid);
    return ended;
  }

  findings(uid: string): Finding[] {
    const account = this.#accounts.get(uid);
    return account ? findings({ looks: account.looks }) : [];
  }

  /** Whether a run has ended whose queue's figures are still those before its end. */
  get isSettling(): boolean {
    return [...this.#accounts.values()].some(
      account => isTold(account) && account.looks.some(hasEnded) && !lookAfterEnd(account.looks),
    );
  }

  #accountOf(uid: string, queue: string, active: number, followed: boolean): Account {
    const account = this.#accounts.get(uid) ?? {
      looks: [],
      publishedBefore: this.#queues.published(queue),
      runsBefore: (this.#seenActive.get(queue)?.size ?? 0) - active,
      followed,
    };
    this.#accounts.set(uid, account);
    return account;
  }

  /** @param active how many Jobs on the run's queue are active, itself among them */
  #lookAt(job: JobRow, queue: string, pods: PodRow[], account: Account, active: number): RunLook {
    const { publishedBefore, runsBefore } = account;
    const seen = this.#seenActive.get(queue);
    const others = (seen?.size ?? 0) - runsBefore - (seen?.has(job.uid) ? 1 : 0);
    const otherRuns = active - (isActive(job) ? 1 : 0);
    return {
      at: performance.now(),
      job,
      pods,
      queue: this.#queueLookOf(queue),
      depthAtStart: job.depthAtStart,
      publishedSince: this.#queues.published(queue) - publishedBefore,
      otherRuns,
      otherRunsEnded: others - otherRuns,
      shortage: this.#shortageOf(job.uid),
    };
  }

  #queueLookOf(queue: string): RunLook['queue'] {
    if (this.#queues.isMissing(queue)) {
      return { exists: false, ready: undefined, unacked: undefined, consumers: undefined };
    }
    const known = this.#queues.find(queue);
    return known && { exists: true, ...known.sample, consumers: known.consumers };
  }
}

const isTold = ({ looks: [first], followed }: Account) => followed || (first !== undefined && !hasEnded(first));

/** Has the Job not ended yet? */
export function isActive({ state }: JobRow): boolean {
  return state === 'running' || state === 'suspended';
}
