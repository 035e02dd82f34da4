import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { JobRow, PodRow, WatchState } from '../cluster/index.ts';
import type { Claim } from '../workload/completions.ts';
import { type Finding, findings } from '../workload/findings.ts';
import type { RunLook } from '../workload/ledger.ts';
import { hasEnded, keepLooks, lookAfterEnd } from '../workload/looks.ts';
import type { ClusterLink } from './clusterLink.ts';
import { Emitter, type Ending } from './emitter.ts';
import type { QueueKnown, Queues } from './queues.ts';

/** A Job of the namespace with its Pods; `queue` where it takes one's messages and that one is known. */
export interface Run {
  job: JobRow;
  pods: PodRow[];
  queue: QueueKnown | undefined;
  findings: Finding[];
}

/** What is remembered of a run besides what the cluster says of its Job. */
interface Account {
  /** The looks that its verdict rests on. */
  looks: RunLook[];
  /** Messages published from here when it was first seen: the clocks of cluster and editor need not agree. */
  publishedBefore: number;
  /** The other Jobs on its queue that were seen active beside or after it, also those that have been deleted since. */
  others: Set<string>;
}

/** The Jobs of the namespace and what is true of each, by one watch for Jobs and one for Pods. */
export class Runs {
  readonly onDidChange = new Emitter();
  /** Fires once for a run that was seen active and has ended, when its figures have settled. */
  readonly onDidEnd = new Emitter<Run>();
  readonly #cluster: ClusterLink;
  readonly #queues: Queues;
  readonly #accounts = new Map<string, Account>();
  #jobs: JobRow[] = [];
  #pods = new Map<string, PodRow[]>();
  #rows: readonly Run[] = [];
  readonly #followed = new Set<string>();
  #lookers = 0;
  #watching: AbortController | undefined;
  #queueLook: Ending | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(cluster: ClusterLink, queues: Queues) {
    this.#cluster = cluster;
    this.#queues = queues;
    queues.onDidChange.on(() => this.#recount());
    cluster.onDidChange.on(() => this.#onCluster());
  }

  /** Jobs that take a queue's messages first, the active and newest of them on top; then the others. */
  get rows(): readonly Run[] {
    return this.#rows;
  }

  find(uid: string): Run | undefined {
    return this.#rows.find(run => run.job.uid === uid);
  }

  /** What the active Jobs on a queue will still take. */
  claims(queue: string): Claim[] {
    return this.#jobs.filter(job => job.queue === queue && isActive(job));
  }

  /** The queues that an active Job takes messages from. */
  get activeQueues(): string[] {
    return [...new Set(this.#jobs.filter(isActive).flatMap(job => job.queue ?? []))];
  }

  /** Keeps the Jobs live until the look is ended. */
  look(): Ending {
    let open = true;
    this.#lookers++;
    void this.#start();
    return {
      dispose: () => {
        if (!open) return;
        open = false;
        this.#lookers--;
        this.#stopWhenIdle();
      },
    };
  }

  /** Takes in a Job that was just created, and watches it to its end whether or not somebody looks. */
  follow(job: JobRow): void {
    this.#followed.add(job.uid);
    if (!this.#jobs.some(known => known.uid === job.uid)) this.#jobs.push(job);
    this.#recount();
    void this.#start();
  }

  /** Reads everything anew. */
  async refresh(): Promise<void> {
    this.#watching?.abort();
    this.#watching = undefined;
    await this.#start();
  }

  dispose(): void {
    this.#lookers = 0;
    this.#watching?.abort();
    this.#queueLook?.dispose();
    clearTimeout(this.#settling);
  }

  // Another cluster, context or namespace: what was known is of the old one.
  #onCluster(): void {
    if (this.#cluster.state.kind !== 'none') return;
    if (this.#watching) {
      this.#watching.abort();
      this.#watching = undefined;
      this.#jobs = [];
      this.#pods = new Map();
      this.#followed.clear();
      this.#recount();
    }
    if (this.#lookers > 0) void this.#start();
  }

  async #start(): Promise<void> {
    if (this.#watching) return;
    const watching = new AbortController();
    this.#watching = watching;
    try {
      const api = await this.#cluster.api();
      const cluster = await this.#cluster.get();
      if (watching.signal.aborted) return;
      const onState = (state: WatchState) => this.#onState(state, watching.signal);
      const { signal } = watching;
      api.watch<V1Job>(cluster, {
        path: `/apis/batch/v1/namespaces/${cluster.namespace}/jobs`,
        query: { labelSelector: `!${api.TEST_LABEL}` },
        signal,
        onState,
        onItems: items => {
          this.#jobs = [...items.values()].map(job => api.toJobRow(job));
          for (const uid of this.#followed) if (!items.has(uid)) this.#followed.delete(uid);
          this.#recount();
        },
      });
      api.watch<V1Pod>(cluster, {
        path: `/api/v1/namespaces/${cluster.namespace}/pods`,
        query: { labelSelector: 'batch.kubernetes.io/job-name' },
        signal,
        onState: () => undefined,
        onItems: items => {
          this.#pods = Map.groupBy(
            [...items.values()].map(pod => api.toPodRow(pod)),
            pod => pod.jobUid ?? '',
          );
          this.#recount();
        },
      });
    } catch {
      // The link's state says why; a change of the kubeconfig or a refresh starts anew.
      if (this.#watching === watching) this.#watching = undefined;
      this.onDidChange.fire();
    }
  }

  #onState(state: WatchState, signal: AbortSignal): void {
    if (signal.aborted) return;
    if (state.kind === 'reconnecting') this.#cluster.state = { kind: 'away', since: state.since, error: state.error };
    else this.#cluster.state = { kind: state.kind };
  }

  #stopWhenIdle(): void {
    if (this.#lookers > 0 || this.#isSettling || this.#followed.size > 0) return;
    this.#watching?.abort();
    this.#watching = undefined;
  }

  // A run that was seen active and has ended, whose queue's figures are still those before its end.
  get #isSettling(): boolean {
    return [...this.#accounts.values()].some(
      ({ looks }) => wasActive(looks) && looks.some(hasEnded) && !lookAfterEnd(looks),
    );
  }

  #recount(): void {
    const ended = new Set<string>();
    const active = Map.groupBy(this.#jobs.filter(isActive), job => job.queue);
    for (const job of this.#jobs) {
      if (job.queue === undefined) continue;
      const account = this.#accountOf(job, job.queue);
      const before = account.looks;
      account.looks = keepLooks(before, this.#lookAt(job, job.queue, account, active.get(job.queue) ?? []));
      if (wasActive(account.looks) && !lookAfterEnd(before) && lookAfterEnd(account.looks)) ended.add(job.uid);
    }
    const uids = new Set(this.#jobs.map(job => job.uid));
    for (const uid of this.#accounts.keys()) if (!uids.has(uid)) this.#accounts.delete(uid);
    this.#rows = this.#jobs
      .map(job => ({
        job,
        pods: (this.#pods.get(job.uid) ?? []).sort((a, b) => a.created - b.created || a.name.localeCompare(b.name)),
        queue: job.queue === undefined ? undefined : this.#queues.find(job.queue),
        findings: job.queue === undefined ? [] : findings({ looks: this.#accounts.get(job.uid)?.looks }),
      }))
      .sort(
        (a, b) => rank(a.job) - rank(b.job) || b.job.created - a.job.created || a.job.name.localeCompare(b.job.name),
      );
    this.onDidChange.fire();
    for (const run of this.#rows) {
      if (!ended.has(run.job.uid)) continue;
      this.#followed.delete(run.job.uid);
      this.onDidEnd.fire(run);
    }
    this.#watchQueues();
    this.#stopWhenIdle();
  }

  // While a run is active, or its last figures settle, its queue is read too, whether or not the Queues view is open.
  #watchQueues(): void {
    const needed = this.#watching !== undefined && (this.activeQueues.length > 0 || this.#isSettling);
    if (needed) this.#queueLook ??= this.#queues.look();
    else {
      this.#queueLook?.dispose();
      this.#queueLook = undefined;
    }
    clearTimeout(this.#settling);
    if (this.#isSettling) this.#settling = setTimeout(() => this.#recount(), 1000);
  }

  #accountOf({ uid }: JobRow, queue: string): Account {
    const account = this.#accounts.get(uid) ?? {
      looks: [],
      publishedBefore: this.#queues.published(queue),
      others: new Set(),
    };
    this.#accounts.set(uid, account);
    return account;
  }

  /** @param active the active Jobs on the run's queue, itself among them */
  #lookAt(job: JobRow, queue: string, { publishedBefore, others }: Account, active: JobRow[]): RunLook {
    const beside = active.filter(other => other.uid !== job.uid);
    for (const { uid } of beside) others.add(uid);
    return {
      at: performance.now(),
      job,
      pods: this.#pods.get(job.uid) ?? [],
      queue: this.#queueLookOf(queue),
      depthAtStart: job.depthAtStart,
      publishedSince: this.#queues.published(queue) - publishedBefore,
      otherRuns: beside.length,
      otherRunsEnded: others.size - beside.length,
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

const wasActive = ([first]: RunLook[]) => first !== undefined && !hasEnded(first);

const isActive = (job: JobRow) => job.state === 'running' || job.state === 'suspended';

const rank = (job: JobRow) => (job.queue === undefined ? 2 : isActive(job) ? 0 : 1);
