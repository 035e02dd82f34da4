import { setImmediate as nextTurn } from 'node:timers/promises';
import { BrokerError } from './error.ts';
import { InFlight, type Sent } from './inFlight.ts';
import type { PublishFrames } from './publishFrames.ts';
import { Retries } from './retries.ts';
import type { Source } from './source.ts';
import type { Wake } from './wake.ts';

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
}

export interface Failure {
  line: number;
  reason: 'unroutable' | 'nacked' | 'too-large';
}

export interface PublicationOptions {
  source: Source;
  /** Takes messages for the broker and hands them over on flush(). */
  frames: Pick<PublishFrames, 'add' | 'flush'>;
  runId: string;
  window: number;
  wake: Wake;
  onProgress: ((progress: PublishProgress) => void) | undefined;
}

/** Sends items through one confirm channel, and keeps the account of what became of each. */
export class Publication {
  confirmed = 0;
  readonly failed: Failure[] = [];
  /** Why there will be no more answers. */
  lost: BrokerError | undefined;
  readonly #options: PublicationOptions;
  readonly #inFlight = new InFlight();
  readonly #retries: Retries;
  /** Messages the broker has given back, which it confirms next. */
  readonly #returned = new Map<string, number>();
  #sent = 0;
  #blocked: string | undefined;
  #cancelledAt: number | undefined;
  #lastAnswer = 0;
  #lastReport = 0;

  constructor(options: PublicationOptions) {
    this.#options = options;
    this.#retries = new Retries(() => options.wake.notify());
  }

  /** Returns when everything is answered, when the answers have been waited for in vain, or when the channel is lost. */
  async run(): Promise<'done' | 'cancelled' | 'connection-lost'> {
    for (;;) {
      const burstOver = this.#fill();
      const ending = this.#ending();
      this.#report(ending !== undefined);
      if (ending) return ending;
      if (burstOver) await nextTurn();
      else await this.#options.wake.wait(this.#msLeft());
    }
  }

  onAck(tag: number, multiple: boolean): void {
    for (const sent of this.#inFlight.take(tag, multiple)) {
      if (this.#wasReturned(sent)) this.failed.push({ line: sent.item.line, reason: 'unroutable' });
      else {
        this.confirmed++;
        this.#retries.accepted();
      }
    }
    this.#answered();
  }

  onNack(tag: number, multiple: boolean): void {
    for (const sent of this.#inFlight.take(tag, multiple)) {
      const again = this.#cancelledAt === undefined && this.#retries.add(sent);
      if (!again) this.failed.push({ line: sent.item.line, reason: 'nacked' });
    }
    this.#answered();
  }

  /** A message that no queue took comes back before its confirm, which says nothing about that. */
  onReturn(id: string): void {
    this.#returned.set(id, (this.#returned.get(id) ?? 0) + 1);
  }

  /** @param reason the broker's, while it does not read from publishers; undefined: it does again */
  onBlocked(reason: string | undefined): void {
    this.#blocked = reason;
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

  /** The account of what has no answer: refused messages that were to be tried again, and lines nobody knows about. */
  settle(): { unknown: number[] } {
    for (const { item } of this.#retries.end()) this.failed.push({ line: item.line, reason: 'nacked' });
    const unknown: number[] = [];
    for (const sent of this.#inFlight.left()) {
      if (this.#wasReturned(sent)) this.failed.push({ line: sent.item.line, reason: 'unroutable' });
      else unknown.push(sent.item.line);
    }
    this.failed.sort((a, b) => a.line - b.line);
    return { unknown: unknown.sort((a, b) => a - b) };
  }

  /** Sends as much as the window allows; true: stopped before that, to let others have the event loop. */
  #fill(): boolean {
    const stopAt = performance.now() + BURST_MS;
    let timeUp = false;
    while (this.#maySend() && !timeUp) {
      const next = this.#retries.take() ?? this.#takeNew();
      if (next === undefined) break;
      if (next !== 'too-large') this.#send(next);
      timeUp = performance.now() >= stopAt;
    }
    this.#options.frames.flush();
    return timeUp;
  }

  #maySend(): boolean {
    return this.lost === undefined && this.#cancelledAt === undefined && this.#blocked === undefined;
  }

  #takeNew(): Sent | 'too-large' | undefined {
    const { source, window } = this.#options;
    if (this.#inFlight.size + this.#retries.size >= window || this.#inFlight.bytes >= WINDOW_BYTES) return undefined;
    const item = source.take();
    if (typeof item === 'string') return undefined;
    const bytes = Buffer.byteLength(item.body);
    if (bytes > MAX_MESSAGE_BYTES) {
      this.failed.push({ line: item.line, reason: 'too-large' });
      return 'too-large';
    }
    this.#sent++;
    return { item, bytes, nacks: 0 };
  }

  #send(sent: Sent): void {
    if (this.#inFlight.size === 0) this.#lastAnswer = performance.now();
    this.#inFlight.add(sent);
    this.#options.frames.add(this.#idOf(sent), sent.item.body, sent.bytes);
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
    return `${this.#options.runId}/${item.line}`;
  }

  #ending(): 'done' | 'cancelled' | 'connection-lost' | undefined {
    if (this.lost) return 'connection-lost';
    const timeUp = (this.#msLeft() ?? 1) <= 0;
    if (this.#cancelledAt !== undefined) return timeUp || this.#inFlight.size === 0 ? 'cancelled' : undefined;
    if (this.#inFlight.size + this.#retries.size === 0 && this.#options.source.peek() === 'end') return 'done';
    if (!timeUp) return undefined;
    this.lost = new BrokerError('timeout', `the broker confirmed nothing for ${SILENCE_MS / 1_000} s`);
    return 'connection-lost';
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
    this.#options.onProgress?.({ sent: this.#sent, confirmed: this.confirmed, blocked: this.#blocked });
  }
}
