import { type Look, whatArrived } from './arrived.ts';
import { words } from './classify.ts';
import { BrokerError } from './error.ts';
import { type Journal, JournalGate } from './journal.ts';
import { lookAt } from './look.ts';
import { onChannel } from './operation.ts';
import { Publication } from './publication.ts';
import type { PublishOptions, PublishOutcome } from './publish.ts';
import { reopen, type Way } from './recovery.ts';
import { leaveMark, markGone, openSession, type Session } from './session.ts';
import { Source } from './source.ts';
import { Wake } from './wake.ts';
import { AdaptiveWindow, fixedWindow } from './window.ts';

const RECOVER_MS = 120_000;
/** A message that ends every connection it is sent through is not sent for ever. */
const MAX_FRUITLESS_RECONNECTS = 5;

/** One publication, through as many connections as it takes. */
export class PublishRun {
  readonly #options: PublishOptions;
  readonly #source: Source;
  readonly #publication: Publication;
  readonly #gate: JournalGate | undefined;
  #session: Session | undefined;
  #depthBefore: number | undefined;
  #mark: string | undefined;
  #reconnected = 0;
  #unseen = 0;

  constructor(options: PublishOptions) {
    this.#options = options;
    const { items, runId, window, onProgress, onJournal, resume } = options;
    const wake = new Wake();
    const notify = () => wake.notify();
    this.#source = new Source(items, notify);
    const enter = async (sentUpTo: number) => onJournal?.(this.#journal(sentUpTo));
    this.#gate = onJournal && new JournalGate(enter, notify, resume?.sentUpTo ?? 0);
    this.#publication = new Publication({
      source: this.#source,
      runId,
      wake,
      gate: this.#gate,
      window: window === undefined ? new AdaptiveWindow() : fixedWindow(window),
      onProgress,
    });
    if (!resume) return;
    this.#depthBefore = resume.depthBefore;
    this.#mark = resume.mark;
    this.#publication.resume(resume);
  }

  /** Opens the connection and looks at the queue, before anything is sent. */
  async begin(): Promise<void> {
    const { resume, signal } = this.#options;
    this.#session = await openSession(this.#options);
    if (resume) return await this.#resume(this.#session, resume);
    const { connection } = this.#session;
    const [found, mark] = await Promise.all([this.#checkQueue(this.#session), this.#leaveMark(this.#session)]);
    if (connection.ended) throw connection.ended;
    if (signal?.aborted) throw new BrokerError('cancelled', '');
    this.#mark = mark;
    this.#depthBefore = found?.messageCount;
    this.#publication.account.begin(found?.messageCount, found?.consumerCount);
  }

  /** Publishes to the end, through as many sessions as it takes. */
  async go(): Promise<PublishOutcome> {
    const { way, signal } = this.#options;
    const cancel = () => this.#publication.cancel();
    signal?.addEventListener('abort', cancel);
    let fruitless = 0;
    try {
      if (signal?.aborted) cancel();
      for (;;) {
        const before = this.#publication.account.confirmed;
        const ended = await this.#publishThrough(this.#session);
        if (ended !== 'lost') return this.outcome(ended);
        if (this.#session?.refusal) return await this.#refused(this.#session, this.#session.refusal);
        fruitless = this.#publication.account.confirmed > before ? 0 : fruitless + 1;
        if (!way || fruitless > MAX_FRUITLESS_RECONNECTS) return this.outcome('connection-lost');
        const error = await this.#recover(way);
        if (error) return this.outcome('connection-lost', error);
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  async close(): Promise<void> {
    this.#source.close();
    await Promise.all([this.#session?.close(), this.#gate?.close()]);
  }

  outcome(ended: 'done' | 'cancelled' | 'connection-lost' | 'refused', why?: BrokerError): PublishOutcome {
    const { account } = this.#publication;
    const { unknown, unsentFrom } = this.#publication.settle();
    const failure = this.#source.failure ?? this.#gate?.failure;
    const lost = ended === 'done' || ended === 'cancelled' ? undefined : this.#publication.lost;
    const error = why ?? lost ?? (failure && new BrokerError('other', words(failure.error)));
    return {
      ended: ended === 'done' && failure ? 'source-failed' : ended,
      confirmed: account.confirmed,
      unknown,
      failed: account.failed,
      unsent: unsentFrom === undefined ? undefined : { from: unsentFrom },
      ...(error ? { error } : {}),
      reconnected: this.#reconnected,
      maybeDoubled: account.maybeDoubled,
      lostByBroker: account.lostByBroker,
      unseen: this.#unseen,
      journal: this.#journal(),
    };
  }

  async #publishThrough(session: Session | undefined): Promise<'done' | 'cancelled' | 'lost'> {
    if (!session) return 'lost';
    const leave = session.serve(this.#publication);
    try {
      return await this.#publication.run(session.frames);
    } finally {
      leave();
    }
  }

  /** A message to a missing queue would come back one by one; so it is asked for before anything is sent. */
  async #checkQueue({ connection }: Session): Promise<{ messageCount: number; consumerCount: number } | undefined> {
    const { queue, signal } = this.#options;
    try {
      return await onChannel(connection, `looking for '${queue}'`, signal, channel => channel.checkQueue(queue));
    } catch (error) {
      // From RabbitMQ 4.3 on, looking needs the right to configure, which a publisher may lack.
      if (error instanceof BrokerError && error.code === 'no-permission') return undefined;
      throw error;
    }
  }

  async #leaveMark({ connection }: Session): Promise<string | undefined> {
    const { way, onJournal, signal } = this.#options;
    return way || onJournal ? await leaveMark(connection, signal) : undefined;
  }

  async #resume(session: Session, journal: Journal): Promise<void> {
    const { signal, recoverMs = RECOVER_MS } = this.#options;
    const publication = this.#publication;
    publication.state = 'finding-out';
    await markGone(session.connection, journal.mark, { giveUpAt: performance.now() + recoverMs, signal });
    const isAsked = (line: number) => line > journal.confirmedUpTo && line <= journal.sentUpTo;
    const mark = await this.#leaveMark(session);
    const look = await this.#look(session, isAsked);
    const verdict = whatArrived(publication.account.before, look, journal.sentUpTo - journal.confirmedUpTo);
    publication.account.looked(look, verdict);
    publication.decideEarlier(verdict);
    this.#mark = mark;
  }

  /** Returns why it was given up; undefined: there is a session again, and what is to be sent again is known. */
  async #recover(way: Way): Promise<BrokerError | undefined> {
    const { recoverMs = RECOVER_MS, signal } = this.#options;
    const giveUpAt = performance.now() + recoverMs;
    const publication = this.#publication;
    const asked = new Set(publication.open());
    publication.state = 'reconnecting';
    await this.#session?.close();
    this.#session = undefined;
    try {
      this.#session = await reopen({ ...this.#options, way }, giveUpAt, async session => {
        publication.state = 'finding-out';
        try {
          await markGone(session.connection, this.#mark, { giveUpAt, signal });
          const mark = await this.#leaveMark(session);
          // The last thing that can fail: it is decided once, by one look.
          const look = await this.#look(session, asked.size > 0 ? line => asked.has(line) : undefined);
          this.#decide(look, asked.size);
          this.#mark = mark;
        } catch (error) {
          publication.state = 'reconnecting';
          throw error;
        }
      });
      this.#reconnected++;
      return undefined;
    } catch (error) {
      if (!(error instanceof BrokerError) || error.code === 'cancelled') throw error;
      const { ours, confirmedSince } = publication.account.before;
      if (error.code !== 'queue-missing') this.#unseen = ours + confirmedSince;
      else this.#decide({ depth: 0, consumers: 0, ids: NOTHING, head: undefined }, asked.size);
      return error;
    }
  }

  /** The broker has closed the channel. Nothing that was sent before the refusal is lost by that. */
  async #refused(session: Session, error: BrokerError): Promise<PublishOutcome> {
    const { account } = this.#publication;
    const asked = new Set(this.#publication.open());
    // A right that is missing is missing from the first message on: where none was taken, there is none.
    if (account.confirmed === 0) this.#publication.decide({ arrived: () => false, certain: true, lost: 0 });
    else {
      this.#publication.state = 'finding-out';
      try {
        this.#decide(await this.#look(session, line => asked.has(line)), asked.size);
      } catch (reason) {
        if (!(reason instanceof BrokerError)) throw reason;
      }
    }
    return this.outcome('refused', error);
  }

  async #look(session: Session, isAsked: ((line: number) => boolean) | undefined): Promise<Look> {
    const { queue, runId, signal } = this.#options;
    const { depth = 0, ours, confirmedSince, perhapsTaken } = this.#publication.account.before;
    const expected = { depth: depth + confirmedSince, foreign: perhapsTaken ? Math.max(0, depth - ours) : undefined };
    return await lookAt(session, { queue, runId, expected, signal }, isAsked);
  }

  #decide(look: Look, asked: number): void {
    const { account } = this.#publication;
    const verdict = whatArrived(account.before, look, asked);
    account.looked(look, verdict);
    this.#publication.decide(verdict);
  }

  /** @param sentUpTo left out: no line is sent any more */
  #journal(sentUpTo?: number): Journal {
    const { runId, queue } = this.#options;
    const progress = this.#publication.progress();
    return {
      runId,
      queue,
      depthBefore: this.#depthBefore,
      ...progress,
      sentUpTo: sentUpTo ?? progress.sentUpTo,
      ...(this.#mark === undefined ? {} : { mark: this.#mark }),
    };
  }
}

/** What is in a queue that is no more. */
const NOTHING = { asked: new Set<number>(), others: 0, oldest: undefined };
