import { FormatError } from './formatError.ts';
import { Position } from './position.ts';

/** Nesting that no list of items has; the way back up is kept in memory. */
const DEPTH_AT_MOST = 1_000;

/** One element of the array: a string's text, or the JSON text of anything else without white space between its parts. */
export interface JsonElement {
  text: string;
  /** From 1. */
  number: number;
  /** The line on which it begins, from 1. */
  line: number;
  tooLarge: boolean;
}

type State =
  | 'array'
  | 'value'
  | 'value-or-end'
  | 'key'
  | 'key-or-end'
  | 'colon'
  | 'after'
  | 'string'
  | 'escape'
  | 'hex'
  | 'word'
  | 'number'
  | 'end';

/** RFC 8259: which character may follow which in a number; a number may end where the state is in ENDS. */
const NUMBER: Record<string, Record<string, string>> = {
  minus: { '0': 'zero', d: 'int' },
  zero: { '.': 'dot', e: 'e' },
  int: { '0': 'int', d: 'int', '.': 'dot', e: 'e' },
  dot: { '0': 'frac', d: 'frac' },
  frac: { '0': 'frac', d: 'frac', e: 'e' },
  e: { '0': 'exp', d: 'exp', s: 'sign' },
  sign: { '0': 'exp', d: 'exp' },
  exp: { '0': 'exp', d: 'exp' },
};
const ENDS = new Set(['zero', 'int', 'frac', 'exp']);
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Cuts a JSON array (RFC 8259) that comes in chunks, cut anywhere, into its elements. Numbers keep the digits they are
 * written with, and an object becomes one line, for a worker may read only the first.
 */
export class JsonReader {
  readonly #most: number;
  readonly #onElement: (element: JsonElement) => void;
  readonly #position = new Position();
  #state: State = 'array';
  /** The brackets that are open inside the array. */
  #open: ('[' | '{')[] = [];
  #text = '';
  #tooLarge = false;
  #number = 0;
  #line = 1;
  /** What is left of a true, false or null; the state of a number; the hex digits of an escape. */
  #rest = '';
  #isKey = false;

  /** @param most UTF-16 units of an element that are kept; of a longer one nothing is */
  constructor(most: number, onElement: (element: JsonElement) => void) {
    this.#most = most;
    this.#onElement = onElement;
  }

  /** @throws FormatError */
  push(chunk: string): void {
    let at = 0;
    while (at < chunk.length) at = this.#state === 'string' ? this.#string(chunk, at) : this.#step(chunk, at);
    this.#position.chunkRead(chunk.length);
  }

