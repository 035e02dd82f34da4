/** The beginning and the end of a text of any length, in whole lines where there are any. */
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
    // A line that is cut in the middle would have no time of its own.
    const headEnd = head.lastIndexOf(LINE_FEED) + 1 || head.length;
    const tailStart = tail.indexOf(LINE_FEED) + 1;
    return {
      bytes: Buffer.concat([head.subarray(0, headEnd), tail.subarray(tailStart)]),
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
