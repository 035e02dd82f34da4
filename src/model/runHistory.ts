import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FindingCode } from '../workload/findings.ts';
import { Emitter } from './emitter.ts';
import type { Run, Runs } from './runs.ts';

/** What a run came to. Times in ms since 1970. */
export interface RunResult {
  uid: string;
  job: string;
  namespace: string;
  queue: string;
  /** The broker's URL without its password; undefined: it was not connected at the end. */
  broker: string | undefined;
  state: 'complete' | 'failed';
  reason: string | undefined;
  /** Messages ready when the Job was created; undefined: not known. */
  items: number | undefined;
  completions: number | undefined;
  done: number;
  /** Pods that failed. */
  failed: number;
  /** Messages in the queue when it had ended; undefined: not known. */
  left: number | undefined;
  started: number;
  finished: number;
  findings: FindingCode[];
}

/** Results that are kept, the newest. */
const KEPT = 1_000;
const FILE = 'run-history.json';

/** The results of the runs of this workspace, in a file of its own, the newest first. */
export class RunHistory {
  readonly onDidChange = new Emitter();
  readonly #folder: string;
  readonly #broker: () => string | undefined;
  readonly #ending: { dispose(): void };
  #results: readonly RunResult[] = [];
  #work: Promise<void>;

  /**
   * @param folder need not be there yet
   * @param broker whose queues the runs take from now, as a URL without password
   */
  constructor(folder: string, runs: Pick<Runs, 'onDidEnd'>, broker: () => string | undefined) {
    this.#folder = folder;
    this.#broker = broker;
    this.#work = this.#load();
    this.#ending = runs.onDidEnd.on(run => void this.record(run));
  }

  /** @param broker only those that took from it, or from one that is not known */
  of(queue: string, broker: string | undefined): readonly RunResult[] {
    return this.#results.filter(
      one => one.queue === queue && (one.broker === undefined || broker === undefined || one.broker === broker),
    );
  }

  /** All, as far as the file is read. */
  get all(): readonly RunResult[] {
    return this.#results;
  }

  /** Keeps the result of a run that has ended; one that is kept already is replaced. */
  record(run: Run): Promise<void> {
    const result = resultOf(run, this.#broker());
    if (!result) return this.#work;
    this.#work = this.#work.then(() => this.#add(result));
    return this.#work;
  }

  dispose(): void {
    this.#ending.dispose();
  }

  async #load(): Promise<void> {
    this.#results = merged(this.#results, await read(join(this.#folder, FILE)));
    if (this.#results.length > 0) this.onDidChange.fire();
  }

  // Another window may have written since: what it kept is kept too.
  async #add(result: RunResult): Promise<void> {
    const path = join(this.#folder, FILE);
    this.#results = merged(this.#results, await read(path), [result]);
    this.onDidChange.fire();
    const text = JSON.stringify(this.#results);
    const own = `${path}.${randomBytes(4).toString('hex')}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(own, text, { mode: 0o600 });
      await rename(own, path);
    } catch {
      // A disk that is full costs the history, not the run: it is written with the next one.
      await rm(own, { force: true }).catch(() => undefined);
    }
  }
}

/** @returns the results of each list, by run, the later list's before the earlier's; the newest, newest first */
function merged(...lists: (readonly RunResult[])[]): RunResult[] {
  const all = new Map(lists.flat().map(result => [result.uid, result]));
  return [...all.values()].sort((a, b) => b.finished - a.finished).slice(0, KEPT);
}

async function read(path: string): Promise<RunResult[]> {
  try {
    const found: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Array.isArray(found) ? found.filter(isResult) : [];
  } catch {
    // There is none yet, or somebody has changed it by hand: it begins anew.
    return [];
  }
}

function isResult(value: unknown): value is RunResult {
  if (typeof value !== 'object' || value === null) return false;
  const { uid, job, queue, state, finished, started, findings } = value as Record<string, unknown>;
  const texts = [uid, job, queue, state];
  const numbers = [finished, started];
  return (
    texts.every(text => typeof text === 'string') &&
    numbers.every(number => typeof number === 'number') &&
    Array.isArray(findings)
  );
}

function resultOf({ job, queue, findings }: Run, broker: string | undefined): RunResult | undefined {
  const { state } = job;
  if (job.queue === undefined || (state !== 'complete' && state !== 'failed')) return undefined;
  return {
    uid: job.uid,
    job: job.name,
    namespace: job.namespace,
    queue: job.queue,
    broker,
    state,
    reason: job.reason,
    items: job.depthAtStart,
    completions: job.completions,
    done: job.succeeded,
    failed: job.failed,
    left: queue?.ready === undefined ? undefined : queue.ready + (queue.unacked ?? 0),
    started: job.started ?? job.created,
    finished: job.finished ?? job.started ?? job.created,
    findings: findings.map(({ code }) => code),
  };
}
