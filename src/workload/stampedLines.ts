/** A part of a log's line. */
export interface LinePart {
  /** When the line was written, ms since 1970 with fractions; of a line without a time, that of the line before. */
  at: number;
  /** The last part of a line ends with a line feed; no other part has one. */
  text: string;
}

/** Longer than any time of RFC 3339 with nanoseconds and zone, and the space behind it. */
const STAMP_AT_MOST = 40;

/**
 * Reads a log that was asked for with timestamps, from chunks that are cut anywhere. What a line holds is passed on as it
 * comes, so a line of any length needs no memory.
 */
export class StampedLines {
  #head = '';
  #inLine = false;
  #skipping = false;
  #skipTo: string | undefined;
  #stamp: string | undefined;
  #at = 0;
  #last: string | undefined;

  /** The time of the last whole line, as the cluster wrote it. */
  get last(): string | undefined {
    return this.#last;
  }

  /** The log is read once more, from a moment before its last whole line on: lines that have come already are left out. */
  resume(): void {
    this.#head = '';
    this.#inLine = false;
    this.#skipping = false;
    this.#skipTo = this.#last;
  }

  /** @returns the parts of a further chunk */
  *push(chunk: string): Generator<LinePart> {
    for (let from = 0; from < chunk.length; ) {
      const feed = chunk.indexOf('\n', from);
      const end = feed === -1 ? chunk.length : feed + 1;
      yield* this.#part(chunk.slice(from, end), feed !== -1);
      from = end;
    }
  }

  /** @returns what was held back, at the log's end */
  *end(): Generator<LinePart> {
    if (this.#head !== '') yield* this.#part('\n', true);
  }

  *#part(text: string, ends: boolean): Generator<LinePart> {
    let rest = text;
    if (!this.#inLine) {
      this.#head += rest;
      if (!ends && this.#head.length < STAMP_AT_MOST && !this.#head.includes(' ')) return;
      rest = this.#begin(this.#head);
      this.#head = '';
    }
    this.#inLine = !ends;
    if (!this.#skipping && rest !== '') yield { at: this.#at, text: rest };
    if (ends && !this.#skipping) this.#last = this.#stamp ?? this.#last;
  }

  #begin(line: string): string {
    const [found, stamp, fraction = ''] = STAMP.exec(line) ?? [];
    this.#stamp = stamp;
    if (stamp !== undefined) {
      // A number holds the time to the tenth of a microsecond; the text holds all of it.
      this.#at = Date.parse(stamp) + Number(`0.${fraction.slice(3) || 0}`);
    }
    this.#skipping = this.#skipTo !== undefined && stamp !== undefined && stamp <= this.#skipTo;
    if (!this.#skipping && stamp !== undefined) this.#skipTo = undefined;
    return found === undefined ? line : line.slice(found.length);
  }
}

/** As the kubelet writes it; an empty line has no space behind its time where something on the way trims lines. */
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:\d\d))(?: |(?=\r?\n?$))/;
