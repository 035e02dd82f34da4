import { Duplicates } from './duplicates.ts';
import type { SkippedLine, SkipReason } from './items.ts';
import type { Item } from './message.ts';
import type { Found } from './readItems.ts';

const FIRST = 3;
const LAST = 2;
/** What is left out is shown by line up to here; beyond, it is only counted. */
const SKIPPED_SHOWN = 100;
/** UTF-16 units of a body that are kept to be shown. */
const SHOWN = 200;

/** An item as a preview shows it: the beginning of its body. */
export interface ShownItem {
  text: string | Uint8Array;
  /** Its body in bytes. */
  bytes: number;
  line: number;
  /** The line on which it begins; another number than `line` in a JSON array. */
  textLine: number;
}

/** What a source holds, gathered as it is read, in bounded memory. */
export class ItemsSummary {
  items = 0;
  bytes = 0;
  readonly first: ShownItem[] = [];
  /** The last ones that are not among the first. */
  readonly last: ShownItem[] = [];
  /** The highest `line` seen, of items and of what is left out. */
  lastLine = 0;
  readonly skipped = new Map<SkipReason, number>();
  /** The first of what is left out, each with its line; blank ones are many and need no look. */
  readonly skippedShown: (SkippedLine & { textLine: number })[] = [];
  duplicates = 0;
  duplicateBytes = 0;
  readonly #seen: Duplicates;

  /** @param remembered different items that duplicates are told from, at most */
  constructor(remembered?: number) {
    this.#seen = new Duplicates(remembered);
  }

  /** False: some duplicates may not have been noticed, as there is no memory for all items. */
  get duplicatesComplete(): boolean {
    return this.#seen.complete;
  }

  add(found: Found): void {
    if (found.skipped) this.#skip(found.skipped, found.textLine);
    else this.#take(found.item, found.textLine);
  }

  #skip(skipped: SkippedLine, textLine: number): void {
    this.lastLine = skipped.line;
    this.skipped.set(skipped.reason, (this.skipped.get(skipped.reason) ?? 0) + 1);
    if (this.skippedShown.length < SKIPPED_SHOWN) this.skippedShown.push({ ...skipped, textLine });
  }

  #take(item: Item, textLine: number): void {
    const bytes = byteLength(item.body);
    this.items++;
    this.bytes += bytes;
    this.lastLine = item.line;
    if (this.#seen.has(item)) {
      this.duplicates++;
      this.duplicateBytes += bytes;
    }
    const shown = { text: item.body, bytes, line: item.line, textLine };
    if (this.first.length < FIRST) this.first.push({ ...shown, text: item.body.slice(0, SHOWN) });
    else {
      // Cut when shown: to cut every body of a long list costs more than to hold the last two.
      this.last.push(shown);
      if (this.last.length > LAST) this.last.shift();
    }
  }
}

/** UTF-8 bytes of a well-formed text. */
function byteLength(body: string | Uint8Array): number {
  if (typeof body !== 'string') return body.length;
  return body.length > 64 ? Buffer.byteLength(body) : shortLength(body);
}

// For the few characters of a usual item a call into native code costs more than counting.
function shortLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}
