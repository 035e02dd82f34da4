import type { QueueDetails } from '../broker/index.ts';
import { excessOf } from '../workload/findings/cameBack.ts';
import type { RunLook, Stranger, Witness } from '../workload/ledger.ts';
import { hasEnded, LAG_MS, lookAfterEnd } from '../workload/looks.ts';

/** How a broker is asked about one queue; undefined: it does not say. */
export interface QueueAsk {
  details(queue: string, signal: AbortSignal): Promise<(QueueDetails & { keepsAckTimeout: boolean }) | undefined>;
  /** How many of a queue's messages had been handed out before; undefined where looking at them would do harm. */
  redelivered(queue: string, signal: AbortSignal): Promise<number | undefined>;
}

/** How long (ms) an answer holds while there is reason to ask. */
const AGAIN = 10_000;
const TIMEOUT = 10_000;
/** What a broker waits for an ack, in ms, unless it is told otherwise. */
const ACK_TIMEOUT = 30 * 60_000;

interface Published {
  all: number;
  ours: number;
  at: number;
}

interface Known {
  /** When its queue was asked about, by performance.now(). */
  asked: number | undefined;
  /** What anyone had published, and we of it, when that was first counted. */
  base: Published | undefined;
  /** The same, when what was published before the run was surely counted. */
  later: Published | undefined;
  /** What we had published, and when that was first seen. */
  ours: { count: number; since: number };
  /** Since when the queue has held more than the account says, and the least of it. */
  excess: { since: number; least: number } | undefined;
  /** How many containers had failed then. */
  failed: number;
  /** Whether what the ended run left was looked at, or is being looked at. */
  isLooked: boolean;
  witness: Witness | undefined;
}

/** What the broker says of the queues of runs beyond their figures. It is asked once for a run, and where something looks wrong. */
export class Witnesses {
  readonly #ask: QueueAsk;
  readonly #known = new Map<string, Known>();

  constructor(ask: QueueAsk) {
    this.#ask = ask;
  }

  of(uid: string): Witness | undefined {
    return this.#known.get(uid)?.witness;
  }

  forget(uid: string): void {
    this.#known.delete(uid);
  }

  /**
   * Asks where there is reason to.
   * @param looks those at the run, the last one now
   * @param podsHere the addresses of the Pods of all runs that are known here
   */
  look(o: { uid: string; queue: string; looks: readonly RunLook[]; podsHere: () => ReadonlySet<string> }): void {
    const now = o.looks.at(-1);
    if (!now) return;
    const known = this.#known.get(o.uid) ?? start(now);
    this.#known.set(o.uid, known);
    if (known.ours.count !== now.publishedSince) known.ours = { count: now.publishedSince, since: now.at };
    const excess = excessOf(o.looks);
    if (hasEnded(now)) {
      const settled = lookAfterEnd(o.looks)?.settled;
      if (!settled || known.isLooked || (excess === 0 && !hasNewFailures(now, known))) return;
      known.witness = { ...(known.witness ?? NOTHING), isLooking: true };
      // What the broker counts is as late as its other figures.
      if (now.at - settled.at < LAG_MS) return;
      known.isLooked = true;
      void this.#lookAtLeft(o.queue, known, now);
      return;
    }
    if (excess === 0) known.excess = undefined;
    else
      known.excess = { since: known.excess?.since ?? now.at, least: Math.min(excess, known.excess?.least ?? excess) };
    if (now.queue?.exists === false) return;
    const sinceAsked = now.at - (known.asked ?? Number.NEGATIVE_INFINITY);
    const isSecond = known.base !== undefined && known.later === undefined && sinceAsked >= LAG_MS;
    const isNeeded = !known.witness ? sinceAsked >= LAG_MS : sinceAsked >= AGAIN && isOdd(now, excess, known);
    if (!isSecond && !isNeeded) return;
    const isFirst = known.asked === undefined;
    known.asked = now.at;
    known.failed = failures(now);
    void this.#askFor({ queue: o.queue, known, now, podsHere: o.podsHere(), isFirst });
  }

