import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Item } from '../workload/message.ts';
import { Account } from './account.ts';
import type { Verdict } from './arrived.ts';
import { BrokerError } from './error.ts';
import { InFlight, type Sent } from './inFlight.ts';
import type { Journal, JournalGate } from './journal.ts';
import { messageIdOf } from './messageId.ts';
import { BYTES_PROPERTIES, encodeProperties, type Properties, TEXT_PROPERTIES } from './properties.ts';
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
/** RabbitMQ's own limit since 4.0; a larger message costs the channel and the answers to all that are on their way. */
const MAX_MESSAGE_BYTES = 16 * 2 ** 20;
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
export type Frames = Pick<PublishFrames, 'add' | 'flush' | 'maxPropertiesBytes'>;

/** Sends items through one confirm channel after the other, and keeps the account of what became of each. */
export class Publication {
  readonly account = new Account();
  /** Why there will be no more answers on the present channel. */
  lost: BrokerError | undefined;
  readonly #options: PublicationOptions;
  readonly #retries: Retries;
  readonly #sampler: WindowSampler;
  #inFlight = new InFlight();
  /** Sent through a channel that is lost, and not yet looked for. */
  #open: Sent[] = [];
  /** Messages the broker has given back, which it confirms next. */
  readonly #returned = new Map<string, number>();
  #earlier: { journal: Journal; verdict: Verdict; asked: number } | undefined;
  #state: 'sending' | 'reconnecting' | 'finding-out' = 'sending';
  #sent = 0;
  #taken = 0;
  #lastLine = 0;
  #blocked: string | undefined;
  #cancelledAt: number | undefined;
  #lastAnswer = 0;
  #lastReport = 0;

  constructor(options: PublicationOptions) {
    this.#options = options;
    this.#retries = new Retries(() => options.wake.notify());
    this.#sampler = new WindowSampler(options.window);
  }

  /** Leaves out what another run of the same publication has settled, and what the verdict says has arrived. */
  resume(journal: Journal, verdict: Verdict): void {
    this.#earlier = { journal, verdict, asked: 0 };
    this.#lastLine = journal.confirmedUpTo;
    this.#sent = journal.confirmed;
  }

  /** Returns when everything is answered, when the answers have been waited for in vain, or when the channel is lost. */
  async run(frames: Frames): Promise<'done' | 'cancelled' | 'lost'> {
    this.lost = undefined;
    this.#blocked = undefined;
    this.#state = 'sending';
    this.#sampler.restart();
    for (;;) {
      const burstOver = this.#fill(frames);
      const ending = this.#ending();
      this.#report(ending !== undefined);
      if (ending) return ending;
      if (burstOver) await nextTurn();
      else await this.#options.wake.wait(this.#msLeft());
    }
  }

  onAck(tag: number, multiple: boolean): void {
    const answered = this.#inFlight.take(tag, multiple);
    for (const sent of answered) {
      if (this.#wasReturned(sent)) this.account.fail(sent.item.line, 'unroutable');
      else {
        this.account.confirm(sent.item.line, sent.nacks > 0);
        this.#retries.accepted();
      }
    }
    this.#sampler.answered(answered.length);
    this.#answered();
  }

  onNack(tag: number, multiple: boolean): void {
    for (const sent of this.#inFlight.take(tag, multiple)) {
      const again = this.#cancelledAt === undefined && this.#retries.add(sent);
      if (!again) this.account.fail(sent.item.line, 'nacked');
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
      if (this.#wasReturned(sent)) this.account.fail(sent.item.line, 'unroutable');
      else this.#open.push(sent);
    }
    this.#inFlight = new InFlight();
    this.#returned.clear();
    return this.#open.map(sent => sent.item.line);
  }

  /** Settles what is open: what has arrived is confirmed, the rest is to be sent again before any new line. */
  decide(verdict: Verdict): void {
    const again: Sent[] = [];
    this.#open.forEach((sent, nth) => {
      if (verdict.arrived(sent.item.line, nth)) this.account.find(sent.item.line);
      else again.push({ ...sent, doubtful: !verdict.certain });
    });
    this.#open = [];
    this.#retries.addNow(again);
  }

