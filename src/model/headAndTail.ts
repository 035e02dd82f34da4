/** The beginning and the end of a text of any length, in whole lines but for huge ones. */
export class HeadAndTail {
  readonly #headBytes: number;
  readonly #tailBytes: number;
  readonly #head: Buffer[] = [];
  #headLength = 0;
  #tail: Buffer[] = [];
  #tailLength = 0;
  #dropped = 0;

  /** @param most bytes that are kept: a quarter of the beginning, the rest of the end */
  constructor(most: number) {
    this.#headBytes = Math.floor(most / 4);
    this.#tailBytes = most - this.#headBytes;
  }

  push(text: string): void {
    let bytes = Buffer.from(text);
    if (this.#headLength < this.#headBytes) {
      const part = bytes.subarray(0, this.#headBytes - this.#headLength);
      this.#head.push(part);
      this.#headLength += part.length;
      bytes = bytes.subarray(part.length);
    }
    if (bytes.length === 0) return;
    this.#tail.push(bytes);
    this.#tailLength += bytes.length;
    // Twice as much before it is cut, so that the cutting does not happen at every piece.
    if (this.#tailLength > this.#tailBytes * 2) this.#cut();
  }

  /** @returns the text, and how many bytes between its beginning and its end are left out */
  take(): { bytes: Buffer; leftOut: number } {
    this.#cut();
    const head = Buffer.concat(this.#head);
    const tail = Buffer.concat(this.#tail);
    if (this.#dropped === 0) return { bytes: Buffer.concat([head, tail]), leftOut: 0 };
    // The rest of a line whose beginning is left out would have no time of its own; the beginning of one has it.
    const lines = head.lastIndexOf(LINE_FEED) + 1;
    const isHuge = lines === 0 || head.length - lines >= HUGE_LINE;
    const headEnd = isHuge ? endOfCharacters(head) : lines;
    const cut = isHuge ? [CUT] : [];
    const tailStart = tail.indexOf(LINE_FEED) + 1;
    return {
      bytes: Buffer.concat([head.subarray(0, headEnd), ...cut, tail.subarray(tailStart)]),
      leftOut: this.#dropped + (head.length - headEnd) + tailStart,
    };
  }

  #cut(): void {
    if (this.#tailLength <= this.#tailBytes) return;
    const all = Buffer.concat(this.#tail);
    const over = all.length - this.#tailBytes;
    this.#dropped += over;
    this.#tail = [all.subarray(over)];
    this.#tailLength = this.#tailBytes;
  }
}

const LINE_FEED = 0x0a;
/** Bytes of a line that is rather cut than left out. */
const HUGE_LINE = 1000;
/** Ends a line that is cut. */
const CUT = Buffer.from('…\n');

/** @returns where the last whole character of UTF-8 ends */
function endOfCharacters(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 3 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  return end > 0 && (bytes[end - 1] ?? 0) >= 0xc0 ? end - 1 : end;
}
