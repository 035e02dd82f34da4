import type { BrokerErrorCode, QueueFigures } from '../broker/index.ts';
import type { BrokerLink } from './brokerLink.ts';
import { type Connected, managementOf, wayTo } from './connected.ts';
import { Emitter, type Ending } from './emitter.ts';
import { Pace } from './pace.ts';

/** A queue's figures and the moment (ms since the epoch) at which they were read: ready and consumers are of that moment. */
export interface QueueKnown extends QueueFigures {
  at: number;
  /** Ready and unacked of one answer of the management API, up to 5 s old: an account needs both of one moment. */
  sample: Pick<QueueFigures, 'ready' | 'unacked'> & { /** When it was asked for, by performance.now(). */ at: number };
}

/** Queues whose depth is asked one by one besides the listing, whose figures are up to 5 s old. */
const ASKED_AT_MOST = 50;
/** Messages that a run has left, of which is looked whether they came back. */
const LOOKED_AT_MOST = 20;
const byName = new Intl.Collator(undefined, { numeric: true });
/** Milliseconds: a queue that does not answer, its leader away, must not keep the others waiting. */
const ASK_TIMEOUT = 5_000;
/** How long (ms) to leave the management API alone after it did not answer. */
const MANAGEMENT_REST = 60_000;

/** The broker's queues, kept fresh while somebody looks. */
export class Queues {
  readonly onDidChange = new Emitter();
  readonly #broker: BrokerLink;
  readonly #named: () => Promise<string[]>;
  readonly #pace = new Pace(() => this.#read());
  readonly #published = new Map<string, number>();
  readonly #lookedAt = new Set<() => string[]>();
  #rows: readonly QueueKnown[] = [];
  #missing: ReadonlySet<string> = new Set();
  #unlisted: { until: number; code: BrokerErrorCode } | undefined;
  #heldFor: Connected | undefined;

  /** @param named the queues that matter here even where the broker can't list its queues: job.yaml's, the active runs' */
  constructor(broker: BrokerLink, named: () => Promise<string[]>) {
    this.#broker = broker;
    this.#named = named;
    broker.onDidChange.on(() => this.#onBroker());
  }

  get rows(): readonly QueueKnown[] {
    return this.#rows;
  }

  /**
   * Why only the queues that are named somewhere are known: the management API is off, or does not answer this user.
   * Undefined where all are.
   */
  get unlisted(): BrokerErrorCode | undefined {
    return this.#unlisted && Date.now() < this.#unlisted.until ? this.#unlisted.code : undefined;
  }

  /** Whether all queues are known. */
  get listed(): boolean {
    return this.unlisted === undefined;
  }

  find(name: string): QueueKnown | undefined {
    return this.#rows.find(row => row.name === name);
  }

  /** Whether the broker said that there is no such queue. */
  isMissing(name: string): boolean {
    return this.#missing.has(name);
  }

  /**
   * Keeps the figures fresh until the look is ended.
   * @param names the queues that are looked at besides those that matter anyway
   */
  look(names: () => string[] = () => []): Ending {
    this.#lookedAt.add(names);
    const hold = this.#broker.hold();
    const look = this.#pace.look();
    return {
      dispose: () => {
        this.#lookedAt.delete(names);
        look.dispose();
        hold.dispose();
      },
    };
  }

  refresh(): Promise<void> {
    return this.#pace.now();
  }

  /**
   * A queue's depth, asked of the broker now.
   * @returns undefined when there is no such queue
   * @throws NoBrokerError, BrokerError, ClusterError
   */
  async depth(queue: string): Promise<{ ready: number; consumers: number } | undefined> {
    const { broker } = await this.#broker.get();
    return broker.depth(queue);
  }

  /**
   * All that the management API says of a queue, and whether the broker closes channels that are late with an ack: from
   * RabbitMQ 4.3 on it does so for quorum queues only.
   * @returns undefined where it does not answer
   */
  async details(queue: string, signal: AbortSignal) {
    const connected = this.#broker.connected;
    if (!connected || this.unlisted) return undefined;
    const { queueDetails } = await this.#broker.api();
    const details = await queueDetails({ ...managementOf(connected), queue, signal });
    const [major = 0, minor = 0] = (connected.broker.version ?? '').split('.').map(Number);
    const isNew = major > 4 || (major === 4 && minor >= 3);
    return { ...details, keepsAckTimeout: !isNew || details.type === 'quorum' };
  }

  /**
   * How many of the few messages of a queue had been handed out before. It is looked at only where that does no harm:
   * nobody consumes, and a classic queue counts no deliveries.
   * @returns undefined where it was not looked
   */
  async redelivered(queue: string, signal: AbortSignal): Promise<number | undefined> {
    const connected = this.#broker.connected;
    const known = this.find(queue);
    if (!connected || known?.type !== 'classic' || known.consumers !== 0) return undefined;
    if (known.ready === undefined || known.ready > LOOKED_AT_MOST) return undefined;
    const { peek } = await this.#broker.api();
    const options = { ...wayTo(connected), queue, purpose: 'what a run has left', count: LOOKED_AT_MOST, signal };
    const { messages } = await peek(options);
    return messages.filter(message => message.redelivered).length;
  }

  /**
   * Notes what is sent to a queue from here, so that a run's account can tell it from items that came back.
   * @param messages how many more; less than 0 for what turned out not to have gone in
   */
  notePublished(queue: string, messages: number): void {
    this.#published.set(queue, this.published(queue) + messages);
  }

  /** Messages that went into the queue from here, since the editor started. */
  published(queue: string): number {
    return this.#published.get(queue) ?? 0;
  }

  dispose(): void {
    this.#pace.dispose();
  }

  #onBroker(): void {
    const { connected, state } = this.#broker;
    if (connected && connected !== this.#heldFor) {
      this.#heldFor = connected;
      this.#unlisted = undefined;
      void this.refresh();
    }
    // Rows of a broker that is only away for a moment stay, marked by the link's state; those of another one go.
    if (state.kind !== 'live' && state.kind !== 'away' && state.kind !== 'connecting' && this.#rows.length > 0) {
      this.#rows = [];
      this.#missing = new Set();
      this.onDidChange.fire();
    }
  }

