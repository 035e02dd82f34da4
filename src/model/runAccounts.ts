import type { JobRow, PodRow } from '../cluster/index.ts';
import { type Finding, runFindings } from '../workload/findings.ts';
import type { RunLook } from '../workload/ledger.ts';
import { hasEnded, keepLooks, lookAfterEnd } from '../workload/looks.ts';
import type { PodTimes } from '../workload/startup.ts';
import type { Queues } from './queues.ts';
import { Witnesses } from './witnesses.ts';

/** What runs need to know of the queues of the workspace's broker. */
export type QueuesOfRuns = Pick<
  Queues,
  'onDidChange' | 'find' | 'isMissing' | 'published' | 'look' | 'details' | 'redelivered'
>;

/** How many Pods of a run are timed. */
const TIMED = 50;

/** What is remembered of a run besides what the cluster says of its Job. */
interface Account {
  queue: string;
  /** The looks that its verdict rests on. */
  looks: RunLook[];
  /** Messages published from here when it was first seen: the clocks of cluster and editor need not agree. */
  publishedBefore: number;
  /** How many Jobs on its queue were seen active, and were no more, before it was first seen. */
  runsBefore: number;
  /** Its end has been told. */
  told: boolean;
  queueWasMissing: boolean;
  /** When (ms since 1970) a Pod may have been without an item last. */
  idleAt: number;
  /** Its Pods that ended badly or were at work when last seen, by name: those that are gone since, and those there. */
  atWork: Map<string, 'here' | 'gone'>;
  /** Of its first Pods that were seen from their making, by name. */
  times: Map<string, PodTimes>;
  /** It was started here, so its end is told also when it came while the editor was closed. */
  followed: boolean;
}

/** The accounts of the Jobs that take the messages of the workspace's broker, by the Jobs' uids. */
export class RunAccounts {
  readonly #queues: QueuesOfRuns;
  readonly #shortageOf: (uid: string) => string | undefined;
  readonly #accounts = new Map<string, Account>();
  readonly #witnesses: Witnesses;
  /** The Jobs that were seen active, by their queues, also those that have been deleted since. */
  readonly #seenActive = new Map<string, Set<string>>();

  constructor(queues: QueuesOfRuns, shortageOf: (uid: string) => string | undefined) {
    this.#queues = queues;
    this.#shortageOf = shortageOf;
    this.#witnesses = new Witnesses(queues);
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
    let addresses: Set<string> | undefined;
    const podsHere = () => {
      addresses ??= new Set(jobs.flatMap(job => podsOf(job.uid).flatMap(({ ip }) => ip ?? [])));
      return addresses;
    };
    for (const job of jobs) {
      if (job.queue === undefined) continue;
      const beside = active.get(job.queue)?.length ?? 0;
      const account = this.#accountOf(job.uid, job.queue, beside, followed.has(job.uid));
      const look = this.#lookAt(job, job.queue, podsOf(job.uid), account, beside);
      account.looks = keepLooks(account.looks, look);
      this.#witnesses.look({ uid: job.uid, queue: job.queue, looks: account.looks, podsHere });
      look.witness = this.#witnesses.of(job.uid);
      if (account.told || !isSettled(account)) continue;
      account.told = true;
      if (isTold(account)) ended.add(job.uid);
    }
    const uids = new Set(jobs.map(job => job.uid));
    for (const uid of this.#accounts.keys()) {
      if (uids.has(uid)) continue;
      this.#accounts.delete(uid);
      this.#witnesses.forget(uid);
    }
    return ended;
  }

  findings(uid: string): Finding[] {
    const account = this.#accounts.get(uid);
    return account ? runFindings(account.looks) : [];
  }

  /** The queues of runs that have ended, whose figures are still those before the ends. */
  get settlingQueues(): string[] {
    return [...this.#accounts.values()].filter(isSettling).map(({ queue }) => queue);
  }

  #accountOf(uid: string, queue: string, active: number, followed: boolean): Account {
    const account = this.#accounts.get(uid) ?? {
      queue,
      looks: [],
      publishedBefore: this.#queues.published(queue),
      runsBefore: (this.#seenActive.get(queue)?.size ?? 0) - active,
      followed,
      told: false,
      queueWasMissing: false,
      idleAt: 0,
      atWork: new Map<string, 'here' | 'gone'>(),
      times: new Map<string, PodTimes>(),
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
    const queueLook = this.#queueLookOf(queue);
    const isMissing = queueLook?.exists === false;
    account.queueWasMissing ||= isMissing;
    notePods(account, job, pods, queueLook);
    return {
      at: performance.now(),
      job,
      pods,
      queue: queueLook,
      depthAtStart: job.depthAtStart,
      publishedSince: this.#queues.published(queue) - publishedBefore,
      otherRuns,
      otherRunsEnded: others - otherRuns,
      shortage: this.#shortageOf(job.uid),
      witness: this.#witnesses.of(job.uid),
      queueWasMissing: account.queueWasMissing,
      goneUncounted: [...account.atWork].filter(([, where]) => where === 'gone').map(([name]) => name),
      podTimes: timed(account, pods),
      longest: longestOf(account, job, pods),
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

/** Are the figures after the run's end known, and no answer waited for? */
const isSettled = ({ looks }: Account) => lookAfterEnd(looks) !== undefined && !looks.at(-1)?.witness?.isLooking;

const isSettling = (account: Account) => isTold(account) && account.looks.some(hasEnded) && !isSettled(account);

const isTold = ({ looks: [first], followed }: Account) => followed || (first !== undefined && !hasEnded(first));

/** Keeps in mind which Pods were at work, and when one may have been without an item. */
function notePods(account: Account, { active }: JobRow, pods: PodRow[], queue: RunLook['queue']): void {
  const { atWork } = account;
  const isBusy = queue !== undefined && ((queue.ready ?? 0) > 0 || (queue.unacked ?? 0) >= active);
  if (!isBusy) account.idleAt = Date.now();
  for (const name of atWork.keys()) atWork.set(name, 'gone');
  for (const { name, phase } of pods) {
    if (phase === 'running' || phase === 'failed') atWork.set(name, 'here');
    else atWork.delete(name);
  }
}

/** Times are those at which it was seen: the cluster tells its own in whole seconds, and not when a Pod began to work. */
function timed({ times }: Account, pods: PodRow[]): PodTimes[] {
  const now = performance.now();
  for (const { name, phase } of pods) {
    const known = times.get(name);
    if (phase === 'waiting' && !known && times.size < TIMED) {
      times.set(name, { created: now, begun: undefined, finished: undefined });
    } else if (known && phase === 'running') known.begun ??= now;
    else if (known && phase === 'succeeded') known.finished ??= now;
  }
  return [...times.values()];
}

/** The Pod that has been at one item for longest, as far as that is known: none when it may have waited for it. */
function longestOf({ idleAt }: Account, { completions }: JobRow, pods: PodRow[]): RunLook['longest'] {
  if (completions === undefined) return undefined;
  const running = pods.filter(pod => pod.phase === 'running' && pod.started !== undefined);
  const [first] = running.sort((a, b) => (a.started ?? 0) - (b.started ?? 0));
  return first && { pod: first.name, ms: Date.now() - Math.max(first.started ?? 0, idleAt) };
}

/** Has the Job not ended yet? */
export function isActive({ state }: JobRow): boolean {
  return state === 'running' || state === 'suspended';
}
