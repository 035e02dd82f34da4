import { element } from './element.ts';
import type { Line } from './line.ts';
import type { Words } from './words.ts';

/** The figures of one moment, each with the line that stands for it in the chart. */
export class Figures<S> {
  readonly root = element('dl', 'figures');
  readonly #words: Words;
  readonly #parts = new Map<Line<S>, { swatch: HTMLElement; value: HTMLElement }>();

  constructor(words: Words, lines: readonly Line<S>[]) {
    this.#words = words;
    for (const line of lines) {
      const swatch = element('span', `swatch ${line.key}`);
      const value = element('dd');
      this.#parts.set(line, { swatch, value });
      this.root.append(element('div', '', element('dt', '', swatch, line.name), value));
    }
  }

  /** @returns the colours and the stroke of a line as they are at this moment */
  style(line: Line<S>): CSSStyleDeclaration {
    return getComputedStyle(this.#parts.get(line)?.swatch ?? this.root);
  }

  show(sample: S | undefined): void {
    for (const [line, { value }] of this.#parts) {
      const text = sample ? this.#words.figure(line, sample) : '–';
      if (value.textContent !== text) value.textContent = text;
      value.classList.toggle('unknown', !sample || line.value(sample) === undefined);
    }
  }
}