  async #read(): Promise<void> {
    const connected = await this.#broker.get();
    const askedAt = performance.now();
    const listing = await this.#list(connected);
    const names = new Set(listing.slice(0, ASKED_AT_MOST).map(queue => queue.name));
    for (const name of await this.#named()) names.add(name);
    for (const look of this.#lookedAt) for (const name of look()) names.add(name);
    const depths = new Map(
      await Promise.all([...names].map(async name => [name, await this.#ask(connected, name)] as const)),
    );
    if (this.#broker.connected !== connected) return;
    const at = Date.now();
    const known = new Map<string, QueueKnown>();
    for (const queue of listing) {
      known.set(queue.name, { ...queue, at, sample: { ready: queue.ready, unacked: queue.unacked, at: askedAt } });
    }
    for (const [name, depth] of depths) {
      if (depth === 'missing') known.delete(name);
      else
        known.set(name, {
          ...(known.get(name) ?? unlisted(name, at, { ready: depth.ready, unacked: undefined, at: askedAt })),
          ...depth,
        });
    }
    this.#missing = new Set([...depths].filter(([, depth]) => depth === 'missing').map(([name]) => name));
    this.#rows = [...known.values()].sort((a, b) => byName.compare(a.name, b.name));
    this.onDidChange.fire();
  }

  // A queue that can't be asked (exclusive to another connection, its leader gone) is shown with what is known of it.
  async #ask(connected: Connected, name: string): Promise<Pick<QueueFigures, 'ready' | 'consumers'> | 'missing'> {
    const { BrokerError } = await this.#broker.api();
    try {
      return (await connected.broker.depth(name, AbortSignal.timeout(ASK_TIMEOUT))) ?? 'missing';
    } catch (error) {
      if (!(error instanceof BrokerError) || error.code === 'closed') throw error;
      return { ready: undefined, consumers: undefined };
    }
  }

  async #list(connected: Connected): Promise<QueueFigures[]> {
    if (this.unlisted) return [];
    const { listQueues, BrokerError } = await this.#broker.api();
    try {
      return await listQueues(managementOf(connected));
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.#unlisted = { until: Date.now() + MANAGEMENT_REST, code: error.code };
      return [];
    }
  }
}

const unlisted = (name: string, at: number, sample: QueueKnown['sample']): QueueKnown => ({
  name,
  type: 'unknown',
  durable: true,
  ready: sample.ready,
  unacked: undefined,
  consumers: undefined,
  at,
  sample,
});
