import type uPlot from 'uplot';
import { type QueueSample, SAMPLES_AT_MOST } from '../../../model/queueHistory.ts';
import type { ChartTexts, FromPage, ToPage } from '../protocol.ts';
import { element } from './element.ts';
import { Figures, Words } from './figures.ts';
import { makePlot, plotData } from './plot.ts';
import { Table } from './table.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

/** The shortest time (ms) that the chart is wide, and the longest: what is kept. */
const SHORTEST = 2 * 60_000;
const LONGEST = 60 * 60_000;
const DEPTH = ['ready', 'unacked'] as const;
const RATES = ['publish', 'deliver'] as const;

/** The chart of one queue: figures, two plots of the same time, and a table. */
class Chart {
  readonly #words: Words;
  readonly #figures: Figures;
  readonly #table: Table;
  readonly #moment = element('p', 'moment');
  readonly #status = element('p', 'status');
  readonly #noRates = element('p', 'no-rates');
  readonly #depthPlace = element('div', 'plot');
  readonly #ratesPlace = element('div', 'plot');
  readonly #ratesPart: HTMLElement;
  readonly #slider = element('div', 'plots');
  #plots: { plot: uPlot; lines: typeof DEPTH | typeof RATES }[] = [];
  #samples: readonly QueueSample[] = [];
  /** The sample whose figures are shown, by its time; undefined: the latest. */
  #at: number | undefined;
  /** The extension's clock less ours, which may be another machine's. */
  #clock = 0;

  constructor(texts: ChartTexts) {
    document.documentElement.lang = texts.language;
    this.#words = new Words(texts);
    this.#figures = new Figures(this.#words);
    this.#table = new Table(this.#words);
    this.#status.role = 'status';
    this.#ratesPart = element('section', '', element('h2', '', texts.rates), this.#ratesPlace);
    this.#slider.append(element('section', '', element('h2', '', texts.depth), this.#depthPlace), this.#ratesPart);
    this.#slider.tabIndex = 0;
    this.#slider.role = 'slider';
    this.#slider.ariaLabel = texts.moment;
    this.#slider.addEventListener('keydown', event => this.#onKey(event));
    this.#slider.addEventListener('blur', () => this.#choose(undefined));
    document.body.replaceChildren(
      element(
        'main',
        '',
        element('header', '', element('h1', '', texts.queue), element('p', 'broker', texts.broker), this.#moment),
        this.#status,
        this.#figures.root,
        this.#slider,
        this.#noRates,
        this.#table.root,
      ),
    );
    this.#makePlots();
    // The editor changes these when the person changes the theme.
    new MutationObserver(() => this.#makePlots()).observe(document.documentElement, { attributeFilter: ['style'] });
    const resized = new ResizeObserver(() => {
      for (const { plot } of this.#plots) {
        const place = plot.root.parentElement;
        if (place) plot.setSize({ width: place.clientWidth, height: place.clientHeight });
      }
    });
    resized.observe(this.#depthPlace);
    resized.observe(this.#ratesPlace);
    setInterval(() => this.#move(), 1000);
  }

  show({ samples, now, status, noRates }: ToPage): void {
    this.#clock = now - Date.now();
    this.#samples = [...this.#samples, ...samples].slice(-SAMPLES_AT_MOST);
    if (this.#status.textContent !== status) this.#status.textContent = status;
    if (this.#noRates.textContent !== noRates) {
      this.#noRates.textContent = noRates;
      const drawn = this.#samples.some(({ publish, deliver }) => publish !== undefined || deliver !== undefined);
      this.#ratesPart.hidden = noRates !== '' && !drawn;
      this.#makePlots();
    }
    this.#table.add(samples);
    this.#draw();
  }

  #makePlots(): void {
    for (const { plot } of this.#plots) plot.destroy();
    const common = {
      swatches: this.#figures.swatches,
      words: this.#words,
      onMoment: (index: number | undefined) => this.#onMouse(index),
    };
    const withRates = !this.#ratesPart.hidden;
    const depth = makePlot({ ...common, place: this.#depthPlace, lines: DEPTH, atLeast: 5, times: !withRates });
    this.#plots = [{ plot: depth, lines: DEPTH }];
    if (withRates) {
      const rates = makePlot({ ...common, place: this.#ratesPlace, lines: RATES, atLeast: 1, times: true });
      this.#plots.push({ plot: rates, lines: RATES });
    }
    this.#draw();
  }

  #draw(): void {
    for (const { plot, lines } of this.#plots) plot.setData(plotData(this.#samples, lines), false);
    this.#move();
    this.#showFigures();
  }

  // Time goes on where no samples come, and the line's end is left behind.
  #move(): void {
    const now = Date.now() + this.#clock;
    const first = this.#samples[0]?.at ?? now;
    const wide = Math.min(Math.max(now - first, SHORTEST), LONGEST);
    for (const { plot } of this.#plots) plot.setScale('x', { min: (now - wide) / 1000, max: now / 1000 });
    if (this.#at !== undefined && this.#slider.matches(':focus')) this.#point();
  }

  #showFigures(): void {
    const sample = this.#samples.find(({ at }) => at === this.#at) ?? this.#samples.at(-1);
    this.#figures.show(sample);
    const chosen = sample && sample.at === this.#at;
    const { now, lastSeen } = this.#words.texts;
    this.#moment.textContent = chosen ? this.#words.time(sample.at) : this.#status.textContent ? lastSeen : now;
    this.#moment.hidden = !sample;
    this.#slider.ariaValueMin = '1';
    this.#slider.ariaValueMax = String(this.#samples.length);
    this.#slider.ariaValueNow = String(sample ? this.#samples.indexOf(sample) + 1 : 1);
    this.#slider.ariaValueText = sample ? this.#words.sentence(sample) : this.#words.texts.unknown;
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
    for (const { plot } of this.#plots) {
      const left = this.#at === undefined ? -10 : plot.valToPos(this.#at / 1000, 'x');
      plot.setCursor({ left, top: this.#at === undefined ? -10 : 0 }, false);
    }
  }
}

let chart: Chart | undefined;
window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (data.texts) chart = new Chart(data.texts);
  chart?.show(data);
});
acquireVsCodeApi().postMessage('ready');