  /** @throws FormatError where the array has no end */
  end(): void {
    if (this.#state !== 'end') throw new FormatError('json-unfinished', this.#position.at(0));
  }

  /** Reads one character; returns where the next is. */
  #step(chunk: string, at: number): number {
    const char = chunk.charAt(at);
    switch (this.#state) {
      case 'escape':
        this.#escape(char, chunk, at);
        return at + 1;
      case 'hex':
        this.#hex(char, chunk, at);
        return at + 1;
      case 'word':
        if (!this.#rest.startsWith(char)) this.#fail(chunk, at);
        this.#keep(char);
        this.#rest = this.#rest.slice(1);
        if (this.#rest === '') this.#endValue();
        return at + 1;
      case 'number':
        return this.#digit(char) ? at + 1 : this.#endNumber(chunk, at);
    }
    if (char === ' ' || char === '\t') return at + 1;
    if (char === '\n' || char === '\r') {
      this.#position.lineBreak(char.charCodeAt(0), at);
      return at + 1;
    }
    switch (this.#state) {
      case 'array':
        if (char !== '[') throw new FormatError('json-no-array', this.#position.at(at), chunk.charAt(at));
        this.#state = 'value-or-end';
        break;
      case 'value-or-end':
        if (char === ']') this.#close(char, chunk, at);
        else this.#value(char, chunk, at);
        break;
      case 'value':
        this.#value(char, chunk, at);
        break;
      case 'key-or-end':
      case 'key':
        if (char === '}' && this.#state === 'key-or-end') this.#close(char, chunk, at);
        else if (char === '"') this.#beginString(true);
        else this.#fail(chunk, at);
        break;
      case 'colon':
        if (char !== ':') this.#fail(chunk, at);
        this.#keep(char);
        this.#state = 'value';
        break;
      case 'after':
        if (char === ',') {
          if (this.#open.length > 0) this.#keep(char);
          this.#state = this.#open.at(-1) === '{' ? 'key' : 'value';
        } else this.#close(char, chunk, at);
        break;
      case 'end':
        throw new FormatError('json-after-end', this.#position.at(at), chunk.charAt(at));
    }
    return at + 1;
  }

  #value(char: string, chunk: string, at: number): void {
    if (this.#open.length === 0) {
      this.#number++;
      this.#line = this.#position.line;
      this.#text = '';
      this.#tooLarge = false;
    }
    const word = { t: 'true', f: 'false', n: 'null' }[char];
    if (char === '"') this.#beginString(false);
    else if (char === '[' || char === '{') {
      if (this.#open.length === DEPTH_AT_MOST) throw new FormatError('json-too-deep', this.#position.at(at));
      this.#keep(char);
      this.#open.push(char);
      this.#state = char === '[' ? 'value-or-end' : 'key-or-end';
    } else if (word) {
      this.#keep(char);
      this.#rest = word.slice(1);
      this.#state = 'word';
    } else if (char === '-' || isDigit(char)) {
      this.#keep(char);
      this.#rest = char === '-' ? 'minus' : char === '0' ? 'zero' : 'int';
      this.#state = 'number';
    } else this.#fail(chunk, at);
  }

  #close(char: string, chunk: string, at: number): void {
    const open = this.#open.at(-1);
    if (char !== (open === '{' ? '}' : ']')) this.#fail(chunk, at);
    if (open === undefined) {
      this.#state = 'end';
      return;
    }
    this.#keep(char);
    this.#open.pop();
    this.#endValue();
  }

  #endValue(): void {
    this.#state = 'after';
    if (this.#open.length > 0) return;
    this.#onElement({ text: this.#text, number: this.#number, line: this.#line, tooLarge: this.#tooLarge });
    this.#text = '';
  }

  /** An element that is a string is its text; inside another element it stays as it is written. */
  get #isText(): boolean {
    return this.#open.length === 0;
  }

  #beginString(isKey: boolean): void {
    this.#isKey = isKey;
    this.#state = 'string';
    if (!this.#isText) this.#keep('"');
  }

  /** Reads the plain characters of a string in one go. */
  #string(chunk: string, at: number): number {
    let to = at;
    let code = chunk.charCodeAt(to);
    while (to < chunk.length && code !== 0x22 && code !== 0x5c && code >= 0x20) {
      to++;
      code = chunk.charCodeAt(to);
    }
    if (to > at) this.#keep(chunk.slice(at, to));
    if (to === chunk.length) return to;
    if (code === 0x5c) {
      if (!this.#isText) this.#keep('\\');
      this.#state = 'escape';
    } else if (code === 0x22) {
      if (!this.#isText) this.#keep('"');
      if (this.#isKey) this.#state = 'colon';
      else this.#endValue();
    } else this.#fail(chunk, to);
    return to + 1;
  }

  #escape(char: string, chunk: string, at: number): void {
    if (char === 'u') {
      this.#rest = '';
      this.#state = 'hex';
      if (!this.#isText) this.#keep(char);
      return;
    }
    const meant = ESCAPES[char];
    if (meant === undefined) this.#fail(chunk, at);
    this.#keep(this.#isText ? (meant ?? '') : char);
    this.#state = 'string';
  }

  #hex(char: string, chunk: string, at: number): void {
    if (!/^[0-9a-fA-F]$/.test(char)) this.#fail(chunk, at);
    if (!this.#isText) this.#keep(char);
    this.#rest += char;
    if (this.#rest.length < 4) return;
    if (this.#isText) this.#keep(String.fromCharCode(Number.parseInt(this.#rest, 16)));
    this.#state = 'string';
  }

  #digit(char: string): boolean {
    const kind = char === 'E' ? 'e' : char === '+' || char === '-' ? 's' : char >= '1' && char <= '9' ? 'd' : char;
    const next = NUMBER[this.#rest]?.[kind];
    if (next === undefined) return false;
    this.#keep(char);
    this.#rest = next;
    return true;
  }

  #endNumber(chunk: string, at: number): number {
    if (!ENDS.has(this.#rest)) this.#fail(chunk, at);
    this.#endValue();
    return at;
  }

  #keep(piece: string): void {
    if (this.#tooLarge || this.#text.length + piece.length > this.#most) {
      this.#tooLarge = true;
      this.#text = '';
    } else this.#text += piece;
  }

  #fail(chunk: string, at: number): never {
    throw new FormatError('json-syntax', this.#position.at(at), chunk.charAt(at));
  }
}

const isDigit = (char: string) => char >= '0' && char <= '9';
