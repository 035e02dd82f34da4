import { setImmediate as nextTurn } from 'node:timers/promises';
import { Account } from './account.ts';
import type { Verdict } from './arrived.ts';
import { BrokerError } from './error.ts';
import { bodyOf, InFlight, type Sent } from './inFlight.ts';
import { Intake } from './intake.ts';
import type { Journal, JournalGate } from './journal.ts';
import { messageIdOf } from './messageId.ts';
import type { PublishFrames } from './publishFrames.ts';
import { Retries } from './retries.ts';
import type { Source } from './source.ts';
import type { Wake } from './wake.ts';
import type { MessageWindow } from './window.ts';
import { WindowSampler } from './windowSampler.ts';

/**
 * Bytes that wait for a confirm at one time, whatever the number of messages: enough for a window of ordinary lines,
 * and few beside what an editor uses. One message may exceed it.
 */
const WINDOW_BYTES = 32 * 2 ** 20;
/** How long the event loop may be held by sending; a frame of an animation is 16 ms. */
const BURST_MS = 8;
/** How long a broker that reads may leave everything unanswered; a disk under load takes seconds. */
const SILENCE_MS = 60_000;
/** How long a cancelled publication waits for the answers to what it has sent. */
const CANCEL_MS = 500;
const REPORT_EVERY_MS = 100;

export interface PublishProgress {
  /** Messages handed to the broker, each counted once. */
  sent: number;
  confirmed: number;
  /** The broker's reason for not reading from publishers at the moment, as a memory alarm. */
  blocked: string | undefined;
  state: 'sending' | 'blocked' | 'reconnecting' | 'finding-out';
}

export interface PublicationOptions {
  source: Source;
  runId: string;
  window: MessageWindow;
  wake: Wake;
  onProgress: ((progress: PublishProgress) => void) | undefined;
  /** Without one, every line may be sent. */
  gate?: JournalGate | undefined;
}

/** Takes messages for the broker and hands them over on flush(). */
export type Frames = Pick<PublishFrames, 'add' | 'chunk' | 'flush' | 'maxPropertiesBytes' | 'release'>;

/** Sends items through one confirm channel after the other, and keeps the account of what became of each. */
export class Publication {
  readonly account = new Account();
  /** Why there will be no more answers on the present channel. */
  lost: BrokerError | undefined;
  readonly #options: PublicationOptions;
  readonly #intake: Intake;
  readonly #retries: Retries;
  readonly #sampler: WindowSampler;
  #inFlight = new InFlight();
  /** Of the present channel. */
  #frames: Frames | undefined;
  /** Sent through a channel that is lost, and not yet looked for. */
  #open: Sent[] = [];
  /** Messages the broker has given back, which it confirms next. */
  readonly #returned = new Map<string, number>();
  #state: 'sending' | 'reconnecting' | 'finding-out' = 'sending';
  #blocked: string | undefined;
  #cancelledAt: number | undefined;
  #lastAnswer = 0;
  #lastReport = 0;
  /** What was confirmed then. */
  #reported = 0;

  constructor(options: PublicationOptions) {
    this.#options = options;
    this.#intake = new Intake(options.source, this.account, options.gate);
    this.#retries = new Retries(() => options.wake.notify());
    this.#sampler = new WindowSampler(options.window);
  }

  /** Goes on from what another run of the same publication has reached; decideEarlier() has to come before run(). */
  resume(journal: Journal): void {
    const first = this.#options.source.peek();
    const isThere = typeof first !== 'string' && first.line <= journal.confirmedUpTo;
    const oldest = isThere && !journal.failed.some(({ line }) => line === first.line) ? first.line : undefined;
    this.account.resume({ ...journal, oldest });
    this.#intake.resume(journal);
  }

  /** What has become of the lines that the other run may have sent after its last entry in the journal. */
  decideEarlier(verdict: Verdict): void {
    this.#intake.decide(verdict);
  }

  /** Returns when everything is answered, when the answers have been waited for in vain, or when the channel is lost. */
  async run(frames: Frames): Promise<'done' | 'cancelled' | 'lost'> {
    this.lost = undefined;
    this.#blocked = undefined;
    this.#state = 'sending';
    this.#frames = frames;
    this.#sampler.restart();
    for (;;) {
      const burstOver = this.#fill(frames);
      const ending = this.#ending();
      this.#report(ending !== undefined);
      if (ending) return ending;
      if (burstOver) await nextTurn();
      else await this.#options.wake.wait(this.#msToWait());
    }
  }

