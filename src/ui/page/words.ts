import type { TimelineTexts } from '../timelineTexts.ts';
import type { Line } from './line.ts';

/** Numbers, times and unknown figures in the person's language. */
export class Words {
  readonly texts: TimelineTexts;
  readonly #number: Intl.NumberFormat;
  readonly #compact: Intl.NumberFormat;

  constructor(texts: TimelineTexts) {
    this.texts = texts;
    this.#number = new Intl.NumberFormat(texts.language, { maximumFractionDigits: 1 });
    this.#compact = new Intl.NumberFormat(texts.language, { notation: 'compact', maximumFractionDigits: 2 });
  }

  /** @returns "1,234", "35.2/s", "unknown" */
  figure<S>({ unit = '{0}', value }: Line<S>, sample: S): string {
    const known = value(sample);
    return known === undefined ? this.texts.unknown : unit.replace('{0}', this.#number.format(known));
  }

  /** @returns the numbers of an axis, "1,234" or, from 10,000 on, "12K" */
  ticks(values: number[]): string[] {
    const format = Math.max(...values) < 10_000 ? this.#number : this.#compact;
    return values.map(value => format.format(value));
  }

  /** @param at ms since the epoch */
  time(at: number, seconds = true): string {
    const time = new Date(at);
    const parts = [time.getHours(), time.getMinutes(), ...(seconds ? [time.getSeconds()] : [])];
    return parts.map(part => String(part).padStart(2, '0')).join(':');
  }

  /** @returns "13:04:22: Ready 12, Unacked unknown, …" */
  sentence<S extends { at: number }>(lines: readonly Line<S>[], sample: S): string {
    const figures = lines.map(line => `${line.name} ${this.figure(line, sample)}`);
    return `${this.time(sample.at)}: ${figures.join(', ')}`;
  }
}
