import type { JobRow, PodRow } from '../cluster/index.ts';
import type { ClusterLink } from './clusterLink.ts';
import type { Ending } from './emitter.ts';
import { codeOf } from './errorCode.ts';
import { type KeptLogs, keyOf, type LogToKeep } from './keptLogs.ts';
import { hasEnded, hasFailed, hasStarted } from './podAttempt.ts';
import { isActive } from './runAccounts.ts';
import type { Run, Runs } from './runs.ts';

/** Logs that are read at once. */
const AT_ONCE = 8;
/** How long (ms) a log is read: one of a Pod that is being deleted is followed until its container ends. */
const READ_MS = 60_000;

type SeenRun = Pick<Run, 'job' | 'pods'>;
type WatchedRuns = Pick<Runs, 'onDidChange' | 'namespaces'> & { readonly rows: readonly SeenRun[] };

interface Wanted {
  log: LogToKeep;
  /** Of the container's start before this one. */
  previous: boolean;
  follow: boolean;
}

/**
 * Keeps the logs that would be lost: of a run that is watched, each failed start of a container, and what the Pods have
 * written that are being deleted, with their Job or because it has ended.
 */
export class LogKeeper {
  readonly #runs: WatchedRuns;
  readonly #cluster: Pick<ClusterLink, 'api' | 'get' | 'place'>;
  readonly #kept: KeptLogs;
  readonly #listener: Ending;
  readonly #stop = new AbortController();
  /** Jobs that take a queue's messages, as they were last seen. */
  #seen = new Map<string, SeenRun & { context: string }>();
  /** Jobs that were seen active. What had failed before that is left where it is until it is deleted. */
  readonly #active = new Set<string>();
  /** What is waited for, read, or done, by LogSource. */
  readonly #taken = new Set<string>();
  readonly #queue: Wanted[] = [];
  #reading = 0;

  constructor(runs: WatchedRuns, cluster: Pick<ClusterLink, 'api' | 'get' | 'place'>, kept: KeptLogs) {
    this.#runs = runs;
    this.#cluster = cluster;
    this.#kept = kept;
    this.#listener = runs.onDidChange.on(() => this.#look());
  }

  dispose(): void {
    this.#listener.dispose();
    this.#stop.abort();
  }

  #look(): void {
    const context = this.#cluster.place?.context;
    if (context === undefined) return;
    const now = new Map<string, SeenRun & { context: string }>();
    for (const { job, pods } of this.#runs.rows) {
      if (job.queue === undefined) continue;
      now.set(job.uid, { job, pods, context });
      if (isActive(job)) this.#active.add(job.uid);
      for (const pod of pods) this.#consider(job, pod, context);
      this.#missGone(job, pods, context);
    }
    const shown = new Set(this.#runs.namespaces.map(({ namespace }) => namespace));
    for (const [uid, before] of this.#seen) {
      // Deleted, and not just out of sight; its Pods are about to be.
      if (now.has(uid) || before.context !== context || !shown.has(before.job.namespace)) continue;
      for (const pod of before.pods) this.#consider(before.job, { ...pod, terminating: true }, context);
    }
    this.#seen = now;
  }

  #consider(job: JobRow, pod: PodRow, context: string): void {
    if (!hasStarted(pod) || !(pod.terminating || this.#active.has(job.uid))) return;
    const isWanted = pod.terminating || hasFailed(pod);
    if (!isWanted && pod.restarts === 0) return;
    for (const container of pod.containers) {
      const log = toKeep(job, pod, container, context);
      if (isWanted) this.#want({ log, previous: false, follow: !hasEnded(pod, pod.restarts) });
      if (pod.restarts > 0) {
        this.#want({ log: { ...log, attempt: pod.restarts - 1 }, previous: true, follow: false });
      }
    }
  }

  // A Pod that went between two looks: evicted with its node, deleted at once.
  #missGone(job: JobRow, pods: PodRow[], context: string): void {
    const there = new Set(pods.map(({ uid }) => uid));
    for (const pod of this.#seen.get(job.uid)?.pods ?? []) {
      if (there.has(pod.uid) || pod.phase === 'succeeded' || !hasStarted(pod)) continue;
      for (const container of pod.containers) {
        const log = toKeep(job, pod, container, context);
        if (this.#taken.has(keyOf(log))) continue;
        this.#taken.add(keyOf(log));
        void this.#kept.load().then(() => this.#kept.miss(log, 'gone'));
      }
    }
  }

  #want(wanted: Wanted): void {
    const key = keyOf(wanted.log);
    if (this.#taken.has(key)) return;
    this.#taken.add(key);
    this.#queue.push(wanted);
    this.#next();
  }

  #wantAgain(wanted: Wanted): void {
    this.#taken.delete(keyOf(wanted.log));
    this.#want(wanted);
  }

  #hasStartedAnew({ jobUid, podUid, attempt }: LogToKeep): boolean {
    const pods = this.#runs.rows.find(({ job }) => job.uid === jobUid)?.pods;
    return (pods?.find(({ uid }) => uid === podUid)?.restarts ?? attempt) > attempt;
  }

  #next(): void {
    while (this.#reading < AT_ONCE) {
      const wanted = this.#queue.shift();
      if (!wanted || this.#stop.signal.aborted) return;
      this.#reading++;
      void this.#keep(wanted).finally(() => {
        this.#reading--;
        this.#next();
      });
    }
  }

  async #keep({ log, previous, follow }: Wanted): Promise<void> {
    const kept = this.#kept;
    try {
      await kept.load();
      if (kept.has(log)) return;
      const api = await this.#cluster.api();
      const cluster = await this.#cluster.get();
      if (cluster.context !== log.context) return;
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(READ_MS)]);
      const { namespace, pod, container } = log;
      const options = { namespace, pod, container, previous: previous || undefined, follow, timestamps: true, signal };
      const isSo = () => previous || !this.#hasStartedAnew(log);
      const failure = await kept.keep(log, api.readLog(cluster, options), isSo);
      const code = codeOf(failure);
      if (kept.has(log)) return;
      // What was read is its next start's; its own log is now the one before.
      if (!isSo()) return this.#wantAgain({ log, previous: true, follow: false });
      if (code === undefined) return;
      // A Pod of several containers counts the starts of all of them.
      if (previous && code === 'invalid') return;
      if (code === 'not-found') await kept.miss(log, 'gone');
      else if (code === 'forbidden' || code === 'invalid' || code === 'server') await kept.miss(log, code);
      // The cluster is away: at the next look it is tried again.
      else this.#taken.delete(keyOf(log));
    } catch {
      // The link says why there is no cluster; a disk that is full keeps no log, and the next one is tried.
      this.#taken.delete(keyOf(log));
    }
  }
}

function toKeep(job: JobRow, pod: PodRow, container: string, context: string): LogToKeep {
  const { phase, reason, exitCode, started, finished } = pod;
  return {
    podUid: pod.uid,
    pod: pod.name,
    container,
    attempt: pod.restarts,
    jobUid: job.uid,
    job: job.name,
    namespace: job.namespace,
    context,
    phase,
    reason,
    exitCode,
    started,
    finished,
  };
}
