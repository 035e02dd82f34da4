import { FormatError } from './formatError.ts';
import { Position } from './position.ts';

const QUOTE = 0x22;
const FEED = 0x0a;
const RETURN = 0x0d;
/** UTF-16 units of a header that are read: a file without line breaks must not be held in memory as one. */
const HEADER_AT_MOST = 1024 * 1024;

/**
 * Cuts CSV (RFC 4180) that comes in chunks, cut anywhere, into records and keeps one field of each. A quote inside a
 * field that does not begin with one is text, as spreadsheets read it. A quoted field may have line breaks.
 */
export class CsvReader {
  readonly #separator: number;
  readonly #most: number;
  readonly #onRecord: (record: CsvRecord) => void;
  readonly #position = new Position();
  #state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  #wanted: number | 'all' = 'all';
  #index = 0;
  #field = '';
  #tooLarge = false;
  #fields: string[] = [];
  #header = 0;
  #value: string | undefined;
  #valueTooLarge = false;
  #quotedAny = false;
  #recordLine = 1;
  #opened = { line: 1, column: 1 };

  /**
   * @param o.separator one character
   * @param o.most UTF-16 units of a field that are kept; of a longer one nothing is
   */
  constructor(o: { separator: string; most: number; onRecord: (record: CsvRecord) => void }) {
    this.#separator = o.separator.charCodeAt(0);
    this.#most = o.most;
    this.#onRecord = o.onRecord;
  }

  /** Has the records to come keep only the field at an index from 0; before that they have all. */
  keep(index: number): void {
    this.#wanted = index;
  }

  /** @throws FormatError */
  push(chunk: string): void {
    let from = 0; // start of the field's text that is not held yet
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      if (this.#state === 'quoted') {
        if (code === QUOTE) {
          this.#hold(chunk, from, at);
          this.#state = 'quote';
        } else if (code === FEED || code === RETURN) this.#position.lineBreak(code, at);
        continue;
      }
      if (code === this.#separator) {
        if (this.#state === 'plain') this.#hold(chunk, from, at);
        this.#endField();
        from = at + 1;
      } else if (code === FEED || code === RETURN) {
        if (this.#state === 'plain') this.#hold(chunk, from, at);
        if (this.#position.lineBreak(code, at)) this.#endRecord();
        this.#recordLine = this.#position.line;
        from = at + 1;
      } else if (this.#state === 'quote') {
        if (code !== QUOTE) throw new FormatError('csv-after-quote', this.#position.at(at), chunk.charAt(at));
        // A doubled quote is one quote: the second begins the text that follows.
        from = at;
        this.#state = 'quoted';
      } else if (this.#state === 'start') {
        if (code === QUOTE) {
          this.#opened = this.#position.at(at);
          this.#quotedAny = true;
          this.#state = 'quoted';
          from = at + 1;
        } else {
          this.#state = 'plain';
          from = at;
        }
      }
    }
    if (this.#state === 'plain' || this.#state === 'quoted') this.#hold(chunk, from, chunk.length);
    this.#position.chunkRead(chunk.length);
  }

  /** @throws FormatError where a quoted field is still open */
  end(): void {
    if (this.#state === 'quoted') throw new FormatError('csv-open-quote', this.#opened);
    if (this.#state !== 'start' || this.#index > 0) this.#endRecord();
  }

  #hold(chunk: string, from: number, to: number): void {
    if (this.#wanted !== 'all' && this.#wanted !== this.#index) return;
    if (this.#tooLarge || this.#field.length + to - from > this.#most) {
      this.#tooLarge = true;
      this.#field = '';
    } else this.#field += chunk.slice(from, to);
  }

  #endField(): void {
    if (this.#wanted === 'all') {
      this.#header += this.#field.length + 1;
      if (this.#header <= HEADER_AT_MOST) this.#fields.push(this.#field);
    } else if (this.#wanted === this.#index) {
      this.#value = this.#field;
      this.#valueTooLarge = this.#tooLarge;
    }
    this.#index++;
    this.#field = '';
    this.#tooLarge = false;
    this.#state = 'start';
  }

  #endRecord(): void {
    const empty = this.#index === 0 && this.#state === 'start' && !this.#quotedAny;
    this.#endField();
    this.#onRecord({
      line: this.#recordLine,
      empty,
      fields: this.#fields,
      value: this.#value,
      tooLarge: this.#valueTooLarge,
    });
    this.#index = 0;
    this.#fields = [];
    this.#header = 0;
    this.#value = undefined;
    this.#valueTooLarge = false;
    this.#quotedAny = false;
  }
}

export interface CsvRecord {
  /** The line on which it begins, from 1. */
  line: number;
  /** A line with nothing on it. */
  empty: boolean;
  /** All fields, before keep() has named one. */
  fields: string[];
  /** The field that keep() named; undefined where the record ends before it. */
  value: string | undefined;
  /** The field was too long to be kept. */
  tooLarge: boolean;
}
