import type { Sent } from './inFlight.ts';

/** Three seconds in all: enough for consumers to make room in a full queue, or for a quorum queue's new leader. */
const RETRY_AFTER_MS = [100, 200, 400, 800, 1_600];

/** The messages that the broker has refused and that are tried again, later each time. */
export class Retries {
  readonly #onDue: () => void;
  #waiting: Sent[] = [];
  #due: Sent[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Once a message has failed for good, the next ones are refused for the same reason until one is accepted. */
  #worthwhile = true;

  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#waiting.length + this.#due.length;
  }

  /** Keeps a refused message for another try; false: it has been tried enough. */
  add(sent: Sent): boolean {
    const afterMs = RETRY_AFTER_MS[sent.nacks];
    if (afterMs === undefined) this.#worthwhile = false;
    if (afterMs === undefined || !this.#worthwhile) return false;
    this.#waiting.push({ ...sent, nacks: sent.nacks + 1 });
    this.#timer ??= setTimeout(() => this.#fallDue(), afterMs);
    return true;
  }

  /** The next message whose time has come. */
  take(): Sent | undefined {
    return this.#due.pop();
  }

  /** To be told of every message that the broker has accepted. */
  accepted(): void {
    this.#worthwhile = true;
  }

  /** Gives up, and hands over what was still waiting. */
  end(): Sent[] {
    clearTimeout(this.#timer);
    return [...this.#waiting, ...this.#due];
  }

  #fallDue(): void {
    this.#timer = undefined;
    // Taken from the end: the order of the lines is kept as far as the broker lets us.
    this.#due = [...this.#waiting, ...this.#due].sort((a, b) => b.item.line - a.item.line);
    this.#waiting = [];
    this.#onDue();
  }
}
