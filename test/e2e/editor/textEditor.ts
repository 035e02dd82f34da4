import { basename, isAbsolute, join } from 'node:path';
import { type Dom, hasText, inPage, type Label, plain, textOf, whole } from './dom.ts';
import { hoverText } from './hover.ts';
import { pickFromMenu } from './menu.ts';
import { leave, type Window } from './window.ts';

export interface Tab {
  name: string;
  active: boolean;
  /** Has changes that are not saved. */
  dirty: boolean;
}

const active = '.editor-group-container.active';

// Runs in the page: the middle of a text in the active editor.
function placeOf(root: Dom, { editor, text }: { editor: string; text: string }): { x: number; y: number } | undefined {
  for (const line of root.querySelectorAll(`${editor} .view-line`)) {
    const start = line.textContent.replaceAll('\u00a0', ' ').indexOf(text);
    if (start < 0) continue;
    const showText = 4;
    const walker = root.ownerDocument.createTreeWalker(line, showText);
    const range = root.ownerDocument.createRange();
    let passed = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const end = passed + node.textContent.length;
      if (start >= passed && start < end) range.setStart(node, start - passed);
      if (start + text.length > passed && start + text.length <= end) {
        range.setEnd(node, start + text.length - passed);
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      passed = end;
    }
  }
  return undefined;
}

