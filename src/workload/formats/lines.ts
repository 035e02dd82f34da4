/**
 * Cuts a text that comes in chunks, cut anywhere, into lines. A line ends at LF, CRLF or CR, as in the editor; what
 * follows the last line break is no line when it is empty.
 */
export class LineReader {
  readonly #most: number;
  readonly #onLine: (text: string, line: number, tooLarge: boolean) => void;
  #held = '';
  #tooLarge = false;
  #line = 1;
  #afterReturn = false;

  /**
   * @param most UTF-16 units of a line that are kept; of a longer one nothing is, so that memory stays bounded
   * @param onLine gets each line without its end, and its number from 1
   */
  constructor(most: number, onLine: (text: string, line: number, tooLarge: boolean) => void) {
    this.#most = most;
    this.#onLine = onLine;
  }

  push(chunk: string): void {
    let start = 0;
    if (chunk === '') return;
    if (this.#afterReturn && chunk.startsWith('\n')) start = 1;
    this.#afterReturn = false;
    let feed = chunk.indexOf('\n', start);
    let back = chunk.indexOf('\r', start);
    while (feed !== -1 || back !== -1) {
      const atReturn = back !== -1 && (feed === -1 || back < feed);
      const end = atReturn ? back : feed;
      this.#hold(chunk.slice(start, end));
      this.#emit();
      start = end + 1;
      if (atReturn) {
        if (start === chunk.length) this.#afterReturn = true;
        else if (feed === start) start++;
        back = chunk.indexOf('\r', start);
      }
      if (feed < start && feed !== -1) feed = chunk.indexOf('\n', start);
    }
    this.#hold(chunk.slice(start));
  }

  end(): void {
    if (this.#held !== '' || this.#tooLarge) this.#emit();
  }

  #hold(piece: string): void {
    if (this.#tooLarge || this.#held.length + piece.length > this.#most) {
      this.#tooLarge = true;
      this.#held = '';
    } else this.#held += piece;
  }

  #emit(): void {
    this.#onLine(this.#held, this.#line, this.#tooLarge);
    this.#line++;
    this.#held = '';
    this.#tooLarge = false;
  }
}
