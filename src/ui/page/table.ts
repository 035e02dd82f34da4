import { element } from './element.ts';
import type { Line } from './line.ts';
import type { Words } from './words.ts';

const ROWS_AT_MOST = 30;

/** The names of a table's columns. */
export function headRow(names: readonly string[]): HTMLElement {
  const heads = names.map(name => {
    const head = element('th', '', name);
    head.scope = 'col';
    return head;
  });
  return element('thead', '', element('tr', '', ...heads));
}

/** The latest samples as a table, newest first, for those who read numbers rather than lines. */
export class Table<S extends { at: number }> {
  readonly root: HTMLElement;
  readonly #words: Words;
  readonly #lines: readonly Line<S>[];
  readonly #body = element('tbody');

  constructor(words: Words, lines: readonly Line<S>[]) {
    this.#words = words;
    this.#lines = lines;
    const { texts } = words;
    const table = element('table', '', headRow([texts.time, ...lines.map(line => line.name)]), this.#body);
    this.root = element('details', '', element('summary', '', texts.table), table);
  }

  // Rows are added above those that are there, so that a screen reader's place among them stays.
  add(samples: readonly S[]): void {
    for (const sample of samples.slice(-ROWS_AT_MOST)) {
      if (this.#lines.every(line => line.value(sample) === undefined)) continue;
      const cells = this.#lines.map(line => element('td', '', this.#words.figure(line, sample)));
      this.#body.prepend(element('tr', '', element('td', '', this.#words.time(sample.at)), ...cells));
    }
    while (this.#body.rows.length > ROWS_AT_MOST) this.#body.deleteRow(-1);
  }
}
