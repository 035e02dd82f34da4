import type { Cluster, PodRow } from '../cluster/index.ts';
import { isLostLog, mayBeLostLog } from '../workload/lostLog.ts';
import { type LinePart, StampedLines } from '../workload/stampedLines.ts';
import type { ClusterApi } from './clusterLink.ts';
import { codeOf } from './errorCode.ts';
import { type KeptLog, type KeptLogs, keyOf, type LogSource } from './keptLogs.ts';
import { hasEnded, hasStarted } from './podAttempt.ts';
import { type ReadTurn, ReadTurns } from './readTurns.ts';
import type { Runs } from './runs.ts';

/** Which logs: all of a Job, of one of its Pods, or of one container of it. */
export interface LogScope {
  jobUid: string;
  namespace: string;
  podUid: string | undefined;
  container: string | undefined;
  /** Only of the containers' starts before the present ones. */
  previous: boolean;
}

export type SourceState =
  | { kind: 'waiting' }
  | { kind: 'reading' }
  | { kind: 'ended' }
  /** From the disk: what the cluster has no more. */
  | { kind: 'kept'; log: KeptLog }
  /** The cluster has removed it, and it was not kept. */
  | { kind: 'lost' }
  /** `again`: it will be tried again. */
  | { kind: 'failed'; error: unknown; again: boolean };

export interface FedSource {
  readonly source: LogSource;
  state: SourceState;
}

export interface LogFeedOptions {
  api: ClusterApi;
  cluster: () => Promise<Cluster>;
  runs: Pick<Runs, 'find' | 'onDidChange' | 'namespaces'>;
  kept: KeptLogs;
  scope: LogScope;
  /** @param live it came after the log's end so far had been reached */
  onPart: (source: LogSource, part: LinePart, live: boolean) => void;
  /** The line that is open comes again from its beginning. */
  onReopen: (source: LogSource) => void;
  /** The state of a source has changed, or there is one more. */
  onState: () => void;
  signal: AbortSignal;
  /** How long (ms) at most until a log that could not be read, or was cut off, is asked for again; default 5000. */
  againMs?: number;
}

/** How long (ms) a log is silent once its end so far is reached. */
const SILENCE_MS = 700;
const AGAIN_MS = 5000;
/** Lines that are read of all logs together, and of one at least. */
const LINES = 200_000;
const LINES_EACH = 1000;
/** Logs of Pods that succeeded that are read, the newest. */
const SUCCEEDED_AT_MOST = 500;
const WORTH_ANOTHER_TRY = ['not-ready', 'unreachable', 'timeout', 'throttled', 'server'];

/** Reads the logs of a Job's Pods, and follows those that are written, until the signal aborts. */
export class LogFeed {
  readonly #o: LogFeedOptions;
  readonly #turns: ReadTurns;
  readonly #againMs: number;
  readonly #sources = new Map<string, FedSource>();
  /** Starts of containers that there have not been. */
  readonly #none = new Set<string>();
  readonly #begun = performance.now();
  #leftOut = 0;

