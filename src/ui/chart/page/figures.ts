import type { QueueSample } from '../../../model/queueHistory.ts';
import type { ChartTexts } from '../protocol.ts';
import { element } from './element.ts';

/** The lines of the chart, in the order in which they are named. */
export const LINES = ['ready', 'unacked', 'publish', 'deliver'] as const;
export type Line = (typeof LINES)[number];

/** Numbers, times and unknown figures in the person's language. */
export class Words {
  readonly texts: ChartTexts;
  readonly #number: Intl.NumberFormat;
  readonly #compact: Intl.NumberFormat;

  constructor(texts: ChartTexts) {
    this.texts = texts;
    this.#number = new Intl.NumberFormat(texts.language, { maximumFractionDigits: 1 });
    this.#compact = new Intl.NumberFormat(texts.language, { notation: 'compact', maximumFractionDigits: 2 });
  }

  /** @returns "1,234", "35.2/s", "unknown" */
  figure(line: Line, value: number | undefined): string {
    if (value === undefined) return this.texts.unknown;
    const number = this.#number.format(value);
    return line === 'ready' || line === 'unacked' ? number : this.texts.perSecond.replace('{0}', number);
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
  sentence(sample: QueueSample): string {
    const figures = LINES.map(line => `${this.texts[line]} ${this.figure(line, sample[line])}`);
    return `${this.time(sample.at)}: ${figures.join(', ')}`;
  }
}

/** The figures of one moment, each with the line that stands for it in the chart. */
export class Figures {
  readonly root = element('dl', 'figures');
  readonly swatches: Record<Line, HTMLElement>;
  readonly #words: Words;
  readonly #values: Record<Line, HTMLElement>;

  constructor(words: Words) {
    this.#words = words;
    const each = <T>(make: (line: Line) => T) => ({
      ready: make('ready'),
      unacked: make('unacked'),
      publish: make('publish'),
      deliver: make('deliver'),
    });
    this.swatches = each(line => element('span', `swatch ${line}`));
    this.#values = each(() => element('dd'));
    for (const line of LINES) {
      const name = element('dt', '', this.swatches[line], words.texts[line]);
      this.root.append(element('div', '', name, this.#values[line]));
    }
  }

  show(sample: QueueSample | undefined): void {
    for (const line of LINES) {
      const value = this.#values[line];
      value.textContent = sample ? this.#words.figure(line, sample[line]) : '–';
      value.classList.toggle('unknown', sample?.[line] === undefined);
    }
  }
}
