import type { JobLook, PodLook, QueueLook, RunLook } from '../../../src/workload/ledger.ts';
import { Random } from './random.ts';

/** What may happen in a history: chances of one item's fate, and who else is there. */
export interface World {
  depth: number;
  completions: number;
  parallelism: number;
  /** The worker fails and the Pod counts as done. */
  hides: number;
  /** The container fails, and the item goes back. */
  fails: number;
  /** The container dies after the ack: the item is gone, and the Pod does not count. */
  races: number;
  /** Somebody else takes messages for a while. */
  foreign: boolean;
  /** More items are published by us in the middle. */
  publishes: boolean;
  /** In a quarter second, a Pod at work is killed and gone: its item goes back. */
  crashes: number;
  /** Others publish in the middle, too. */
  othersPublish: boolean;
  /** What is ready is purged in the middle. */
  purges: boolean;
  /** The least and the most time that an item takes, in ms. */
  work: [number, number];
}

/** What really happened. */
export interface Truth {
  hidden: number;
  lost: number;
  foreign: number;
  published: number;
  othersPublished: number;
  purged: number;
  ready: number;
  /** Those of ready that had been handed out before. */
  returned: number;
  unacked: number;
  /** Pods that have exited well and are not counted yet. */
  uncounted: number;
  foreignHere: boolean;
}

interface Worker {
  name: string;
  state: 'starting' | 'waiting' | 'working' | 'exited' | 'done' | 'failed';
  until: number;
  restarts: number;
}

interface Moment {
  job: Omit<JobLook, 'name'>;
  pods: PodLook[];
  queue: QueueLook;
  /** In all, as the broker counts. */
  published: number;
  gone: number;
}

const TICK_MS = 250;

const PHASES = {
  starting: 'waiting',
  waiting: 'running',
  working: 'running',
  exited: 'succeeded',
  done: 'succeeded',
  failed: 'failed',
} as const;

/** A queue, a Job and its Pods, played in steps of 250 ms; looks at it lag as the real ones do. */
export class RunHistory {
  readonly truth: Truth;
  readonly #world: World;
  readonly #random: Random;
  readonly #moments: Moment[] = [];
  readonly #phase: number;
  #workers: Worker[] = [];
  readonly #gone: string[] = [];
  #foreignHolds = 0;
  #now = 0;
  #succeeded = 0;
  #failed = 0;
  #names = 0;
  #seen = 0;
  #asked = 0;

  constructor(world: World, seed: number) {
    this.#world = world;
    this.#random = new Random(seed);
    this.#phase = this.#random.int(0, 4999);
    const nothing = { hidden: 0, lost: 0, foreign: 0, published: 0, unacked: 0, uncounted: 0, returned: 0 };
    this.truth = { ...nothing, othersPublished: 0, purged: 0, ready: world.depth, foreignHere: false };
    this.#record();
  }

  get complete(): boolean {
    return this.#succeeded >= this.#world.completions;
  }

  get failures(): number {
    return this.#failed + this.#gone.length + this.#workers.reduce((sum, worker) => sum + worker.restarts, 0);
  }

  /** Whether nothing can happen any more but that Pods wait. */
  get isStill(): boolean {
    const { truth } = this;
    const isDone = truth.ready === 0 && truth.unacked === 0 && truth.uncounted === 0 && this.#now > 30_000;
    return isDone && this.#workers.every(({ state }) => state !== 'starting' && state !== 'exited');
  }

