/** Line and column of a reader in a text that comes in chunks; lines end as in the editor. */
export class Position {
  #line = 1;
  /** Where the line begins, in UTF-16 units from the beginning of the text. */
  #lineStart = 0;
  /** Where the chunk begins. */
  #base = 0;
  #afterReturn = false;

  get line(): number {
    return this.#line;
  }

  /** @param index in the chunk */
  at(index: number): { line: number; column: number } {
    return { line: this.#line, column: this.#base + index - this.#lineStart + 1 };
  }

  /**
   * To be called for every LF and CR, in order.
   * @returns false for the LF of a CRLF, whose line ended at the CR
   */
  lineBreak(code: number, index: number): boolean {
    const here = this.#base + index + 1;
    const second = code === 0x0a && this.#afterReturn && here === this.#lineStart + 1;
    this.#lineStart = here;
    this.#afterReturn = code === 0x0d;
    if (!second) this.#line++;
    return !second;
  }

  /** To be called when a chunk is read. */
  chunkRead(length: number): void {
    this.#base += length;
  }
}