  /** The account of what has no answer: refused lines, lines nobody knows about, and the first that is not there. */
  settle(): { unknown: number[]; unsentFrom: number | undefined } {
    const unknown = this.open();
    const absent: number[] = [];
    for (const { item, nacks, doubtful } of this.#retries.end()) {
      if (doubtful) unknown.push(item.line);
      else if (nacks > 0) this.account.fail(item.line, 'nacked');
      else absent.push(item.line);
    }
    let unsentFrom = this.#options.source.firstLeft;
    if (unsentFrom !== undefined) unsentFrom = Math.max(unsentFrom, (this.#earlier?.journal.confirmedUpTo ?? 0) + 1);
    const highest = Math.max(this.account.highest, ...unknown);
    for (const line of absent.sort((a, b) => b - a)) {
      if (line > highest) unsentFrom = line;
      else this.account.fail(line, 'nacked');
    }
    this.account.failed.sort((a, b) => a.line - b.line);
    return { unknown: unknown.sort((a, b) => a - b), unsentFrom };
  }

  /** How far everything is settled; and the last line taken, beyond which nothing was sent. */
  progress(): Pick<Journal, 'confirmed' | 'confirmedUpTo' | 'sentUpTo' | 'failed'> {
    let lowest: Sent | undefined;
    for (const list of [this.#open, this.#inFlight.left(), this.#retries.left()]) {
      for (const sent of list) if (lowest === undefined || sent.index < lowest.index) lowest = sent;
    }
    const confirmedUpTo = lowest ? lowest.item.line - 1 : this.#lastLine;
    const failed = this.account.failed.filter(({ line }) => line <= confirmedUpTo);
    const { confirmed = 0, failed: { length: failedBefore } = [] } = this.#earlier?.journal ?? {};
    const settled = lowest ? lowest.index : this.#taken;
    const sentUpTo = Math.max(this.#lastLine, this.#earlier?.journal.sentUpTo ?? 0);
    return { confirmed: confirmed + settled - (failed.length - failedBefore), confirmedUpTo, sentUpTo, failed };
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
    if (this.#maySend()) this.#options.gate?.refresh();
    this.#sampler.sample();
    return timeUp;
  }

  #maySend(): boolean {
    return this.lost === undefined && this.#cancelledAt === undefined && this.#blocked === undefined;
  }

  #takeNew(maxPropertiesBytes: number): Sent | 'settled' | undefined {
    const { source, window, gate } = this.#options;
    if (this.#inFlight.size + this.#retries.size >= window.size) {
      this.#sampler.held();
      return undefined;
    }
    const item = this.#inFlight.bytes < WINDOW_BYTES ? source.peek() : 'not-yet';
    if (typeof item === 'string' || gate?.permits(item.line) === false) {
      this.#sampler.restart();
      return undefined;
    }
    source.take();
    return this.#begin(item, maxPropertiesBytes);
  }

  #begin(item: Item, maxPropertiesBytes: number): Sent | 'settled' {
    const { line, body } = item;
    let doubtful = false;
    if (this.#earlier && line <= this.#earlier.journal.sentUpTo) {
      const { journal, verdict } = this.#earlier;
      if (line <= journal.confirmedUpTo) return 'settled';
      doubtful = !verdict.certain;
      if (verdict.arrived(line, this.#earlier.asked++)) {
        this.#sent++;
        return this.#settle(line, () => this.account.find(line));
      }
    }
    const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    if (bytes > MAX_MESSAGE_BYTES) return this.#settle(line, () => this.account.fail(line, 'too-large'));
    const properties = propertiesOf(item);
    if (!properties || properties.before.length + properties.after.length > maxPropertiesBytes) {
      return this.#settle(line, () => this.account.fail(line, 'invalid-fields'));
    }
    this.#sent++;
    this.#lastLine = line;
    return { item, properties, bytes, index: this.#taken++, nacks: 0, doubtful };
  }

  #settle(line: number, how: () => void): 'settled' {
    this.#taken++;
    this.#lastLine = line;
    how();
    return 'settled';
  }

  #send(sent: Sent, frames: Frames): void {
    if (this.#inFlight.size === 0) this.#lastAnswer = performance.now();
    if (sent.doubtful) this.account.maybeDoubled++;
    this.#inFlight.add(sent.doubtful ? { ...sent, doubtful: false } : sent);
    frames.add(this.#idOf(sent), sent.item.body, sent.bytes, sent.properties);
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

  #idOf({ item }: Sent): string {
    return messageIdOf(this.#options.runId, item.line);
  }

  #ending(): 'done' | 'cancelled' | 'lost' | undefined {
    if (this.lost) return 'lost';
    const timeUp = (this.#msLeft() ?? 1) <= 0;
    if (this.#cancelledAt !== undefined) return timeUp || this.#inFlight.size === 0 ? 'cancelled' : undefined;
    const { source, gate } = this.#options;
    const over = source.peek() === 'end' || gate?.failure !== undefined;
    if (this.#inFlight.size + this.#retries.size === 0 && over) return 'done';
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

  #report(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#lastReport < REPORT_EVERY_MS) return;
    this.#lastReport = now;
    const blocked = this.#blocked;
    const state = blocked === undefined ? this.#state : 'blocked';
    this.#options.onProgress?.({ sent: this.#sent, confirmed: this.account.confirmed, blocked, state });
  }
}

function propertiesOf({ body, fields }: Item): Properties | undefined {
  if (fields) return encodeProperties(fields);
  return typeof body === 'string' ? TEXT_PROPERTIES : BYTES_PROPERTIES;
}
