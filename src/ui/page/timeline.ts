import type uPlot from 'uplot';
import { element } from './element.ts';
import { Figures } from './figures.ts';
import type { Line } from './line.ts';
import { makePlot, plotData } from './plot.ts';
import { Table } from './table.ts';
import type { Words } from './words.ts';

/** A plot of a timeline. */
export interface PlotPart<S> {
  title: string;
  lines: readonly Line<S>[];
  /** As in PlotOptions. */
  atLeast: number;
}

/** Plots of the same time below each other, with the figures of a moment that mouse or keys choose, and as a table. */
export class Timeline<S extends { at: number }> {
  readonly figures: Figures<S>;
  readonly plots = element('div', 'plots');
  readonly moment = element('p', 'moment');
  readonly table: Table<S>;
  readonly #words: Words;
  readonly #lines: readonly Line<S>[];
  readonly #parts: { part: PlotPart<S>; section: HTMLElement; place: HTMLElement; plot: uPlot | undefined }[];
  readonly #width: { shortest: number; longest: number };
  #samples: readonly S[] = [];
  /** The sample whose figures are shown, by its time; undefined: the latest. */
  #at: number | undefined;
  /** The extension's clock less ours, which may be another machine's. */
  #clock = 0;
  #end: number | undefined;
  #isOld = false;
  #frame: number | undefined;

  /** @param width the shortest and the longest time (ms) that is drawn */
  constructor(words: Words, parts: readonly PlotPart<S>[], width: { shortest: number; longest: number }) {
    this.#words = words;
    this.#width = width;
    this.#lines = parts.flatMap(({ lines }) => lines);
    this.figures = new Figures(words, this.#lines);
    this.table = new Table(words, this.#lines);
    const resized = new ResizeObserver(() => this.#resize());
    this.#parts = parts.map(part => {
      const place = element('div', 'plot');
      resized.observe(place);
      return { part, place, section: element('section', '', element('h2', '', part.title), place), plot: undefined };
    });
    this.plots.append(...this.#parts.map(({ section }) => section));
    this.plots.tabIndex = 0;
    this.plots.role = 'slider';
    this.plots.ariaLabel = words.texts.moment;
    this.plots.addEventListener('keydown', event => this.#onKey(event));
    this.plots.addEventListener('blur', () => this.#choose(undefined));
    // The editor changes these when the person changes the theme.
    new MutationObserver(() => this.restyle()).observe(document.documentElement, { attributeFilter: ['style'] });
    setInterval(() => this.#drawSoon(), 1000);
  }

  /**
   * Takes samples in.
   * @param now what the clock of the samples says
   * @param o.end where the time ends; undefined: it goes on
   * @param o.isOld whether the figures are those of before
   */
  show(samples: readonly S[], now: number, o: { end?: number; isOld?: boolean } = {}): void {
    this.#samples = samples;
    this.#clock = now - Date.now();
    this.#end = o.end;
    this.#isOld = o.isOld ?? false;
    this.#drawSoon();
  }

  hide(index: number, hidden: boolean): void {
    const part = this.#parts[index];
    if (!part || part.section.hidden === hidden) return;
    part.section.hidden = hidden;
    this.restyle();
  }

  /** Makes the plots anew: they take their colours from the page when they are made. */
  restyle(): void {
    const shown = this.#parts.filter(({ section }) => !section.hidden);
    for (const one of this.#parts) {
      one.plot?.destroy();
      one.plot = shown.includes(one)
        ? makePlot({
            ...one.part,
            place: one.place,
            figures: this.figures,
            words: this.#words,
            times: one === shown.at(-1),
            onMoment: index => this.#onMouse(index),
          })
        : undefined;
    }
    this.#draw();
  }

  /** What is drawn, for a picture of it. */
  get canvases(): { title: string; canvas: HTMLCanvasElement }[] {
    return this.#parts.flatMap(({ part, plot }) => (plot ? [{ title: part.title, canvas: plot.ctx.canvas }] : []));
  }

  get #live(): uPlot[] {
    return this.#parts.flatMap(({ plot }) => plot ?? []);
  }

  // However much comes in, once a frame.
  #drawSoon(): void {
    this.#frame ??= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    for (const { plot, part } of this.#parts) plot?.setData(plotData(this.#samples, part.lines), false);
    this.#move();
    this.#showFigures();
  }

  // Time goes on where no samples come, and the line's end is left behind.
  #move(): void {
    const now = this.#end ?? Date.now() + this.#clock;
    const first = this.#samples[0]?.at ?? now;
    const wide = Math.min(Math.max(now - first, this.#width.shortest), this.#width.longest);
    for (const plot of this.#live) plot.setScale('x', { min: (now - wide) / 1000, max: now / 1000 });
    if (this.#at !== undefined && this.plots.matches(':focus')) this.#point();
  }

  #resize(): void {
    for (const { plot, place } of this.#parts) {
      if (plot) plot.setSize({ width: place.clientWidth, height: place.clientHeight });
    }
  }

  #showFigures(): void {
    const sample = this.#samples.find(({ at }) => at === this.#at) ?? this.#samples.at(-1);
    this.figures.show(sample);
    const chosen = sample && sample.at === this.#at;
    const { now, lastSeen, unknown } = this.#words.texts;
    this.moment.textContent = chosen ? this.#words.time(sample.at) : this.#isOld ? lastSeen : now;
    this.moment.hidden = !sample;
    this.plots.ariaValueMin = '1';
    this.plots.ariaValueMax = String(this.#samples.length);
    this.plots.ariaValueNow = String(sample ? this.#samples.indexOf(sample) + 1 : 1);
    this.plots.ariaValueText = sample ? this.#words.sentence(this.#lines, sample) : unknown;
  }

  #choose(at: number | undefined): void {
    this.#at = at;
    this.#point();
    this.#showFigures();
  }

  #onMouse(index: number | undefined): void {
    const at = index === undefined ? undefined : this.#samples[index]?.at;
    if (at === this.#at) return;
    this.#at = at;
    this.#showFigures();
  }

  #onKey(event: KeyboardEvent): void {
    const last = this.#samples.length - 1;
    const found = this.#samples.findIndex(({ at }) => at === this.#at);
    const from = found < 0 ? last : found;
    const to = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      Home: 0,
      End: last,
      PageUp: from - 15,
      PageDown: from + 15,
    }[event.key];
    if (event.key === 'Escape') this.#choose(undefined);
    else if (to !== undefined) this.#choose(this.#samples[Math.min(Math.max(to, 0), last)]?.at);
    else return;
    event.preventDefault();
  }

  /** Sets the plots' cursors to the chosen moment, or takes them away. */
  #point(): void {
    for (const plot of this.#live) {
      const left = this.#at === undefined ? -10 : plot.valToPos(this.#at / 1000, 'x');
      plot.setCursor({ left, top: this.#at === undefined ? -10 : 0 }, false);
    }
  }
}
