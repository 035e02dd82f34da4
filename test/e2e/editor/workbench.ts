import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Dom, inPage, type Label, plain } from './dom.ts';
import { leave, type Window } from './window.ts';

export interface Diagnostic {
  file: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  source: string;
  code: string;
  line: number;
  column: number;
}

export const screenshotFolder = join(import.meta.dirname, '../screenshots');

/** Words for the panel (problems, terminal, output), the status bar and pictures. */
export function workbench(window: Window) {
  const { page, wait, click } = window;

  async function showPanel(name: string, shortcut: string): Promise<void> {
    const tab = page.locator('.part.panel .composite-bar .action-item', { hasText: name });
    const isInFront = async () => (await tab.isVisible()) && (await tab.getAttribute('class'))?.includes('checked');
    if (await isInFront()) return;
    await leave(page);
    if (await tab.isVisible()) await tab.click();
    else await page.keyboard.press(shortcut);
    await wait(`the panel "${name}"`, async () => (await isInFront()) ?? false);
  }

  async function terminalText(): Promise<string> {
    const rows = await inPage(page, root =>
      [...root.querySelectorAll('.terminal-wrapper.active .xterm-rows > div')].map(row => {
        const text = row.textContent;
        const span = row.querySelector('span');
        const width = span?.textContent ? span.getBoundingClientRect().width / span.textContent.length : 0;
        return { text, full: width > 0 && (text.length + 1) * width > row.getBoundingClientRect().width };
      }),
    );
    return rows
      .map(({ text, full }) => plainKeepingEnd(text) + (full ? '' : '\n'))
      .join('')
      .trim();
  }

  return {
    /** The problems of all files, read in the Problems panel, which is brought in front. */
    async diagnostics(): Promise<Diagnostic[]> {
      await showPanel('Problems', 'Control+Shift+m');
      return inPage(page, root => {
        const text = (row: Dom, selector: string) => row.querySelector(selector)?.textContent ?? '';
        const found = [];
        let file = '';
        const rows = [...root.querySelectorAll('.markers-panel .monaco-list-row')];
        rows.sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')));
        for (const row of rows) {
          if (row.getAttribute('aria-level') === '1') file = text(row, '.label-name');
          if (!row.querySelector('.marker-message')) continue;
          const [line, column] = [...text(row, '.marker-line').matchAll(/\d+/g)].map(Number);
          const icon = row.querySelector('.marker-icon .codicon')?.className ?? '';
          const messages = [...row.querySelectorAll('.marker-message')].map(part => part.textContent).join('\n');
          found.push({
            file,
            severity: icon.includes('error') ? 'error' : icon.includes('warning') ? 'warning' : 'info',
            message: messages,
            source: text(row, '.marker-source'),
            code: text(row, '.marker-code'),
            line: line ?? 0,
            column: column ?? 0,
          } as const);
        }
        return found as Diagnostic[];
      });
    },
    /** What is in sight of the active terminal; lines that it had to break are whole again. */
    terminalText,
    /** Waits until the active terminal shows a text. @returns all that is in sight then */
    async terminal(text: Label, { timeout }: { timeout?: number } = {}): Promise<string> {
      return wait(
        `the terminal to show ${text}`,
        async () => {
          const shown = await terminalText();
          return (typeof text === 'string' ? shown.includes(text) : text.test(shown)) && shown;
        },
        { timeout, instead: terminalText },
      );
    },
    /** What an output channel of an extension holds, read from its file. */
    async outputText(name: string): Promise<string> {
      const logs = [...(await window.server.logs())].filter(
        ([path]) => basename(path).replace(/^\d+-/, '') === `${name}.log`,
      );
      return logs.map(([, text]) => text).join('');
    },
    /** The entries of the status bar. */
    async statusBar(): Promise<{ id: string; text: string; aria: string }[]> {
      const items = await inPage(page, root =>
        [...root.querySelectorAll('.statusbar-item')].map(item => ({
          id: item.id,
          text: item.textContent,
          aria: item.getAttribute('aria-label') ?? '',
        })),
      );
      return items.map(item => ({ ...item, text: plain(item.text) }));
    },
    async statusBarClick(text: Label): Promise<void> {
      const item = page.locator('.statusbar-item', { hasText: text }).first();
      await wait(`the status bar to show ${text}`, () => item.isVisible());
      await click(item);
    },
    /** Waits until the status bar shows a text. */
    async statusBarShows(text: Label, { timeout }: { timeout?: number } = {}): Promise<void> {
      await wait(
        `the status bar to show ${text}`,
        () => page.locator('.statusbar-item', { hasText: text }).first().isVisible(),
        {
          timeout,
          instead: () => page.locator('.statusbar-item').allInnerTexts(),
        },
      );
    },
    /** Takes a picture of the window. @returns its path */
    async screenshot(name: string, folder = screenshotFolder): Promise<string> {
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${name}.png`);
      // Else a tooltip, or a message on its way in, would be on it.
      await leave(page);
      await page.screenshot({ path, animations: 'disabled' });
      return path;
    },
  };
}

// A row that is full ends where the next begins: its spaces count.
function plainKeepingEnd(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}