  constructor(o: LogFeedOptions) {
    this.#o = o;
    this.#againMs = o.againMs ?? AGAIN_MS;
    this.#turns = new ReadTurns(o.signal);
    const late = setTimeout(() => this.#look(), this.#againMs);
    const endings = [o.runs.onDidChange.on(() => this.#look()), o.kept.onDidChange.on(() => this.#look())];
    o.signal.addEventListener('abort', () => {
      clearTimeout(late);
      for (const ending of endings) ending.dispose();
    });
    this.#look();
  }

  get sources(): FedSource[] {
    return [...this.#sources.values()];
  }

  /** Pods that succeeded whose logs are not read because there are too many. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** The last lines that are read of each log. */
  get linesEach(): number {
    return Math.max(LINES_EACH, Math.floor(LINES / Math.max(1, this.#sources.size)));
  }

  get #pods(): PodRow[] {
    const { jobUid, podUid } = this.#o.scope;
    const pods = this.#o.runs.find(jobUid)?.pods ?? [];
    return podUid === undefined ? pods : pods.filter(pod => pod.uid === podUid);
  }

  // Until the Pods that are there are known, a log on the disk may be one that the cluster still has whole.
  get #isSettled(): boolean {
    const { runs, scope } = this.#o;
    const watched = runs.namespaces.find(({ namespace }) => namespace === scope.namespace);
    const isKnown = watched !== undefined && watched.state.kind !== 'connecting';
    return isKnown || runs.find(scope.jobUid) !== undefined || performance.now() - this.#begun >= this.#againMs;
  }

  #look(): void {
    const { signal, scope } = this.#o;
    if (signal.aborted) return;
    const before = `${this.#sources.size} ${this.#leftOut}`;
    const started = this.#pods.filter(hasStarted);
    const succeeded = started.filter(pod => pod.phase === 'succeeded');
    const old = new Set(succeeded.slice(0, Math.max(0, succeeded.length - SUCCEEDED_AT_MOST)));
    const known = new Set(this.sources.map(({ source }) => source.podUid));
    const leftOut = new Set([...old].filter(pod => !known.has(pod.uid)));
    this.#leftOut = leftOut.size;
    for (const pod of started) {
      if (leftOut.has(pod)) continue;
      for (const container of pod.containers) {
        if (scope.container !== undefined && scope.container !== container) continue;
        const source = { podUid: pod.uid, pod: pod.name, container, attempt: pod.restarts };
        if (pod.restarts > 0) this.#add({ ...source, attempt: pod.restarts - 1 });
        if (!scope.previous) this.#add(source);
      }
    }
    if (this.#isSettled) for (const log of this.#o.kept.of(scope.jobUid)) this.#addKept(log);
    if (before !== `${this.#sources.size} ${this.#leftOut}`) this.#o.onState();
  }

  #add(source: LogSource): void {
    if (this.#sources.has(keyOf(source)) || this.#none.has(keyOf(source))) return;
    const fed: FedSource = { source, state: { kind: 'waiting' } };
    this.#sources.set(keyOf(source), fed);
    const pod = this.#pod(source);
    const kind: ReadTurn = pod && hasEnded(pod, source.attempt) ? 'read' : 'follow';
    this.#turns.take(kind, () => this.#read(fed));
  }

  // What the cluster still has comes from there: it is whole.
  #addKept(log: KeptLog): void {
    if (this.#sources.has(keyOf(log))) return;
    const { scope } = this.#o;
    const pod = this.#pod(log);
    if (scope.podUid !== undefined && scope.podUid !== log.podUid) return;
    if (scope.container !== undefined && scope.container !== log.container) return;
    if (pod && pod.restarts - log.attempt < (scope.previous ? 1 : 2)) return;
    const fed: FedSource = { source: log, state: { kind: 'waiting' } };
    this.#sources.set(keyOf(log), fed);
    this.#turns.take('read', () => this.#readKept(fed, log));
  }

  async #readKept(fed: FedSource, log: KeptLog): Promise<void> {
    const lines = new StampedLines();
    const text = await this.#o.kept.read(log);
    if (this.#o.signal.aborted) return;
    for (const part of [...lines.push(text), ...lines.end()]) this.#o.onPart(fed.source, part, false);
    this.#setState(fed, { kind: 'kept', log });
  }

  async #read(fed: FedSource): Promise<void> {
    const { signal } = this.#o;
    const { source } = fed;
    const lines = new StampedLines();
    while (!signal.aborted) {
      this.#setState(fed, { kind: 'reading' });
      const error = await this.#readOnce(fed, lines);
      if (signal.aborted) return;
      const isDone = () => {
        const pod = this.#pod(source);
        return pod === undefined || hasEnded(pod, source.attempt);
      };
      if (error !== undefined) {
        const again = WORTH_ANOTHER_TRY.includes(codeOf(error) ?? '');
        if (!again) return this.#giveUp(fed, error);
        this.#setState(fed, { kind: 'failed', error, again });
        await this.#until(() => false);
      } else {
        // The cluster says a moment later than the log that its Pod has ended.
        await this.#until(isDone);
        if (isDone()) return this.#setState(fed, { kind: 'ended' });
      }
    }
  }

  async #giveUp(fed: FedSource, error: unknown): Promise<void> {
    const { kept, scope } = this.#o;
    const log = kept.of(scope.jobUid).find(log => keyOf(log) === keyOf(fed.source));
    if (log) return this.#readKept(fed, log);
    // A Pod of several containers counts the starts of all of them: there need not be one before this.
    const isNone = codeOf(error) === 'invalid' && this.#isPrevious(fed.source);
    if (error === LOST) return this.#setState(fed, { kind: 'lost' });
    if (isNone) {
      this.#none.add(keyOf(fed.source));
      this.#sources.delete(keyOf(fed.source));
    }
    this.#setState(fed, { kind: 'failed', error, again: false });
  }

  /** @returns the error that it ended with */
  async #readOnce({ source }: FedSource, lines: StampedLines): Promise<unknown> {
    const { api, scope, onPart, onReopen } = this.#o;
    const { pod, container } = source;
    let live = false;
    const silence = setTimeout(() => {
      live = true;
      this.#o.onState();
    }, SILENCE_MS);
    const row = this.#pod(source);
    const signal = this.#o.signal;
    if (lines.last !== undefined) onReopen(source);
    lines.resume();
    try {
      const log = api.readLog(await this.#o.cluster(), {
        namespace: scope.namespace,
        pod,
        container,
        follow: !row || !hasEnded(row, source.attempt),
        previous: this.#isPrevious(source) || undefined,
        timestamps: true,
        ...(lines.last === undefined ? { tailLines: this.linesEach } : { sinceTime: wholeSecond(lines.last) }),
        signal,
      });
      let held: string | undefined = '';
      for await (const chunk of log) {
        if (!live) silence.refresh();
        if (held !== undefined) held += chunk;
        if (held !== undefined && mayBeLostLog(held)) continue;
        for (const part of lines.push(held ?? chunk)) onPart(source, part, live);
        held = undefined;
      }
      if (held !== undefined && isLostLog(held)) return LOST;
      for (const part of lines.push(held ?? '')) onPart(source, part, live);
      for (const part of lines.end()) onPart(source, part, live);
      return undefined;
    } catch (error) {
      return error ?? new Error('unknown');
    } finally {
      clearTimeout(silence);
    }
  }

  /** Waits until something is so, for a time at most. */
  #until(isSo: () => boolean): Promise<void> {
    const { runs, signal } = this.#o;
    if (isSo() || signal.aborted) return Promise.resolve();
    return new Promise(resolve => {
      const end = () => {
        clearTimeout(timer);
        listener.dispose();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, this.#againMs);
      const listener = runs.onDidChange.on(() => {
        if (isSo()) end();
      });
      signal.addEventListener('abort', end);
    });
  }

  #pod({ podUid }: LogSource): PodRow | undefined {
    return this.#pods.find(pod => pod.uid === podUid);
  }

  #isPrevious(source: LogSource): boolean {
    return (this.#pod(source)?.restarts ?? 0) > source.attempt;
  }

  #setState(fed: FedSource, state: SourceState): void {
    fed.state = state;
    if (!this.#o.signal.aborted) this.#o.onState();
  }
}

/** In place of an error: instead of the log came words that there is none. */
const LOST = Symbol('lost');

// The server reads no fractions here; lines that come twice by that are left out by StampedLines.
const wholeSecond = (stamp: string) => stamp.replace(/\.\d+/, '');
