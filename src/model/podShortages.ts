import type { JobRow } from '../cluster/index.ts';
import { podsWanted } from '../workload/findings/shortage.ts';
import type { ClusterLink } from './clusterLink.ts';
import { Emitter } from './emitter.ts';

/** How long (ms) a Job may have fewer Pods than it wants before it is asked why: making one takes a moment. */
const PATIENCE = 3000;
/** How long (ms) an answer holds. */
const AGAIN = 30_000;
const TIMEOUT = 10_000;

/** Why Jobs have fewer Pods than they want, as far as the cluster refused to make them: nothing of a Job's own tells it. */
export class PodShortages {
  readonly onDidChange = new Emitter();
  readonly #cluster: ClusterLink;
  readonly #short = new Map<string, { since: number; asked: number | undefined; message: string | undefined }>();

  constructor(cluster: ClusterLink) {
    this.#cluster = cluster;
  }

  /** The cluster's words for why Pods of the Job were refused. */
  of(uid: string): string | undefined {
    return this.#short.get(uid)?.message;
  }

  /** Takes a look at the Jobs as they stand now, and asks about those that have waited long enough. */
  look(jobs: readonly JobRow[]): void {
    const now = performance.now();
    const short = new Set(jobs.filter(job => job.active < podsWanted({ job })).map(job => job.uid));
    for (const uid of this.#short.keys()) if (!short.has(uid)) this.#short.delete(uid);
    for (const job of jobs) {
      if (!short.has(job.uid)) continue;
      const known = this.#short.get(job.uid) ?? { since: now, asked: undefined, message: undefined };
      this.#short.set(job.uid, known);
      if (now - known.since < PATIENCE || (known.asked !== undefined && now - known.asked < AGAIN)) continue;
      known.asked = now;
      void this.#ask(job);
    }
  }

  /** Whether a Job waits to be asked about: nobody else tells when its patience has run out. */
  get isWaiting(): boolean {
    return this.#short.size > 0;
  }

  async #ask({ namespace, uid }: JobRow): Promise<void> {
    try {
      const { podRefusal } = await this.#cluster.api();
      const cluster = await this.#cluster.get();
      const message = await podRefusal(cluster, { namespace, uid, signal: AbortSignal.timeout(TIMEOUT) });
      const known = this.#short.get(uid);
      if (!known || known.message === message) return;
      known.message = message;
      this.onDidChange.fire();
    } catch {
      // Who may not read events does not learn why; the Job's own figures still stand.
    }
  }
}
