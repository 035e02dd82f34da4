import { type QueueSample, SAMPLES_AT_MOST } from '../../../model/queueHistory.ts';
import { element } from '../../page/element.ts';
import { Timeline } from '../../page/timeline.ts';
import { Words } from '../../page/words.ts';
import type { ChartTexts, FromPage, ToPage } from '../protocol.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

/** The times (ms) that the chart is wide; the longest is what is kept. */
const WIDTH = { shortest: 2 * 60_000, longest: 60 * 60_000 };
const RATES = 1;

/** The chart of one queue: figures, two plots of the same time, and a table. */
class Chart {
  readonly #timeline: Timeline<QueueSample>;
  readonly #status = element('p', 'status');
  readonly #noRates = element('p', 'no-rates');
  #samples: readonly QueueSample[] = [];

  constructor(texts: ChartTexts) {
    document.documentElement.lang = texts.language;
    const line = (key: 'ready' | 'unacked' | 'publish' | 'deliver', unit?: string) => ({
      key,
      name: texts[key],
      value: (sample: QueueSample) => sample[key],
      unit,
    });
    this.#timeline = new Timeline(
      new Words(texts),
      [
        { title: texts.depth, lines: [line('ready'), line('unacked')], atLeast: 5 },
        { title: texts.rates, lines: [line('publish', texts.perSecond), line('deliver', texts.perSecond)], atLeast: 1 },
      ],
      WIDTH,
    );
    const { moment, figures, plots, table } = this.#timeline;
    this.#status.role = 'status';
    document.body.replaceChildren(
      element(
        'main',
        '',
        element('header', '', element('h1', '', texts.queue), element('p', 'broker', texts.broker), moment),
        this.#status,
        figures.root,
        plots,
        this.#noRates,
        table.root,
      ),
    );
    this.#timeline.restyle();
  }

  show({ samples, now, status, noRates }: ToPage): void {
    this.#samples = [...this.#samples, ...samples].slice(-SAMPLES_AT_MOST);
    if (this.#status.textContent !== status) this.#status.textContent = status;
    if (this.#noRates.textContent !== noRates) {
      this.#noRates.textContent = noRates;
      const drawn = this.#samples.some(({ publish, deliver }) => publish !== undefined || deliver !== undefined);
      this.#timeline.hide(RATES, noRates !== '' && !drawn);
    }
    this.#timeline.table.add(samples);
    this.#timeline.show(this.#samples, now, { isOld: status !== '' });
  }
}

let chart: Chart | undefined;
window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (data.texts) chart = new Chart(data.texts);
  chart?.show(data);
});
acquireVsCodeApi().postMessage('ready');
