import type { Locator } from 'playwright-core';
import { type Dom, plain } from './dom.ts';
import type { Window } from './window.ts';

/** A row of one of VS Code's lists: a tree's, or a quick pick's. */
export interface Row {
  label: string;
  description: string;
  /** The second line of a quick pick's row. */
  detail: string;
  /** What a screen reader says: the tooltip or the label; ", has actions" is left out. */
  aria: string;
  /** 1 for a root. */
  level: number;
  /** undefined: has no children. */
  expanded: boolean | undefined;
  /** Of a quick pick with check boxes. */
  checked: boolean | undefined;
  selected: boolean;
  /** The name of the codicon, such as "warning". */
  icon: string | undefined;
  /** Its children are being fetched. */
  loading: boolean;
}

interface Drawn extends Row {
  index: number;
  last: boolean;
  /** Not cut off by an edge of the list. */
  complete: boolean;
}

// Runs in the page.
function readList(list: Dom): Drawn[] {
  const edges = list.getBoundingClientRect();
  const visibleText = (row: Dom, selector: string) =>
    [...row.querySelectorAll(selector)]
      .filter(element => element.checkVisibility())
      .map(element => element.textContent)
      .join('');
  const rows = [...list.querySelectorAll('.monaco-list-rows > .monaco-list-row')].map(row => {
    const main = row.querySelector('.quick-input-list-row') ?? row;
    const expanded = row.getAttribute('aria-expanded');
    const box = row.querySelector('.quick-input-list-checkbox, [role="checkbox"]');
    const icon = [...row.querySelectorAll('[class*="icon"]')]
      .map(element => / ?codicon-(?!tree-item|colored|modifier)([a-z-]+)/.exec(element.className)?.[1])
      .find(name => name !== undefined);
    const place = row.getBoundingClientRect();
    return {
      index: Number(row.getAttribute('data-index')),
      last: row.getAttribute('data-last-element') === 'true',
      complete: place.y >= edges.y - 0.1 && place.y + place.height <= edges.y + edges.height + 0.1,
      label: visibleText(main, '.monaco-icon-name-container .label-name, .monaco-icon-suffix-container .label-suffix'),
      description: visibleText(main, '.label-description'),
      detail: visibleText(row, '.quick-input-list-label-meta .label-name'),
      aria: row.getAttribute('aria-label') ?? '',
      level: Number(row.getAttribute('aria-level') ?? 1),
      expanded: expanded === null ? undefined : expanded === 'true',
      checked: box?.checkVisibility()
        ? (box.getAttribute('aria-checked') ?? row.getAttribute('aria-checked')) === 'true'
        : undefined,
      selected: row.getAttribute('aria-selected') === 'true',
      icon,
      loading: row.querySelector('.codicon-tree-item-loading') !== null,
    };
  });
  return rows.sort((a, b) => a.index - b.index);
}

/** All rows: scrolls through the list when it is longer than its view, and back to its beginning. */
export async function everyRow(window: Window, list: Locator): Promise<Row[]> {
  const found = new Map<number, Row>();
  await scrollThrough(window, list, rows => {
    for (const { index, last, complete, ...row } of rows) found.set(index, row);
    return false;
  });
  return [...found].sort(([a], [b]) => a - b).map(([, row]) => row);
}

/** Scrolls until a row that satisfies a condition is wholly in sight. @returns whether there is one */
export function bringInSight(window: Window, list: Locator, isIt: (row: Row) => boolean): Promise<boolean> {
  return scrollThrough(window, list, rows => rows.some(row => row.complete && isIt(row)));
}

/** Whether the children of an unfolded row are drawn, as far as there is room for them. */
export async function showsChildren(list: Locator, isIt: (row: Row) => boolean): Promise<boolean> {
  const rows = await look(list);
  const at = rows.findIndex(isIt);
  const [row, next] = [rows[at], rows[at + 1]];
  return row !== undefined && (next ? next.level > row.level : !row.last);
}

async function look(list: Locator): Promise<Drawn[]> {
  const rows: Drawn[] = await list.evaluate(readList as never);
  for (const row of rows) {
    row.label = plain(row.label);
    row.description = plain(row.description);
    row.detail = plain(row.detail);
    row.aria = plain(row.aria).replace(/, has actions$/, '');
  }
  return rows;
}

async function scrollThrough(window: Window, list: Locator, isEnough: (rows: Drawn[]) => boolean): Promise<boolean> {
  let rows = await look(list);
  const atTop = () => (rows[0]?.index ?? 0) === 0 && rows[0]?.complete !== false;
  const atEnd = () => rows.length === 0 || (rows.at(-1)?.last && rows.at(-1)?.complete);
  if (isEnough(rows)) return true;
  if (atTop() && atEnd()) return false;
  const box = await list.boundingBox();
  if (!box) return false;
  const scroll = async (pixels: number) => {
    const before = JSON.stringify(rows.map(row => [row.index, row.complete]));
    // Not by the mouse, whose wheel turns one notch whatever one asks for: VS Code scrolls 50 pixels for each 120.
    await list
      .locator('.monaco-scrollable-element')
      .first()
      .dispatchEvent('wheel', { wheelDeltaY: (-pixels * 120) / 50, bubbles: true, cancelable: true });
    rows = await window.wait('the list to scroll', async () => {
      const now = await look(list);
      return JSON.stringify(now.map(row => [row.index, row.complete])) !== before && now;
    });
  };
  while (!atTop()) await scroll(-100_000);
  while (!isEnough(rows)) {
    if (atEnd()) {
      while (!atTop()) await scroll(-100_000);
      return false;
    }
    await scroll(Math.max(30, box.height / 2));
  }
  return true;
}
