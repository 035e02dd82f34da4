import type { Before, Look, Verdict } from './arrived.ts';

export interface Failure {
  line: number;
  reason: 'unroutable' | 'nacked' | 'too-large' | 'invalid-fields';
}

/** What has become of a publication's lines, and what of them ought to be in the queue. */
export class Account {
  confirmed = 0;
  readonly failed: Failure[] = [];
  /** How many messages were sent although they may have been there. */
  maybeDoubled = 0;
  lostByBroker = 0;
  #highest = 0;
  #depth: number | undefined;
  #ours = 0;
  #oldest: number | undefined;
  #confirmedSince = 0;
  #perhapsTaken = false;

  /** @param again it was refused before: it stands behind lines that were sent after it */
  confirm(line: number, again: boolean): void {
    this.confirmed++;
    this.#confirmedSince++;
    if (line > this.#highest) this.#highest = line;
    if (!again && (this.#oldest === undefined || (this.#ours === 0 && line < this.#oldest))) this.#oldest = line;
  }

  /** A line whose confirm never came, and which a look has found in the queue. */
  find(line: number): void {
    this.confirmed++;
    if (line > this.#highest) this.#highest = line;
  }

  fail(line: number, reason: Failure['reason']): void {
    this.failed.push({ line, reason });
    if (line > this.#highest) this.#highest = line;
  }

  /** The last line that is confirmed or failed. */
  get highest(): number {
    return this.#highest;
  }

  /** Takes over what another run of the same publication has reached, long ago perhaps. */
  resume(earlier: {
    depthBefore: number | undefined;
    confirmed: number;
    failed: Failure[];
    oldest: number | undefined;
  }): void {
    const { depthBefore, confirmed, failed, oldest } = earlier;
    this.confirmed = confirmed;
    this.failed.push(...failed);
    this.#depth = depthBefore === undefined ? undefined : depthBefore + confirmed;
    this.#ours = confirmed;
    this.#oldest = oldest;
    this.#perhapsTaken = true;
  }

  /** The queue before anything is sent. */
  begin(depth: number | undefined, consumers: number | undefined): void {
    this.#depth = depth;
    this.#perhapsTaken = consumers !== 0;
  }

  get before(): Before {
    return {
      depth: this.#depth,
      ours: this.#ours,
      oldest: this.#oldest,
      confirmedSince: this.#confirmedSince,
      perhapsTaken: this.#perhapsTaken,
    };
  }

  /** From here on, what is expected in the queue is what has been seen there. */
  looked(look: Look, verdict: Verdict): void {
    this.lostByBroker += verdict.lost;
    const foreign = this.#depth === undefined ? 0 : this.#depth - this.#ours;
    if (look.ids) {
      this.#ours = look.ids.asked.size + look.ids.others;
      this.#oldest = look.ids.oldest;
    } else this.#ours = Math.max(0, (look.depth ?? 0) - foreign);
    this.#depth = look.depth;
    this.#confirmedSince = 0;
    this.#perhapsTaken ||= look.consumers !== 0;
  }
}