  onAck(tag: number, multiple: boolean): void {
    const answered = this.#inFlight.take(tag, multiple);
    for (const sent of answered) {
      if (this.#wasReturned(sent)) this.account.fail(sent.line, 'unroutable');
      else {
        this.account.confirm(sent.line, sent.nacks > 0);
        this.#retries.accepted();
      }
      this.#release(sent);
      this.#intake.recycle(sent);
    }
    this.#sampler.answered(answered.length);
    this.#answered();
  }

  onNack(tag: number, multiple: boolean): void {
    for (const sent of this.#inFlight.take(tag, multiple)) {
      // Its chunk is written to again; so what is sent again is a copy.
      const kept = { ...sent, body: sent.body ?? Buffer.from(bodyOf(sent)), chunk: undefined };
      this.#release(sent);
      const again = this.#cancelledAt === undefined && this.#retries.add(kept);
      if (!again) this.account.fail(sent.line, 'nacked');
    }
    this.#sampler.restart();
    this.#answered();
  }

  /** A message that no queue took comes back before its confirm, which says nothing about that. */
  onReturn(id: string): void {
    this.#returned.set(id, (this.#returned.get(id) ?? 0) + 1);
  }

  /** @param reason the broker's, while it does not read from publishers; undefined: it does again */
  onBlocked(reason: string | undefined): void {
    this.#blocked = reason;
    this.#sampler.restart();
    this.#answered();
    this.#report(true);
  }

  cancel(): void {
    this.#cancelledAt ??= performance.now();
    this.#options.wake.notify();
  }

  lose(error: BrokerError): void {
    this.lost ??= error;
    this.#options.wake.notify();
  }

  /** What is being done between two channels. */
  set state(state: 'reconnecting' | 'finding-out') {
    this.#state = state;
    this.#blocked = undefined;
    this.#report(true);
  }

  /** The lines sent through the lost channel whose answer never came, in the order they were sent. */
  open(): number[] {
    for (const sent of this.#inFlight.left()) {
      if (this.#wasReturned(sent)) this.account.fail(sent.line, 'unroutable');
      else this.#open.push(sent);
    }
    this.#inFlight = new InFlight();
    this.#returned.clear();
    return this.#open.map(sent => sent.line);
  }

  /** Settles what is open: what has arrived is confirmed, the rest is to be sent again before any new line. */
  decide(verdict: Verdict): void {
    const again: Sent[] = [];
    this.#open.forEach((sent, nth) => {
      if (verdict.arrived(sent.line, nth)) this.account.find(sent.line);
      else again.push({ ...sent, doubtful: !verdict.certain });
    });
    this.#open = [];
    this.#retries.addNow(again);
  }

  /** The account of what has no answer: refused lines, lines nobody knows about, and the first that is not there. */
  settle(): { unknown: number[]; unsentFrom: number | undefined } {
    const open = this.open();
    const left = this.#intake.left();
    const unknown = [...open, ...left.unknown];
    const absent: number[] = [];
    for (const { line, nacks, doubtful } of this.#retries.end()) {
      if (doubtful) unknown.push(line);
      else if (nacks > 0) this.account.fail(line, 'nacked');
      else absent.push(line);
    }
    let { unsentFrom } = left;
    const highest = unknown.reduce((a, b) => Math.max(a, b), this.account.highest);
    for (const line of absent.sort((a, b) => b - a)) {
      if (line > highest) unsentFrom = line;
      else this.account.fail(line, 'nacked');
    }
    this.account.failed.sort((a, b) => a.line - b.line);
    return { unknown: unknown.sort((a, b) => a - b), unsentFrom };
  }

