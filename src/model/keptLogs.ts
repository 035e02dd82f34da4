import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PodRow } from '../cluster/index.ts';
import { isLostLog } from '../workload/lostLog.ts';
import { Emitter } from './emitter.ts';
import { HeadAndTail } from './headAndTail.ts';

/** Which log: a container that was started anew has one for each of its starts. */
export interface LogSource {
  podUid: string;
  /** The Pod's name. */
  pod: string;
  container: string;
  /** How often the container had been started before. */
  attempt: number;
}

/** @returns what tells a log from all others */
export const keyOf = ({ podUid, container, attempt }: LogSource): string => `${podUid} ${container} ${attempt}`;

/** A log that is on disk, or was to be and is not. */
export interface KeptLog extends LogSource {
  jobUid: string;
  /** The Job's name. */
  job: string;
  namespace: string;
  context: string;
  /** What was known of the Pod. */
  phase: PodRow['phase'];
  reason: string | undefined;
  exitCode: number | undefined;
  started: number | undefined;
  finished: number | undefined;
  /** Milliseconds since the epoch. */
  keptAt: number;
  /** Bytes between its beginning and its end that are not kept. */
  leftOut: number;
  /** Why there is no text: the code of a ClusterError; `gone`: its Pod had gone before it could be read. */
  missed: string | undefined;
}

/** What is known of a log before it is read. */
export type LogToKeep = Omit<KeptLog, 'keptAt' | 'leftOut' | 'missed'>;

interface Limits {
  /** Bytes of one log. */
  each: number;
  /** Bytes of all logs. */
  total: number;
}

const LIMITS: Limits = { each: 1024 * 1024, total: 200 * 1024 * 1024 };
/** A file's first line is as long as this at most: names are short. */
const HEADER_AT_MOST = 64 * 1024;

/** Logs of Pods that failed or went, in a folder of the workspace's own: one file each, the oldest removed. */
export class KeptLogs {
  readonly onDidChange = new Emitter();
  readonly #folder: string;
  readonly #limits: Limits;
  /** By file name. */
  readonly #logs = new Map<string, { log: KeptLog; size: number }>();
  #loading: Promise<void> | undefined;

  /** @param storage a folder, which need not be there yet */
  constructor(storage: string, limits: Partial<Limits> = {}) {
    this.#folder = join(storage, 'logs');
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Reads which logs are there; to be awaited before the others are called. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** A Job's logs, also those that were missed, the oldest first. */
  of(jobUid: string): KeptLog[] {
    return [...this.#logs.values()].flatMap(({ log }) => (log.jobUid === jobUid ? log : [])).sort(oldestFirst);
  }

  /** The oldest first. */
  get all(): KeptLog[] {
    return [...this.#logs.values()].map(({ log }) => log).sort(oldestFirst);
  }

  has(source: LogSource): boolean {
    return this.#logs.has(nameOf(source) ?? '');
  }

  /** The text, each line with its time; '' where it has been removed since. */
  async read(source: LogSource): Promise<string> {
    const name = nameOf(source);
    const bytes = name && (await readFile(join(this.#folder, name)).catch(() => undefined));
    return bytes ? bytes.subarray(bytes.indexOf('\n') + 1).toString('utf8') : '';
  }

  /**
   * Reads a log and keeps its beginning and its end.
   * @param chunks what comes before an error is kept
   * @param isSo asked when all has been read: whether it was that log; another one is not kept
   * @returns the error that it broke off with
   */
  async keep(log: LogToKeep, chunks: AsyncIterable<string>, isSo = () => true): Promise<unknown> {
    const text = new HeadAndTail(this.#limits.each);
    let failure: unknown;
    try {
      for await (const chunk of chunks) text.push(chunk);
    } catch (error) {
      failure = error;
    }
    const { bytes, leftOut } = text.take();
    if (bytes.length < 1000 && isLostLog(bytes.toString())) {
      await this.miss(log, 'gone');
      return undefined;
    }
    if ((failure === undefined || bytes.length > 0) && isSo()) {
      await this.#write({ ...log, leftOut, missed: undefined }, bytes);
    }
    return failure;
  }

  /** Remembers that a log could not be kept. */
  async miss(log: LogToKeep, reason: string): Promise<void> {
    if (!this.has(log)) await this.#write({ ...log, leftOut: 0, missed: reason }, Buffer.alloc(0));
  }

  async #write(log: Omit<KeptLog, 'keptAt'>, bytes: Buffer): Promise<void> {
    const name = nameOf(log);
    if (name === undefined) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, name);
    const kept = { ...log, keptAt: Date.now() };
    const all = Buffer.concat([Buffer.from(`${JSON.stringify(kept)}\n`), bytes]);
    await writeFile(`${path}.new`, all, { mode: 0o600 });
    await rename(`${path}.new`, path);
    this.#logs.set(name, { log: kept, size: all.length });
    await this.#prune();
    this.onDidChange.fire();
  }

  async #prune(): Promise<void> {
    let total = [...this.#logs.values()].reduce((sum, { size }) => sum + size, 0);
    const oldest = [...this.#logs].sort(([, a], [, b]) => oldestFirst(a.log, b.log));
    for (const [name, { size }] of oldest) {
      if (total <= this.#limits.total) return;
      total -= size;
      this.#logs.delete(name);
      await rm(join(this.#folder, name), { force: true });
    }
  }

  async #load(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!name.endsWith('.log') || this.#logs.has(name)) continue;
      const path = join(this.#folder, name);
      const [log, size] = await Promise.all([header(path), stat(path).then(({ size }) => size)]).catch(() => []);
      if (log && size !== undefined && nameOf(log) === name) this.#logs.set(name, { log, size });
    }
    this.onDidChange.fire();
  }
}

const oldestFirst = (a: KeptLog, b: KeptLog) => a.keptAt - b.keptAt;

/** @returns undefined for names that no cluster gives: they are parts of a path here */
function nameOf({ podUid, container, attempt }: LogSource): string | undefined {
  const isFit = /^[a-z0-9-]{1,63}$/i.test(podUid) && /^[a-z0-9-]{1,63}$/.test(container) && Number.isInteger(attempt);
  return isFit ? `${podUid}.${container}.${attempt}.log` : undefined;
}

async function header(path: string): Promise<KeptLog | undefined> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_AT_MOST), 0, HEADER_AT_MOST, 0);
    const end = buffer.subarray(0, bytesRead).indexOf('\n');
    const log = JSON.parse(buffer.subarray(0, end).toString('utf8'));
    return typeof log?.podUid === 'string' && typeof log.jobUid === 'string' ? log : undefined;
  } finally {
    await file.close();
  }
}
