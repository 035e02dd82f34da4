import { PlainText } from './plainText.ts';

/** Characters that are kept of a log: more makes each change of the document slow. */
const KEEP = 2_000_000;

export interface LogTextOptions {
  keep?: number;
  /** Says at a cut line's end how many characters are left out. */
  cut: (leftOut: number) => string;
}

/** The end of a log as plain text, of bounded size however long the log and its lines are. */
export class LogText {
  readonly #keep: number;
  readonly #plain: PlainText;
  #text = '';
  #leftOut = 0;

  constructor(options: LogTextOptions) {
    this.#keep = options.keep ?? KEEP;
    this.#plain = new PlainText({ cut: options.cut });
  }

  /** Characters that are no longer kept, from the log's beginning. */
  get leftOut(): number {
    return this.#leftOut;
  }

  get text(): string {
    return this.#text;
  }

  push(chunk: string): void {
    this.#append(this.#plain.push(chunk));
  }

  /** The log has ended: what was held back comes, and a last line that is open is closed. */
  end(): void {
    this.#append(this.#plain.end());
    if (this.#text !== '' && !this.#text.endsWith('\n')) this.#append('\n');
  }

  /** Begins anew. */
  clear(): void {
    this.#plain.end();
    this.#text = '';
    this.#leftOut = 0;
  }

  #append(text: string): void {
    this.#text += text;
    // Half as much again before it is cut, so that the cutting does not happen at every chunk.
    if (this.#text.length <= this.#keep * 1.5) return;
    const from = this.#text.length - this.#keep;
    const line = this.#text.indexOf('\n', from) + 1;
    const cut = line === 0 ? from : line;
    this.#leftOut += cut;
    this.#text = this.#text.slice(cut);
  }
}
