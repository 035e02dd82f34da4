import type { JobRow, PodRow } from '../cluster/index.ts';
import type { Claim } from '../workload/completions.ts';
import type { Finding } from '../workload/findings.ts';
import type { ClusterLink } from './clusterLink.ts';
import { Emitter, type Ending } from './emitter.ts';
import { JobWatch } from './jobWatch.ts';
import { PodShortages } from './podShortages.ts';
import type { QueueKnown } from './queues.ts';
import { isActive, type QueuesOfRuns, RunAccounts } from './runAccounts.ts';

/** A Job of the namespace with its Pods; `queue` where it takes one's messages and that one is known. */
export interface Run {
  job: JobRow;
  pods: PodRow[];
  queue: QueueKnown | undefined;
  findings: Finding[];
}

/** Runs that were started from here, which are watched to their ends; the editor keeps their uids across a restart. */
export interface FollowedRuns {
  get(): string[];
  set(uids: string[]): Promise<void>;
}

export interface RunsOptions {
  followed: FollowedRuns;
  /** Namespaces besides the cluster's own whose Jobs are shown too. */
  namespaces: () => string[];
}

/** How long (ms) a Job that was created here is believed to be there although no watch has named it yet. */
const CREATED_MS = 30_000;

/** The Jobs of the namespaces that are looked at and what is true of each. */
export class Runs {
  readonly onDidChange = new Emitter();
  /** Fires once for a run that was seen active, or that was started here, and has ended, when its figures have settled. */
  readonly onDidEnd = new Emitter<Run>();
  readonly #cluster: ClusterLink;
  readonly #queues: QueuesOfRuns;
  readonly #options: RunsOptions;
  readonly #shortages: PodShortages;
  readonly #accounts: RunAccounts;
  /** Jobs that were created here and that no watch has named yet. */
  readonly #created = new Map<string, { job: JobRow; at: number }>();
  /** Of the cluster's context. */
  #context: string | undefined;
  #watches: JobWatch[] = [];
  #jobs: readonly JobRow[] = [];
  #rows: readonly Run[] = [];
  readonly #followed: Set<string>;
  #lookers = 0;
  /** Whether a change that has come is about to be counted. */
  #willCount = false;
  #watching: AbortController | undefined;
  #queueLook: Ending | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(cluster: ClusterLink, queues: QueuesOfRuns, options: RunsOptions) {
    this.#cluster = cluster;
    this.#queues = queues;
    this.#shortages = new PodShortages(cluster);
    this.#accounts = new RunAccounts(queues, uid => this.#shortages.of(uid));
    this.#options = options;
    this.#followed = new Set(options.followed.get());
    queues.onDidChange.on(() => this.#recount());
    this.#shortages.onDidChange.on(() => this.#recount());
    cluster.onDidChange.on(() => this.#onCluster());
  }

  /** Jobs that take a queue's messages first, the active and newest of them on top; then the others. */
  get rows(): readonly Run[] {
    return this.#rows;
  }

  /** The namespaces that are watched now, the cluster's own first, and how their watches stand. */
  get namespaces(): readonly Pick<JobWatch, 'namespace' | 'state'>[] {
    return this.#watches;
  }

  find(uid: string): Run | undefined {
    return this.#rows.find(run => run.job.uid === uid);
  }

  /** What the active Jobs on a queue will still take. */
  claims(queue: string): (Claim & { name: string })[] {
    return this.#jobs.filter(job => job.queue === queue && isActive(job) && this.#takesOurs(job));
  }

  /** The queues that an active Job takes messages from. */
  get activeQueues(): string[] {
    return [...new Set(this.#jobs.flatMap(job => (isActive(job) && this.#takesOurs(job) && job.queue) || []))];
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
    this.#keepFollowed();
    if (!this.#jobs.some(known => known.uid === job.uid)) this.#created.set(job.uid, { job, at: performance.now() });
    this.#recount();
    void this.#start();
  }

  /** Goes on watching the runs that were started here before the editor was. */
  resume(): void {
    if (this.#followed.size > 0) void this.#start();
  }

  /** Reads everything anew. */
  async refresh(): Promise<void> {
    this.#stop();
    await this.#start();
  }

  dispose(): void {
    this.#lookers = 0;
    this.#stop();
    this.#queueLook?.dispose();
    clearTimeout(this.#settling);
  }

  // The kubeconfig, the context or the namespace has changed: all is read anew, from wherever it is now.
  #onCluster(): void {
    if (this.#cluster.state.kind !== 'none') return;
    this.#stop();
    if (this.#lookers > 0 || this.#followed.size > 0) void this.#start();
    else this.#show([]);
  }

  async #start(): Promise<void> {
    if (this.#watching) return;
    const watching = new AbortController();
    this.#watching = watching;
    const { signal } = watching;
    try {
      const api = await this.#cluster.api();
      const cluster = await this.#cluster.get();
      if (signal.aborted) return;
      // Rows stay as they were last seen until the new list is there, unless they are another cluster's.
      const before = cluster.context === this.#context ? this.#watches : [];
      this.#context = cluster.context;
      const namespaces = new Set([cluster.namespace, ...this.#options.namespaces()]);
      const known = (namespace: string) => before.find(watch => watch.namespace === namespace);
      this.#show([...namespaces].map(namespace => new JobWatch(namespace, known(namespace))));
      for (const watch of this.#watches) {
        watch.start({
          api,
          cluster,
          signal,
          // Not in the turn that read a page of a list: the editor gets its own between the two.
          onChange: () => {
            if (this.#willCount) return;
            this.#willCount = true;
            setImmediate(() => {
              this.#willCount = false;
              if (this.#watching) this.#recount();
            });
          },
          onState: () => this.#onState(watch, signal),
        });
      }
    } catch {
      // The link's state says why; a change of the kubeconfig or a refresh starts anew.
      if (this.#watching !== watching) return;
      this.#watching = undefined;
      this.#show([]);
    }
  }

  #show(watches: JobWatch[]): void {
    this.#watches = watches;
    this.#recount();
  }

  // The cluster is as away as its own namespace is: another one that may not be read says so by itself.
  #onState(watch: JobWatch, signal: AbortSignal): void {
    if (signal.aborted) return;
    const { state } = watch;
    if (watch !== this.#watches[0]) this.onDidChange.fire();
    else if (state.kind === 'reconnecting') {
      this.#cluster.state = { kind: 'away', since: state.since, error: state.error };
    } else this.#cluster.state = { kind: state.kind };
  }

  #stop(): void {
    this.#watching?.abort();
    this.#watching = undefined;
  }

  #stopWhenIdle(): void {
    if (this.#lookers > 0 || this.#accounts.settlingQueues.length > 0 || this.#followed.size > 0) return;
    this.#stop();
  }

  // A Job that is followed and is in no list has been deleted.
  #forgetGone(): void {
    if (this.#watches.length === 0) return;
    const listed = new Set(this.#watches.flatMap(watch => watch.jobs.map(job => job.uid)));
    for (const [uid, { at }] of this.#created) {
      if (listed.has(uid) || performance.now() - at > CREATED_MS) this.#created.delete(uid);
    }
    if (!this.#watches.every(watch => watch.listed)) return;
    for (const uid of this.#followed) {
      if (!listed.has(uid) && !this.#created.has(uid)) this.#unfollow(uid);
    }
  }

  #unfollow(uid: string): void {
    if (this.#followed.delete(uid)) this.#keepFollowed();
  }

  #keepFollowed(): void {
    void this.#options.followed.set([...this.#followed]);
  }

  #recount(): void {
    this.#forgetGone();
    this.#jobs = [
      ...this.#watches.flatMap(watch => watch.jobs),
      ...[...this.#created.values()].map(created => created.job),
    ];
    if (this.#watching) this.#shortages.look(this.#jobs);
    const own = this.#jobs.filter(job => this.#takesOurs(job));
    const ended = this.#accounts.look(own, uid => this.#podsOf(uid), this.#followed);
    this.#rows = this.#jobs
      .map(job => ({
        job,
        pods: this.#podsOf(job.uid),
        queue: this.#takesOurs(job) && job.queue !== undefined ? this.#queues.find(job.queue) : undefined,
        findings: this.#accounts.findings(job.uid),
      }))
      .sort(
        (a, b) => rank(a.job) - rank(b.job) || b.job.created - a.job.created || a.job.name.localeCompare(b.job.name),
      );
    this.onDidChange.fire();
    for (const run of this.#rows) {
      if (!ended.has(run.job.uid)) continue;
      this.#unfollow(run.job.uid);
      this.onDidEnd.fire(run);
    }
    this.#watchQueues();
    this.#stopWhenIdle();
  }

  // While a run is active, or its last figures settle, its queue is read too, whether or not the Queues view is open.
  #watchQueues(): void {
    const isSettling = this.#accounts.settlingQueues.length > 0;
    const needed = this.#watching !== undefined && (this.activeQueues.length > 0 || isSettling);
    // A queue that has gone, or is not listed, is asked for by its name.
    if (needed) this.#queueLook ??= this.#queues.look(() => this.#accounts.settlingQueues);
    else {
      this.#queueLook?.dispose();
      this.#queueLook = undefined;
    }
    clearTimeout(this.#settling);
    const again = isSettling || (this.#watching !== undefined && this.#shortages.isWaiting);
    if (again) this.#settling = setTimeout(() => this.#recount(), 1000);
  }

  #podsOf(jobUid: string): PodRow[] {
    return this.#watches.map(watch => watch.pods.get(jobUid)).find(pods => pods !== undefined) ?? [];
  }

  // Which broker a Job of another namespace takes from is not known: a queue's name alone does not tell.
  #takesOurs({ namespace }: JobRow): boolean {
    return namespace === (this.#watches[0]?.namespace ?? namespace);
  }
}

const rank = (job: JobRow) => (job.queue === undefined ? 2 : isActive(job) ? 0 : 1);
