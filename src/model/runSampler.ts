import type { PodTimes, RunRoom } from '../workload/startup.ts';
import { Emitter, type Ending } from './emitter.ts';
import { isActive } from './runAccounts.ts';
import { pastOf } from './runPast.ts';
import { type RunSample, RunSamples } from './runSamples.ts';
import type { Run, Runs } from './runs.ts';

/** How often (ms) a run is sampled while it is active. */
const EVERY = 2000;
/** Pods whose times are kept. */
const PODS_AT_MOST = 5000;

/** Samples one run while it is active and its Job is watched: it listens, and asks nobody. */
export class RunSampler implements Ending {
  /** Fires with the samples that were added. */
  readonly onDidSample = new Emitter<readonly RunSample[]>();
  readonly #runs: Pick<Runs, 'find' | 'onDidChange'>;
  readonly #uid: string;
  readonly #samples = new RunSamples();
  readonly #pods = new Map<string, PodTimes>();
  readonly #listener: Ending;
  /** Pods that were there before anybody looked: when they began is not known. */
  #before: ReadonlySet<string> | undefined;
  #peak = 0;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: Pick<Runs, 'find' | 'onDidChange'>, uid: string) {
    this.#runs = runs;
    this.#uid = uid;
    this.#listener = runs.onDidChange.on(() => this.#look());
    this.#look();
  }

  get samples(): readonly RunSample[] {
    return this.#samples.all;
  }

  get podTimes(): readonly PodTimes[] {
    return [...this.#pods.values()];
  }

  room({ job, pods }: Run): RunRoom {
    return {
      parallelism: job.parallelism,
      left: owedOf(job),
      peak: this.#peak,
      unschedulable: pods.filter(pod => pod.phase === 'waiting' && pod.reason === 'Unschedulable').length,
    };
  }

  /** Takes in samples of before, which were kept while the editor was gone. */
  restore(samples: readonly RunSample[]): void {
    const last = samples.at(-1);
    if (!last) return;
    const later = this.#samples.all.filter(({ at, ready }) => at > last.at && ready !== undefined);
    this.#samples.replace(samples);
    this.#samples.add(...later);
  }

  dispose(): void {
    this.#listener.dispose();
    clearInterval(this.#timer);
  }

  #look(): void {
    const run = this.#runs.find(this.#uid);
    if (!run) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#lookAtPods(run);
    const active = isActive(run.job);
    if (this.#samples.all.length === 0) this.#samples.append(pastOf(run.job, run.pods, Date.now()));
    if (active && this.#timer === undefined) this.#timer = setInterval(() => this.#sample(), EVERY);
    if (!active && this.#timer !== undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const ended = !active && !this.#ended;
    this.#ended = !active;
    if (ended || (active && this.#samples.all.length < 2)) this.#sample();
  }

  #sample(): void {
    const run = this.#runs.find(this.#uid);
    if (!run) return;
    const added = this.#samples.add(sampleOf(run, Date.now()));
    if (added.length > 0) this.onDidSample.fire(added);
  }

  // By our own clock throughout: the cluster's has whole seconds, which many an item is done in.
  #lookAtPods({ pods }: Run): void {
    const now = Date.now();
    this.#before ??= new Set(pods.map(pod => pod.uid));
    this.#peak = Math.max(this.#peak, pods.filter(pod => pod.phase === 'running').length);
    for (const { uid, phase } of pods) {
      if (this.#before.has(uid)) continue;
      const seen = this.#pods.get(uid);
      if (!seen) {
        if (this.#pods.size < PODS_AT_MOST) {
          this.#pods.set(uid, { created: now, begun: phase === 'running' ? now : undefined, finished: undefined });
        }
        continue;
      }
      if (seen.finished !== undefined || phase === 'waiting') continue;
      // Work that is over before it was ever reported took no time that can be told.
      seen.begun ??= now;
      if (phase !== 'running') seen.finished = now;
    }
  }
}

/** @returns completions to come; undefined where the Job has no number of them */
const owedOf = ({ completions, succeeded }: Run['job']) =>
  completions === undefined ? undefined : Math.max(0, completions - succeeded);

function sampleOf({ job, pods, queue }: Run, at: number): RunSample {
  const count = (phase: string) => pods.filter(pod => pod.phase === phase).length;
  return {
    at,
    ready: queue?.ready,
    unacked: queue?.unacked,
    owed: owedOf(job),
    waiting: count('waiting'),
    running: count('running'),
    succeeded: job.succeeded,
    failed: job.failed,
  };
}