  /** What a journal has to keep. */
  progress(): Pick<Journal, 'confirmed' | 'confirmedUpTo' | 'sentUpTo' | 'failed'> {
    let lowest: Sent | undefined;
    for (const list of [this.#open, this.#inFlight.left(), this.#retries.left()]) {
      for (const sent of list) if (lowest === undefined || sent.index < lowest.index) lowest = sent;
    }
    return this.#intake.progress(lowest);
  }

  /** Sends as much as the window allows; true: stopped before that, to let others have the event loop. */
  #fill(frames: Frames): boolean {
    const stopAt = performance.now() + BURST_MS;
    let timeUp = false;
    while (this.#maySend() && !timeUp) {
      const next = this.#retries.take() ?? this.#takeNew(frames.maxPropertiesBytes);
      if (next === undefined) break;
      if (next !== 'settled') this.#send(next, frames);
      timeUp = performance.now() >= stopAt;
    }
    frames.flush();
    if (this.#maySend()) this.#intake.refreshJournal();
    this.#sampler.sample();
    return timeUp;
  }

  #maySend(): boolean {
    return this.lost === undefined && this.#cancelledAt === undefined && this.#blocked === undefined;
  }

  #takeNew(maxPropertiesBytes: number): Sent | 'settled' | undefined {
    if (this.#inFlight.size + this.#retries.size >= this.#options.window.size) {
      this.#sampler.held();
      return undefined;
    }
    const next = this.#inFlight.bytes < WINDOW_BYTES ? this.#intake.take(maxPropertiesBytes) : undefined;
    if (next === undefined) this.#sampler.restart();
    return next;
  }

  #send(sent: Sent, frames: Frames): void {
    if (this.#inFlight.size === 0) this.#lastAnswer = performance.now();
    if (sent.doubtful) this.account.maybeDoubled++;
    sent.doubtful = false;
    const at = frames.add(this.#idOf(sent), bodyOf(sent), sent.bytes, sent.properties);
    sent.chunk = frames.chunk;
    if (at >= 0) {
      sent.body = undefined;
      sent.at = at;
    }
    this.#inFlight.add(sent);
  }

  #release({ chunk }: Sent): void {
    if (chunk) this.#frames?.release(chunk);
  }

  #answered(): void {
    this.#lastAnswer = performance.now();
    this.#options.wake.notify();
  }

  #wasReturned(sent: Sent): boolean {
    if (this.#returned.size === 0) return false;
    const id = this.#idOf(sent);
    const times = this.#returned.get(id);
    if (times === undefined) return false;
    if (times === 1) this.#returned.delete(id);
    else this.#returned.set(id, times - 1);
    return true;
  }

  #idOf({ line }: Sent): string {
    return messageIdOf(this.#options.runId, line);
  }

  #ending(): 'done' | 'cancelled' | 'lost' | undefined {
    if (this.lost) return 'lost';
    const timeUp = (this.#msLeft() ?? 1) <= 0;
    if (this.#cancelledAt !== undefined) return timeUp || this.#inFlight.size === 0 ? 'cancelled' : undefined;
    if (this.#inFlight.size + this.#retries.size === 0 && this.#intake.over) return 'done';
    if (!timeUp) return undefined;
    this.lost = new BrokerError('timeout', `the broker confirmed nothing for ${SILENCE_MS / 1_000} s`);
    return 'lost';
  }

  /** How long the answers are still waited for; undefined: there is no answer to wait for. */
  #msLeft(): number | undefined {
    const now = performance.now();
    if (this.#cancelledAt !== undefined) return Math.max(0, this.#cancelledAt + CANCEL_MS - now);
    if (this.#inFlight.size === 0 || this.#blocked !== undefined) return undefined;
    return Math.max(0, this.#lastAnswer + SILENCE_MS - now);
  }

  /** The same, or until what was confirmed last is to be told, if that is sooner: nothing more may come for a while. */
  #msToWait(): number | undefined {
    const left = this.#msLeft();
    if (this.account.confirmed === this.#reported) return left;
    const toReport = Math.max(0, this.#lastReport + REPORT_EVERY_MS - performance.now());
    return Math.min(toReport, left ?? toReport);
  }

  #report(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#lastReport < REPORT_EVERY_MS) return;
    this.#lastReport = now;
    this.#reported = this.account.confirmed;
    const blocked = this.#blocked;
    const state = blocked === undefined ? this.#state : 'blocked';
    this.#options.onProgress?.({ sent: this.#intake.sent, confirmed: this.account.confirmed, blocked, state });
  }
}
