import type { Locator } from 'playwright-core';
import { inPage, isLabel, type Label, literally, plain, textOf, whole } from './dom.ts';
import { hoverText } from './hover.ts';
import { bringInSight, everyRow, type Row, showsChildren } from './list.ts';
import { pickFromMenu } from './menu.ts';
import { leave, type Window } from './window.ts';

/**
 * Words for the views of the side bar. A view is named by the beginning of its title, a row by its label: a string
 * is the whole label, a RegExp a part of it.
 */
export function trees(window: Window) {
  const { page, wait, click } = window;

  const titles = () =>
    inPage(page, root => [...root.querySelectorAll('.pane-header h3.title')].map(title => title.textContent));

  async function pane(view: string): Promise<Locator> {
    const title = page.locator('.pane-header h3.title', { hasText: new RegExp(`^\\s*${literally(view)}`) });
    const found = page.locator('.pane', { has: title }).first();
    await wait(`the view "${view}"`, () => found.isVisible(), { instead: titles });
    const header = found.locator('.pane-header');
    if ((await header.getAttribute('aria-expanded')) === 'false') await click(header);
    return found;
  }

  const list = async (view: string) => (await pane(view)).locator('.monaco-list[role="tree"]');

  /** All rows that are unfolded, in their order. */
  async function treeRows(view: string): Promise<Row[]> {
    const rows = await list(view);
    return (await rows.isVisible()) ? everyRow(window, rows) : [];
  }

  /** Waits for a row, and until `where` is true of it. */
  async function treeRow(
    view: string,
    label: Label,
    { where = () => true, timeout }: { where?: (row: Row) => boolean; timeout?: number } = {},
  ): Promise<Row> {
    const isIt = (row: Row) => isLabel(row.label, label) && where(row);
    return wait(
      `the row ${label} of "${view}"${where.length > 0 ? ` with ${where}` : ''}`,
      async () => (await treeRows(view)).find(isIt),
      {
        timeout,
        instead: async () =>
          (await treeRows(view)).map(row => `${'  '.repeat(row.level - 1)}${row.label} | ${row.description}`),
      },
    );
  }

  async function rowElement(view: string, label: Label): Promise<Locator> {
    const rows = await list(view);
    await wait(
      `the row ${label} of "${view}"`,
      async () => (await rows.isVisible()) && bringInSight(window, rows, row => isLabel(row.label, label)),
      { instead: async () => (await treeRows(view)).map(row => row.label) },
    );
    return rows.locator('.monaco-list-row', { has: page.locator('.label-name', { hasText: whole(label) }) }).first();
  }

  async function setExpanded(view: string, label: Label, expanded: boolean): Promise<void> {
    const row = await rowElement(view, label);
    const rows = await list(view);
    const is = async () => (await row.getAttribute('aria-expanded')) === String(expanded);
    await wait(`the row ${label} to be ${expanded ? 'unfolded' : 'folded'}`, async () => {
      // A click is lost when the row is drawn anew in the same moment.
      if (!(await is())) await click(row.locator('.monaco-tl-twistie'));
      if (!(await is()) || (await row.locator('.codicon-tree-item-loading').count()) > 0) return false;
      // It is unfolded before its children are there, and is shown to be loading only after a while.
      return !expanded || showsChildren(rows, seen => isLabel(seen.label, label));
    });
  }

  return {
    /** Brings a container of the activity bar in front, by the beginning of its title. */
    async showContainer(title: string): Promise<void> {
      const label = page.locator(`a[aria-label^=${JSON.stringify(title)}]`);
      const item = page.locator('.activitybar .action-item', { has: label });
      await wait(`the activity bar to have "${title}"`, () => item.isVisible(), {
        instead: () =>
          inPage(page, root => [...root.querySelectorAll('.activitybar a')].map(a => a.getAttribute('aria-label'))),
      });
      // A click on the one that is in front would hide it.
      if (!(await item.getAttribute('class'))?.includes('checked')) await click(item);
      await wait(
        `"${title}" to be in front`,
        async () => (await item.getAttribute('class'))?.includes('checked') ?? false,
      );
    },
    treeRows,
    treeRow,
    /** Unfolds a row and waits for its children. */
    treeExpand: (view: string, label: Label) => setExpanded(view, label, true),
    treeCollapse: (view: string, label: Label) => setExpanded(view, label, false),
    /** Clicks a row, which runs its command; a row with children folds or unfolds. */
    async treeClick(view: string, label: Label): Promise<void> {
      await click(await rowElement(view, label));
    },
    /** Presses a button that shows when the mouse is over a row. */
    async treeAction(view: string, label: Label, action: string): Promise<void> {
      const row = await rowElement(view, label);
      await leave(page);
      await row.hover();
      const button = row.getByRole('button', { name: action, exact: true });
      await wait(`the row ${label} to have the button "${action}"`, () => button.isVisible(), {
        instead: () => row.getByRole('button').evaluateAll(buttons => buttons.map(button => button.ariaLabel)),
      });
      await button.click();
    },
    /** Picks from a row's context menu. */
    async treeContext(view: string, label: Label, item: string): Promise<void> {
      await click(await rowElement(view, label), { button: 'right' });
      await pickFromMenu(window, item);
    },
    /** What a row's tooltip says. */
    async treeHover(view: string, label: Label): Promise<string> {
      const name = (await rowElement(view, label)).locator('.label-name');
      const middle = async () => {
        const box = await wait(`the row ${label} to be in sight`, async () => (await name.boundingBox()) ?? undefined);
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      };
      const said = page.locator('.monaco-hover.workbench-hover .hover-contents');
      return hoverText(window, `the tooltip of the row ${label}`, middle, said);
    },
    /** Title, description beside it, and the message above the rows; each '' when there is none. */
    async viewTitle(view: string): Promise<{ title: string; description: string; message: string }> {
      const found = await pane(view);
      const [title, description, message] = await Promise.all([
        textOf(found.locator('h3.title')),
        textOf(found.locator('.pane-header .description')),
        textOf(found.locator('.pane-body .message')),
      ]);
      return { title, description, message };
    },
    /** Presses a button of a view's title, or picks it from the title's "…" menu. */
    async viewAction(view: string, action: string): Promise<void> {
      const header = (await pane(view)).locator('.pane-header');
      await leave(page);
      await header.hover();
      const button = header.getByRole('button', { name: action, exact: true });
      const more = header.getByRole('button', { name: 'More Actions...' });
      await wait(
        `the view "${view}" to have actions`,
        async () => (await button.isVisible()) || (await more.isVisible()),
      );
      if (await button.isVisible()) return button.click();
      await more.click();
      await pickFromMenu(window, action);
    },
    /** What an empty view says; undefined while it has rows. */
    async viewWelcome(view: string): Promise<{ text: string; buttons: string[] } | undefined> {
      const welcome = (await pane(view)).locator('.welcome-view-content');
      if (!(await welcome.isVisible())) return undefined;
      const buttons = await welcome.locator('.monaco-button').allInnerTexts();
      const text = await welcome.locator('p').allInnerTexts();
      return { text: text.map(plain).join('\n'), buttons: buttons.map(plain) };
    },
    /** Presses a button or a link of an empty view. */
    async viewWelcomeClick(view: string, name: string): Promise<void> {
      const welcome = (await pane(view)).locator('.welcome-view-content');
      const target = welcome.locator('a', { hasText: whole(name) }).first();
      await wait(`the empty view "${view}" to offer "${name}"`, () => target.isVisible(), {
        instead: () => welcome.allInnerTexts(),
      });
      await click(target);
    },
  };
}
