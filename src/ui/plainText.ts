/**
 * Text from a container, as plain text: without terminal sequences (colours, titles, links), control characters and
 * the characters that turn the reading direction around (CVE-2021-42574). Line feeds and tabs stay; a carriage
 * return that overwrites its line starts a new one, so that progress bars stay readable.
 *
 * Made for a stream: `push` takes chunks cut anywhere, also in the middle of a sequence, and holds back at most a few
 * characters. A line longer than `maxLine` characters is cut there, and the cut is said by `cut(left out)` at its end:
 * editors do not draw further than 10,000 characters, and a line of 10 MB would stop them.
 */
export class PlainText {
  readonly #maxLine: number;
  readonly #cut: (leftOut: number) => string;
  #state: State = 'text';
  #pendingReturn = false;
  #column = 0;

  constructor(options: { maxLine?: number; cut?: (leftOut: number) => string } = {}) {
    this.#maxLine = options.maxLine ?? 10_000;
    this.#cut = options.cut ?? (leftOut => `… (+${leftOut})`);
  }

  /** @returns the plain text of a further chunk */
  push(chunk: string): string {
    let out = '';
    let from = 0; // start of the plain text that is not in `out` yet
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      const plain = this.#state === 'text' && !isSpecial(code);
      if (plain && !this.#pendingReturn) continue;
      out += this.#fit(chunk.slice(from, at));
      if (plain) {
        out += this.#column > 0 ? this.#lineEnd() : '';
        this.#pendingReturn = false;
        from = at;
        continue;
      }
      from = at + 1;
      if (code === LINE_FEED) {
        // Also ends a sequence: one that is never closed must not swallow the rest of the log.
        out += this.#lineEnd();
      } else if (this.#state !== 'text') {
        this.#state = next(this.#state, code);
      } else if (code === RETURN) {
        this.#pendingReturn = true;
      } else {
        this.#state = opening(code);
      }
    }
    return out + this.#fit(chunk.slice(from));
  }

  /** @returns what was still held back, at the end of the stream */
  end(): string {
    const out = this.#column > this.#maxLine ? this.#cut(this.#column - this.#maxLine) : '';
    this.#column = 0;
    this.#state = 'text';
    this.#pendingReturn = false;
    return out;
  }

  #lineEnd(): string {
    return `${this.end()}\n`;
  }

  #fit(text: string): string {
    const room = Math.max(0, this.#maxLine - this.#column);
    this.#column += text.length;
    return text.length <= room ? text : text.slice(0, room);
  }
}

/** @returns a whole text without terminal sequences, control characters and direction changes */
export function plainText(text: string): string {
  const plain = new PlainText({ maxLine: Number.POSITIVE_INFINITY });
  return plain.push(text) + plain.end();
}

/** @returns parts of a page, each of lines, as plain text with an empty line between them; a part without lines is none */
export function plainPage(parts: readonly string[][]): string {
  const texts = parts.filter(lines => lines.length > 0).map(lines => lines.join('\n'));
  return plainText(`${texts.join('\n\n')}\n`);
}

/** Where the reader stands in ECMA-48's sequences: `string` is an OSC, DCS, SOS, PM or APC until BEL or ST. */
type State = 'text' | 'escape' | 'intermediate' | 'sequence' | 'string' | 'string-escape';

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const ESCAPE = 0x1b;

function isSpecial(code: number): boolean {
  if (code < 0x20) return code !== 0x09;
  if (code < 0x7f) return false;
  return (
    code <= 0x9f ||
    code === 0x061c ||
    (code >= 0x200e && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    code === 0xfeff
  );
}

function opening(code: number): State {
  if (code === ESCAPE) return 'escape';
  // Programs write UTF-8: a lone C1 character is no sequence there, but xterm-like readers take it for one.
  if (code === 0x9b) return 'sequence';
  if (code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f)) return 'string';
  return 'text';
}

function next(state: State, code: number): State {
  switch (state) {
    case 'escape':
      if (code === 0x5b) return 'sequence';
      if (code === 0x50 || code === 0x58 || (code >= 0x5d && code <= 0x5f)) return 'string';
      return code >= 0x20 && code <= 0x2f ? 'intermediate' : code === ESCAPE ? 'escape' : 'text';
    case 'intermediate':
      return code >= 0x20 && code <= 0x2f ? 'intermediate' : code === ESCAPE ? 'escape' : 'text';
    case 'sequence':
      if (code === ESCAPE) return 'escape';
      return code >= 0x40 && code <= 0x7e ? 'text' : 'sequence';
    case 'string':
      if (code === 0x07 || code === 0x9c) return 'text';
      return code === ESCAPE ? 'string-escape' : 'string';
    case 'string-escape':
      // ESC \ ends the string; any other escape ends it too and starts anew.
      return code === 0x5c ? 'text' : next('escape', code);
    case 'text':
      return 'text';
  }
}