  /** Who consumes now, as the broker names their addresses, and what it has counted as published up to 5 s ago. */
  get broker(): { peers: string[]; published: number } {
    const consuming = this.#workers.filter(({ state }) => state === 'waiting' || state === 'working');
    const peers = consuming.map(({ name }) => `${addressOf(name)}:5000`);
    if (this.truth.foreignHere || this.#foreignHolds > 0) peers.push('10.9.9.9:5000');
    const late = this.#moments[this.#moments.length - 1 - this.#random.int(0, 5000 / TICK_MS)];
    return { peers, published: (late ?? this.#moment()).published };
  }

  /** The addresses of the Pods that are there. */
  get addresses(): Set<string> {
    return new Set(this.#workers.map(({ name }) => addressOf(name)));
  }

  /** The most that the queue held at any moment that a look of the time from..to may show. */
  mostPresent(from: number, to: number): number {
    return Math.max(...this.#present(from, to));
  }

  /** The least that the queue held at any such moment. */
  leastPresent(from: number, to: number): number {
    return Math.min(...this.#present(from, to));
  }

  #present(from: number, to: number): number[] {
    const moments = this.#moments.slice(Math.max(0, Math.floor((from - 5000) / TICK_MS)), Math.ceil(to / TICK_MS) + 1);
    return moments.map(({ queue }) => (queue.ready ?? 0) + (queue.unacked ?? 0));
  }

  /** Goes on for so many milliseconds. */
  play(milliseconds: number): void {
    for (const end = this.#now + milliseconds; this.#now < end; ) {
      this.#now += TICK_MS;
      for (const worker of this.#workers.filter(each => each.until <= this.#now)) this.#step(worker);
      this.#crash();
      this.#deliver();
      this.#startPods();
      this.#others();
      this.#record();
    }
  }

  /** What can be seen now: the Job up to 1 s late, the queue as it was asked for up to 6 s ago, in figures up to 5 s old. */
  look(): RunLook {
    const latest = this.#moments.length - 1;
    this.#seen = Math.max(this.#seen, latest - this.#random.int(0, 1000 / TICK_MS));
    this.#asked = Math.max(this.#asked, this.#now - this.#random.int(0, 6000));
    const sampled = this.#asked - ((this.#asked + this.#phase) % 5000);
    const { job, pods, gone } = this.#moments[this.#seen] ?? this.#moment();
    const { queue } = this.#moments[Math.max(0, Math.floor(sampled / TICK_MS))] ?? this.#moment();
    return {
      at: this.#now,
      job: { name: 'j', ...job },
      pods,
      queue: { ...queue, at: this.#asked },
      depthAtStart: this.#world.depth,
      publishedSince: this.truth.published,
      otherRuns: 0,
      goneUncounted: this.#gone.slice(0, gone),
    };
  }

  get #active(): number {
    return this.#workers.filter(({ until }) => until !== Number.POSITIVE_INFINITY).length;
  }

  #step(worker: Worker): void {
    if (worker.state === 'starting') worker.state = 'waiting';
    else if (worker.state === 'working') this.#endOf(worker);
    else if (worker.state === 'exited') this.#count(worker);
    if (worker.state === 'waiting') worker.until = this.#now + TICK_MS;
  }

  #endOf(worker: Worker): void {
    const { hides, fails, races } = this.#world;
    this.truth.unacked--;
    const fate = this.#random.next();
    if (fate < hides) {
      this.#giveBack();
      this.truth.hidden++;
      this.#exit(worker);
    } else if (fate < hides + fails) {
      this.#giveBack();
      this.#restart(worker);
    } else if (fate < hides + fails + races) {
      this.truth.lost++;
      if (this.#world.crashes > 0 && this.#random.chance(0.5)) this.#vanish(worker);
      else this.#restart(worker);
    } else {
      this.#exit(worker);
    }
  }

  #giveBack(): void {
    this.truth.ready++;
    this.truth.returned++;
  }

  /** What came back is at the queue's head. */
  #take(): void {
    this.truth.ready--;
    this.truth.returned = Math.max(0, this.truth.returned - 1);
    this.truth.unacked++;
  }

  #crash(): void {
    if (this.#world.crashes === 0) return;
    for (const worker of this.#workers) {
      if (worker.state !== 'working' || !this.#random.chance(this.#world.crashes)) continue;
      this.truth.unacked--;
      this.#giveBack();
      this.#vanish(worker);
    }
  }

  /** The Pod is gone, as with its node; whether that counts as a failure depends on who deleted it. */
  #vanish(worker: Worker): void {
    if (this.#random.chance(0.5)) this.#failed++;
    this.#gone.push(worker.name);
    this.#workers = this.#workers.filter(each => each !== worker);
  }

  #exit(worker: Worker): void {
    this.truth.uncounted++;
    worker.state = 'exited';
    worker.until = this.#now + this.#random.int(0, 1500);
  }

  #count(worker: Worker): void {
    this.truth.uncounted--;
    this.#succeeded++;
    worker.state = 'done';
    worker.until = Number.POSITIVE_INFINITY;
  }

  /** In place, or as a new Pod. */
  #restart(worker: Worker): void {
    if (this.#random.chance(0.5)) {
      worker.state = 'starting';
      worker.restarts++;
      worker.until = this.#now + this.#random.int(500, 3000);
    } else {
      this.#failed++;
      worker.state = 'failed';
      worker.until = Number.POSITIVE_INFINITY;
    }
  }

  #deliver(): void {
    for (const worker of this.#workers) {
      if (worker.state !== 'waiting' || this.truth.ready === 0) continue;
      this.#take();
      worker.state = 'working';
      worker.until = this.#now + this.#random.int(...this.#world.work);
    }
  }

