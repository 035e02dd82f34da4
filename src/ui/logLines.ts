import type { LogSource } from '../model/keptLogs.ts';
import type { LinePart } from '../workload/stampedLines.ts';
import { PlainText } from './plainText.ts';

/** A line as it is shown, without its end. */
export interface LogLine {
  source: LogSource;
  text: string;
}

interface Placed extends LogLine {
  at: number;
}

interface Open {
  plain: PlainText;
  at: number;
  text: string;
  live: boolean;
}

/** Characters that are kept: the editor takes the whole text over at each change. */
const KEEP = 4_000_000;
/** What a line costs besides its characters. */
const EACH_LINE = 16;

/**
 * The lines of one or several logs as plain text: what had been written before is ordered by its time, what comes live is
 * put at the end as it comes. Of bounded size however long the logs and their lines are: the oldest are left out.
 */
export class LogLines {
  readonly #keep: number;
  readonly #cut: (leftOut: number) => string;
  readonly #open = new Map<LogSource, Open>();
  #lines: Placed[] = [];
  #size = 0;
  #isSorted = true;
  #latest = 0;
  #leftOut = 0;

  /** @param o.cut says at a cut line's end how many characters are left out */
  constructor(o: { keep?: number; cut: (leftOut: number) => string }) {
    this.#keep = o.keep ?? KEEP;
    this.#cut = o.cut;
  }

  /** Lines that are no longer kept. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** In their order, those that are not ended yet last. */
  get lines(): LogLine[] {
    this.#sort();
    const open = [...this.#open].flatMap(([source, { text }]) => (text === '' ? [] : [{ source, text }]));
    return [...this.#lines, ...open];
  }

  push(source: LogSource, part: LinePart, live: boolean): void {
    const open = this.#openOf(source);
    open.at = part.at;
    open.live = live;
    open.text += open.plain.push(part.text);
    this.#takeWhole(source, open);
  }

  /** The line that is open will come again. */
  reopen(source: LogSource): void {
    this.#open.delete(source);
  }

  /** The log has ended, perhaps without a line's end. */
  end(source: LogSource): void {
    const open = this.#open.get(source);
    if (!open) return;
    open.text += open.plain.end();
    if (open.text !== '') open.text += '\n';
    this.#takeWhole(source, open);
    this.#open.delete(source);
  }

  #openOf(source: LogSource): Open {
    const known = this.#open.get(source);
    if (known) return known;
    const open = { plain: new PlainText({ cut: this.#cut }), at: 0, text: '', live: false };
    this.#open.set(source, open);
    return open;
  }

  // A part may be several lines: a progress bar's states are lines of their own.
  #takeWhole(source: LogSource, open: Open): void {
    for (let feed = open.text.indexOf('\n'); feed !== -1; feed = open.text.indexOf('\n')) {
      const text = open.text.slice(0, feed);
      open.text = open.text.slice(feed + 1);
      // The clocks of two nodes differ; a live line that stood above the end would not be seen.
      const at = open.live ? Math.max(open.at, this.#latest) : open.at;
      if (at < this.#latest) this.#isSorted = false;
      this.#latest = Math.max(this.#latest, at);
      this.#lines.push({ source, text, at });
      this.#size += text.length + EACH_LINE;
    }
    if (this.#size > this.#keep * 1.25) this.#leaveOut();
  }

  #sort(): void {
    if (!this.#isSorted) this.#lines.sort((a, b) => a.at - b.at);
    this.#isSorted = true;
  }

  #leaveOut(): void {
    this.#sort();
    let count = 0;
    while (this.#size > this.#keep && count < this.#lines.length) {
      this.#size -= (this.#lines[count]?.text.length ?? 0) + EACH_LINE;
      count++;
    }
    this.#leftOut += count;
    this.#lines = this.#lines.slice(count);
  }
}
