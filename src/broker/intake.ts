import type { Item } from '../workload/message.ts';
import type { Account } from './account.ts';
import type { Verdict } from './arrived.ts';
import type { Sent } from './inFlight.ts';
import type { Journal, JournalGate } from './journal.ts';
import { BYTES_PROPERTIES, encodeProperties, type Properties, TEXT_PROPERTIES } from './properties.ts';
import type { Source } from './source.ts';

/** RabbitMQ's own limit since 4.0; a larger message costs the channel and the answers to all that are on their way. */
const MAX_MESSAGE_BYTES = 16 * 2 ** 20;

/** Turns items into messages to send, and settles at once those that need no sending or cannot be sent. */
export class Intake {
  readonly #source: Source;
  readonly #account: Account;
  readonly #gate: JournalGate | undefined;
  #earlier: { journal: Journal; verdict: Verdict | undefined; asked: number } | undefined;
  readonly #free: Sent[] = [];
  #sent = 0;
  #taken = 0;
  #lastLine = 0;

  constructor(source: Source, account: Account, gate: JournalGate | undefined) {
    this.#source = source;
    this.#account = account;
    this.#gate = gate;
  }

  /** Leaves out what another run of the same publication has settled, and later what the verdict says has arrived. */
  resume(journal: Journal): void {
    this.#earlier = { journal, verdict: undefined, asked: 0 };
    this.#lastLine = journal.confirmedUpTo;
    this.#sent = journal.confirmed;
  }

  decide(verdict: Verdict): void {
    if (this.#earlier) this.#earlier.verdict = verdict;
  }

  /** Messages sent, or found to have been sent by the earlier run. */
  get sent(): number {
    return this.#sent;
  }

  /** Whether all items are taken. */
  get over(): boolean {
    return this.#source.peek() === 'end' || this.#gate?.failure !== undefined;
  }

  /** undefined: there is none yet that may be sent; 'settled': there was one, and it is not to be sent. */
  take(maxPropertiesBytes: number): Sent | 'settled' | undefined {
    const item = this.#source.peek();
    if (typeof item === 'string' || this.#gate?.permits(item.line) === false) return undefined;
    this.#source.take();
    return this.#begin(item, maxPropertiesBytes);
  }

  /** Takes back what is answered, to be used again: a new one for each line is most of what publishing costs the heap. */
  recycle(sent: Sent): void {
    sent.body = undefined;
    sent.chunk = undefined;
    this.#free.push(sent);
  }

  /** To be called now and then. */
  refreshJournal(): void {
    this.#gate?.refresh();
  }

  /** The lines that the earlier run may have sent and that nobody came to, and the first that was never sent. */
  left(): { unknown: number[]; unsentFrom: number | undefined } {
    const from = this.#source.firstLeft;
    const { confirmedUpTo = 0, sentUpTo = 0 } = this.#earlier?.journal ?? {};
    if (from === undefined || from > sentUpTo) return { unknown: [], unsentFrom: from };
    const first = Math.max(from, confirmedUpTo + 1);
    return {
      unknown: Array.from({ length: sentUpTo + 1 - first }, (_, i) => first + i),
      unsentFrom: sentUpTo + 1,
    };
  }

  /** How far everything is settled, when `lowest` is the first message taken that is not; and how far may be sent. */
  progress(lowest: Sent | undefined): Pick<Journal, 'confirmed' | 'confirmedUpTo' | 'sentUpTo' | 'failed'> {
    const { confirmed = 0, sentUpTo = 0, failed: failedBefore = [] } = this.#earlier?.journal ?? {};
    const confirmedUpTo = lowest ? lowest.line - 1 : this.#lastLine;
    const failed = this.#account.failed.filter(({ line }) => line <= confirmedUpTo);
    const settled = lowest ? lowest.index : this.#taken;
    return {
      confirmed: confirmed + settled - (failed.length - failedBefore.length),
      confirmedUpTo,
      sentUpTo: Math.max(this.#lastLine, sentUpTo),
      failed,
    };
  }

  #begin(item: Item, maxPropertiesBytes: number): Sent | 'settled' {
    const { line, body } = item;
    let doubtful = false;
    if (this.#earlier && line <= this.#earlier.journal.sentUpTo) {
      const { journal, verdict } = this.#earlier;
      if (line <= journal.confirmedUpTo) return 'settled';
      doubtful = !verdict?.certain;
      if (verdict?.arrived(line, this.#earlier.asked++)) {
        this.#sent++;
        return this.#settle(line, () => this.#account.find(line));
      }
    }
    const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    if (bytes > MAX_MESSAGE_BYTES) return this.#settle(line, () => this.#account.fail(line, 'too-large'));
    const properties = propertiesOf(item);
    if (!properties || properties.before.length + properties.after.length > maxPropertiesBytes) {
      return this.#settle(line, () => this.#account.fail(line, 'invalid-fields'));
    }
    this.#sent++;
    this.#lastLine = line;
    const sent = this.#free.pop() ?? {
      line,
      body,
      chunk: undefined,
      at: 0,
      properties,
      bytes,
      index: 0,
      nacks: 0,
      doubtful,
    };
    sent.line = line;
    sent.body = body;
    sent.chunk = undefined;
    sent.properties = properties;
    sent.bytes = bytes;
    sent.index = this.#taken++;
    sent.nacks = 0;
    sent.doubtful = doubtful;
    return sent;
  }

  #settle(line: number, how: () => void): 'settled' {
    this.#taken++;
    this.#lastLine = line;
    how();
    return 'settled';
  }
}

function propertiesOf({ body, fields }: Item): Properties | undefined {
  if (fields) return encodeProperties(fields);
  return typeof body === 'string' ? TEXT_PROPERTIES : BYTES_PROPERTIES;
}