  #startPods(): void {
    const wanted = Math.min(this.#world.parallelism, this.#world.completions - this.#succeeded);
    for (let active = this.#active; active < wanted; active++) {
      const until = this.#now + this.#random.int(500, 3000);
      this.#workers.push({ name: `j-${this.#names++}`, state: 'starting', until, restarts: 0 });
    }
  }

  #others(): void {
    const { truth } = this;
    if (this.#world.publishes && this.#now % 10_000 === 0 && this.#now <= 30_000) {
      truth.published += 2;
      truth.ready += 2;
    }
    if (this.#world.othersPublish && !this.complete && this.#now % 7000 === 0 && this.#now <= 21_000) {
      truth.othersPublished += 2;
      truth.ready += 2;
    }
    if (this.#world.purges && this.#now === 6000) {
      truth.purged = truth.ready;
      truth.ready = 0;
      truth.returned = 0;
    }
    truth.foreignHere = this.#world.foreign && this.#now > 4000 && this.#now < 25_000;
    if (this.#foreignHolds > 0 && this.#now % 2000 === 0) {
      truth.unacked--;
      truth.foreign++;
      this.#foreignHolds--;
    }
    if (truth.foreignHere && this.#foreignHolds === 0 && truth.ready > 0 && this.#random.chance(0.3)) {
      this.#take();
      this.#foreignHolds++;
    }
  }

  #record(): void {
    this.#moments.push(this.#moment());
  }

  #moment(): Moment {
    const { completions, parallelism } = this.#world;
    const consuming = this.#workers.filter(({ state }) => state === 'waiting' || state === 'working').length;
    return {
      job: {
        state: this.complete ? 'complete' : 'running',
        completions,
        parallelism,
        succeeded: this.#succeeded,
        failed: this.#failed,
        active: this.#active,
      },
      published: this.#world.depth + this.truth.published + this.truth.othersPublished,
      gone: this.#gone.length,
      pods: this.#workers.map(({ name, state, restarts }) => ({
        name,
        phase: PHASES[state],
        reason: undefined,
        exitCode: undefined,
        restarts,
        terminating: false,
      })),
      queue: {
        exists: true,
        ready: this.truth.ready,
        unacked: this.truth.unacked,
        consumers: consuming + (this.truth.foreignHere || this.#foreignHolds > 0 ? 1 : 0),
      },
    };
  }
}

/** Of a Pod, by the number in its name. */
const addressOf = (name: string) => name.replace(/^j-/, '10.0.0.');
