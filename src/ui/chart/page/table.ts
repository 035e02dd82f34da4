import type { QueueSample } from '../../../model/queueHistory.ts';
import { element } from './element.ts';
import { LINES, type Words } from './figures.ts';

const ROWS_AT_MOST = 30;

/** The latest samples as a table, newest first, for those who read numbers rather than lines. */
export class Table {
  readonly root: HTMLElement;
  readonly #words: Words;
  readonly #body = element('tbody');

  constructor(words: Words) {
    this.#words = words;
    const { texts } = words;
    const heads = [texts.time, ...LINES.map(line => texts[line])].map(text => {
      const head = element('th', '', text);
      head.scope = 'col';
      return head;
    });
    const table = element('table', '', element('thead', '', element('tr', '', ...heads)), this.#body);
    this.root = element('details', '', element('summary', '', texts.table), table);
  }

  // Rows are added above those that are there, so that a screen reader's place among them stays.
  add(samples: readonly QueueSample[]): void {
    for (const sample of samples.slice(-ROWS_AT_MOST)) {
      if (LINES.every(line => sample[line] === undefined)) continue;
      const cells = LINES.map(line => element('td', '', this.#words.figure(line, sample[line])));
      this.#body.prepend(element('tr', '', element('td', '', this.#words.time(sample.at)), ...cells));
    }
    while (this.#body.rows.length > ROWS_AT_MOST) this.#body.deleteRow(-1);
  }
}
