import type { Sent } from './inFlight.ts';

/**
 * Three seconds in all without one message accepted: enough for consumers to make room in a full queue, or for a quorum
 * queue's new leader.
 */
const RETRY_AFTER_MS = [100, 200, 400, 800, 1_600];

/** The messages that the broker has refused and that are tried again, later each time. */
export class Retries {
  readonly #onDue: () => void;
  #waiting: Sent[] = [];
  #due: Sent[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** How often in a row nothing of what was tried again has been accepted: a queue that takes some takes the others later. */
  #vain = 0;

  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#waiting.length + this.#due.length;
  }

  /** Keeps a refused message for another try; false: the queue has refused all for long enough. */
  add(sent: Sent): boolean {
    const afterMs = RETRY_AFTER_MS[this.#vain];
    if (afterMs === undefined) return false;
    this.#waiting.push({ ...sent, nacks: sent.nacks + 1 });
    this.#timer ??= setTimeout(() => this.#fallDue(), afterMs);
    return true;
  }

  /** Keeps messages that are to be sent at once, before any new one. */
  addNow(lost: Sent[]): void {
    this.#due = inTakingOrder([...lost, ...this.#due]);
  }

  /** What waits, in no order. */
  left(): Sent[] {
    return [...this.#waiting, ...this.#due];
  }

  /** The next message whose time has come. */
  take(): Sent | undefined {
    return this.#due.pop();
  }

  /** To be told of every message that the broker has accepted. */
  accepted(): void {
    this.#vain = 0;
  }

  /** Gives up, and hands over what was still waiting. */
  end(): Sent[] {
    clearTimeout(this.#timer);
    return this.left();
  }

  #fallDue(): void {
    this.#timer = undefined;
    this.#vain++;
    this.#due = inTakingOrder(this.left());
    this.#waiting = [];
    this.#onDue();
  }
}

/** Taken from the end: the order of the lines is kept as far as the broker lets us. */
function inTakingOrder(sent: Sent[]): Sent[] {
  return sent.sort((a, b) => b.index - a.index);
}
