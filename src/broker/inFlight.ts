import type { Item } from '../workload/message.ts';
import type { Properties } from './properties.ts';

/** A message that the broker has to answer for. */
export interface Sent {
  item: Item;
  properties: Properties;
  /** How many items were taken before it. */
  index: number;
  /** The body's length in UTF-8. */
  bytes: number;
  /** How often the broker has refused it. */
  nacks: number;
  /** It is sent again although it may be there. */
  doubtful: boolean;
}

/** The messages sent and not yet answered, in the order of their delivery tags. */
export class InFlight {
  readonly #byTag = new Map<number, Sent>();
  #lastTag = 0;
  #bytes = 0;

  get size(): number {
    return this.#byTag.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The broker counts the messages of a confirm channel from 1: call it once for each that is sent, in order. */
  add(sent: Sent): void {
    this.#lastTag++;
    this.#byTag.set(this.#lastTag, sent);
    this.#bytes += sent.bytes;
  }

  /** Takes out what an answer is about: one message, or with `multiple` all up to it. */
  take(tag: number, multiple: boolean): Sent[] {
    const taken: Sent[] = [];
    if (multiple) {
      for (const older of this.#byTag.keys()) {
        // A tag of 0 stands for all that are outstanding.
        if (older > tag && tag !== 0) break;
        this.#takeOne(older, taken);
      }
    } else this.#takeOne(tag, taken);
    return taken;
  }

  /** Those that are still without an answer. */
  left(): Iterable<Sent> {
    return this.#byTag.values();
  }

  #takeOne(tag: number, taken: Sent[]): void {
    const sent = this.#byTag.get(tag);
    if (!sent) return;
    this.#byTag.delete(tag);
    this.#bytes -= sent.bytes;
    taken.push(sent);
  }
}