/** Words for files, tabs and the text editor that is active. */
export function textEditor(window: Window) {
  const { page, wait, click } = window;
  const codeLens = page.locator(`${active} .codelens-decoration a`);

  const tabs = async (): Promise<Tab[]> => {
    const seen = await inPage(page, root =>
      [...root.querySelectorAll('.tabs-container .tab')].map(tab => ({
        name: tab.getAttribute('data-resource-name') ?? '',
        classes: tab.className.split(' '),
      })),
    );
    return seen.map(({ name, classes }) => ({
      name,
      active: classes.includes('active'),
      dirty: classes.includes('dirty'),
    }));
  };

  const focus = () =>
    page.locator(`${active} .monaco-editor`).locator('.native-edit-context, textarea.inputarea').first().focus();

  async function activeTab(name: Label): Promise<void> {
    await wait(
      `the editor "${name}" to be active`,
      async () => (await tabs()).some(tab => tab.active && hasText(tab.name, name)),
      { instead: tabs },
    );
  }

  /** "Ln 5, Col 1 (18 selected)" */
  const selection = async () => textOf(page.locator('[id="status.editor.selection"]'));

  async function goTo(line: number, column = 1): Promise<void> {
    await focus();
    await page.keyboard.press('Control+g');
    const box = page.locator('.quick-input-widget input.input').first();
    await wait('the box for the line number', () => box.isVisible());
    await box.fill(`:${line}:${column}`);
    await box.press('Enter');
    await wait(`the cursor on line ${line}`, async () => (await selection()).startsWith(`Ln ${line}, Col ${column}`), {
      instead: selection,
    });
    await focus();
  }

  const place = (text: string) =>
    wait(`the text "${text}" in the editor`, () => inPage(page, placeOf, { editor: active, text }));

  return {
    tabs,
    /** Opens a file of the folder, or one by its absolute path, and waits until it is drawn. */
    async openFile(path: string): Promise<void> {
      const file = isAbsolute(path) ? path : join(window.folder(), path);
      const name = basename(file);
      await leave(page);
      await page.keyboard.press('Control+p');
      const box = page.locator('.quick-input-widget input.input').first();
      const row = page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
      await wait('the box for the file name', () => box.isVisible());
      await box.fill(file);
      await wait(`the file ${file} to be found`, () => row.isVisible());
      await row.click();
      await activeTab(name);
      await wait(`${name} to be drawn`, () => page.locator(`${active} .view-line`).first().isVisible());
    },
    /** Waits until an editor is the active one; a string is a part of its tab's name. */
    activeTab,
    async closeAllTabs(): Promise<void> {
      await page.keyboard.press('Control+k');
      await page.keyboard.press('Control+w');
      await wait('all editors to be closed', async () => (await tabs()).length === 0, { instead: tabs });
    },
    selection,
    goTo,
    /** Selects whole lines, from the beginning of the first to the end of the last. Lines count from 1. */
    async selectLines(from: number, to: number): Promise<void> {
      await goTo(from);
      await page.keyboard.press('Control+k');
      await page.keyboard.press('Control+b');
      await goTo(to);
      await page.keyboard.press('End');
      await page.keyboard.press('Control+k');
      await page.keyboard.press('Control+k');
      await wait(`lines ${from} to ${to} to be selected`, async () => / selected/.test(await selection()), {
        instead: selection,
      });
    },
    /** Types at the cursor. */
    async typeText(text: string): Promise<void> {
      await focus();
      await page.keyboard.insertText(text);
    },
    async saveFile(): Promise<void> {
      await focus();
      await page.keyboard.press('Control+s');
      await wait('the file to be saved', async () => (await tabs()).every(tab => !tab.active || !tab.dirty), {
        instead: tabs,
      });
    },
    /** The whole text of the active editor, saved or not; by way of the clipboard, so the selection changes. */
    async editorText(): Promise<string> {
      const nothing = `nothing copied ${Math.random()}`;
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(nothing)})`);
      await focus();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Control+c');
      return wait('the text to be copied', async () => {
        const text = String(await page.evaluate('navigator.clipboard.readText()'));
        return text !== nothing && text.replaceAll('\r\n', '\n');
      });
    },
    /** Picks from the context menu of the selection, or of the cursor when nothing is selected. */
    async editorContext(...path: string[]): Promise<void> {
      await focus();
      // Not by the mouse: VS Code misses the right button's release, and shows no hovers until the next click.
      await page.keyboard.press('Shift+F10');
      await pickFromMenu(window, ...path);
    },
    /** Presses a button at the right end of the tabs. */
    async editorAction(name: string): Promise<void> {
      const button = page.locator(`${active} .editor-actions a[aria-label^=${JSON.stringify(name)}]`);
      await wait(`the editor to have the button "${name}"`, () => button.isVisible(), {
        instead: () =>
          inPage(page, root =>
            [...root.querySelectorAll('.editor-actions a.action-label')].map(action =>
              action.getAttribute('aria-label'),
            ),
          ),
      });
      await click(button);
    },
    /** The CodeLenses in sight, from top to bottom. */
    async codeLenses(): Promise<string[]> {
      return (
        await inPage(
          page,
          (root, group) => {
            const groups = [...root.querySelectorAll(`${group} .codelens-decoration`)];
            const y = (element: Dom) => element.getBoundingClientRect().y;
            groups.sort((a, b) => y(a) - y(b));
            return groups.flatMap(lens =>
              [...lens.querySelectorAll('a, span')]
                .filter(part => !/^\s*\|\s*$/.test(part.textContent))
                .map(part => part.textContent),
            );
          },
          active,
        )
      )
        .map(plain)
        .filter(text => text !== '');
    },
    /** Waits for a CodeLens. @returns its whole text */
    async codeLens(text: Label, { timeout }: { timeout?: number } = {}): Promise<string> {
      const lens = page.locator(`${active} .codelens-decoration`).locator('a, span', { hasText: text }).first();
      await wait(`the CodeLens ${text}`, () => lens.isVisible(), {
        timeout,
        instead: () => page.locator(`${active} .codelens-decoration`).allInnerTexts(),
      });
      return await textOf(lens);
    },
    async clickCodeLens(text: Label): Promise<void> {
      const lens = codeLens.filter({ hasText: text }).first();
      await wait(`the CodeLens ${text}`, () => lens.isVisible(), { instead: () => codeLens.allInnerTexts() });
      await click(lens);
    },
    /**
     * What the hover over a text of the editor says: diagnostics and hover providers.
     * @param part what has to be among it
     */
    async hover(text: string, part?: RegExp): Promise<string> {
      const said = page.locator('.monaco-hover:not(.workbench-hover) .hover-row:not(.status-bar)');
      return hoverText(window, `the hover over "${text}"`, () => place(text), said, part);
    },
    /** Picks from the quick fixes of a line. */
    async quickFix(line: number, title: Label): Promise<void> {
      await goTo(line);
      const rows = page.locator('.action-widget .monaco-list-row.action .title');
      const fix = rows.filter({ hasText: whole(title) }).first();
      await wait(
        `the quick fix ${title} on line ${line}`,
        async () => {
          // The list is made once, from what the extension knew at that moment.
          if (!(await rows.first().isVisible())) await page.keyboard.press('Control+.');
          else if (!(await fix.isVisible())) await page.keyboard.press('Escape');
          return fix.isVisible();
        },
        { instead: () => rows.allInnerTexts() },
      );
      await click(fix);
    },
  };
}