  async #askFor(o: {
    queue: string;
    known: Known;
    now: RunLook;
    podsHere: ReadonlySet<string>;
    isFirst: boolean;
  }): Promise<void> {
    const { queue, known, now, podsHere } = o;
    const details = await this.#ask.details(queue, AbortSignal.timeout(TIMEOUT)).catch(() => undefined);
    // An answer that comes after the end has no say any more.
    if (!details || known.isLooked) return;
    // Counted from later on, what others had published before would not be seen. What the broker has not counted yet
    // makes it say that others have published although nobody has, which only holds a verdict back.
    const published = { all: details.published ?? 0, ours: now.publishedSince, at: now.at };
    if (o.isFirst && now.job.succeeded === 0) known.base = published;
    else if (known.base && now.at - known.base.at >= LAG_MS) known.later ??= published;
    const others = othersPublished(known, details.published, now);
    const { excess } = known;
    const isProven = others === false && excess && now.at - excess.since >= LAG_MS;
    known.witness = {
      strangers: strangersOf(details, now, podsHere, known.witness?.strangers),
      ackTimeoutMs: details.keepsAckTimeout ? ackTimeoutOf(details) : undefined,
      proven: isProven ? excess.least : 0,
      othersPublished: others,
      redelivered: undefined,
      isLooking: false,
    };
  }

  async #lookAtLeft(queue: string, known: Known, now: RunLook): Promise<void> {
    const signal = AbortSignal.timeout(TIMEOUT);
    const [redelivered, details] = await Promise.all([
      this.#ask.redelivered(queue, signal).catch(() => undefined),
      this.#ask.details(queue, signal).catch(() => undefined),
    ]);
    const before = known.witness ?? NOTHING;
    known.witness = {
      ...before,
      ackTimeoutMs: details?.keepsAckTimeout ? ackTimeoutOf(details) : before.ackTimeoutMs,
      othersPublished: othersPublished(known, details?.published, now),
      redelivered,
      isLooking: false,
    };
  }
}

const NOTHING = {
  strangers: undefined,
  ackTimeoutMs: undefined,
  proven: 0,
  othersPublished: undefined,
  redelivered: undefined,
};

/**
 * Whether others have published since that was first counted. Not to be told while what went in from here may not be
 * counted yet.
 */
function othersPublished(known: Known, all: number | undefined, now: RunLook): boolean | undefined {
  if (all === undefined || !known.base) return undefined;
  const { count: ours, since } = known.ours;
  if (ours > known.base.ours && now.at - since < LAG_MS) return undefined;
  const others = ({ all: counted, ours: then }: Published) => all - counted - (ours - then);
  // Less than nothing: the broker has begun to count anew.
  const sinceBegin = others(known.base);
  if (sinceBegin <= 0) return sinceBegin < 0 ? undefined : false;
  // It may be what was published before the run and counted late.
  return known.later && others(known.later) > 0 ? true : undefined;
}

const start = ({ at, publishedSince }: RunLook): Known => ({
  ours: { count: publishedSince, since: at },
  asked: undefined,
  failed: 0,
  base: undefined,
  later: undefined,
  excess: undefined,
  isLooked: false,
  witness: undefined,
});

/** Containers that failed; a policy that made them fail may be newer than what was asked before. */
const failures = ({ pods }: RunLook) =>
  pods.reduce((sum, pod) => sum + pod.restarts + (pod.phase === 'failed' ? 1 : 0), 0);

const hasNewFailures = (now: RunLook, { failed }: Known) => failures(now) > failed;

/** More consumers than Pods, Pods that have nothing to do, new failures, or more in the queue than there should be. */
function isOdd(look: RunLook, excess: number, known: Known): boolean {
  const { job, queue, pods } = look;
  const going = pods.filter(pod => pod.terminating).length;
  const isEmpty = queue?.ready === 0 && queue.unacked === 0;
  const isWaiting = isEmpty && job.active > 0 && !known.witness?.strangers;
  return (queue?.consumers ?? 0) > job.active + going || isWaiting || excess > 0 || hasNewFailures(look, known);
}

/**
 * The consumers that are no Pods of runs here, and those seen before. A broker that sees other addresses than the
 * cluster's, as behind a gateway, tells nothing: none of them is then a Pod's, although Pods consume.
 */
function strangersOf(
  { consumers }: QueueDetails,
  { job }: RunLook,
  podsHere: ReadonlySet<string>,
  before: Stranger[] = [],
): Stranger[] | undefined {
  const others = consumers.filter(({ peer }) => peer === undefined || !podsHere.has(hostOf(peer)));
  if (others.length === consumers.length && others.length > 0 && job.active > 0) return undefined;
  const strangers = others.map(({ peer, connection, connectionName, user }) => ({
    connection: peer ?? connection,
    name: connectionName,
    user,
  }));
  const gone = before.filter(one => !strangers.some(other => other.connection === one.connection));
  return [...strangers, ...gone];
}

/** @returns the address of `10.1.2.3:5000` or `[fd00::1]:5000` */
const hostOf = (peer: string) => peer.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

function ackTimeoutOf({ arguments: given, effectivePolicy }: QueueDetails): number {
  const own = given['x-consumer-timeout'] ?? effectivePolicy['consumer-timeout'];
  return typeof own === 'number' && own > 0 ? own : ACK_TIMEOUT;
}
