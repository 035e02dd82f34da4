import { element } from '../../page/element.ts';
import { headRow } from '../../page/table.ts';
import type { DashboardTexts, EventsCard, FindingCard, FromPage, StartUpCard } from '../protocol.ts';

/** Shows the findings. @param send undefined on a saved page, where nothing can be done */
export function showFindings(
  place: HTMLElement,
  texts: DashboardTexts,
  findings: readonly FindingCard[],
  send: ((message: FromPage) => void) | undefined,
): void {
  const focused = document.activeElement?.getAttribute('data-remedy');
  const cards = findings.map(finding => {
    const remedies = finding.remedies.map(({ label, action }) => {
      if (!send || !action) return element('li', '', label);
      const button = element('button', '', label);
      button.dataset.remedy = `${finding.code} ${action}`;
      button.addEventListener('click', () => send({ kind: 'remedy', code: finding.code, action }));
      return element('li', 'with-button', button);
    });
    return element(
      'article',
      finding.severity,
      element('h3', '', element('span', 'severity', finding.severityWord), ' ', finding.title),
      element('p', '', finding.why),
      ...(remedies.length > 0 ? [element('ul', 'remedies', ...remedies)] : []),
    );
  });
  const shown = cards.length > 0 ? cards : [element('p', 'quiet', texts.noFindings)];
  place.replaceChildren(element('h2', '', texts.findings), ...shown);
  // A finding that changes its numbers must not take the focus away.
  for (const button of place.querySelectorAll<HTMLButtonElement>('[data-remedy]')) {
    if (button.dataset.remedy === focused) button.focus();
  }
}

/** Shows start-up against work: a bar, its words, and the advice. */
export function showStartUp(place: HTMLElement, texts: DashboardTexts, { bars, sentences }: StartUpCard): void {
  const bar = element('div', 'bar');
  bar.ariaHidden = 'true';
  for (const { key, length } of bars) {
    const part = element('div', `part ${key}`);
    part.style.flexGrow = String(Math.max(length, 1));
    bar.append(part);
  }
  const names = bars.map(({ key, name, words }) =>
    element('div', '', element('dt', '', element('span', `swatch ${key}`), name), element('dd', '', words)),
  );
  place.replaceChildren(
    element('h2', '', texts.startUp),
    ...(bars.length > 0 ? [bar, element('dl', 'figures small', ...names)] : []),
    ...sentences.map(sentence => element('p', '', sentence)),
  );
}

/** Shows the last events as a table. */
export function showEvents(place: HTMLElement, texts: DashboardTexts, { rows, note }: EventsCard): void {
  const head = headRow([texts.time, texts.object, texts.reason, texts.message]);
  const body = rows.map(({ time, object, reason, message, warning }) =>
    element('tr', warning ? 'warning' : '', ...[time, object, reason, message].map(text => element('td', '', text))),
  );
  const table = element('table', '', head, element('tbody', '', ...body));
  place.replaceChildren(element('h2', '', texts.events), rows.length > 0 ? table : element('p', 'quiet', note));
}
