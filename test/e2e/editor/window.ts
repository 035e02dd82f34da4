import type { Locator, Page } from 'playwright-core';
import { inPage, plain } from './dom.ts';
import type { Server } from './server.ts';
import { type WaitOptions, waitFor } from './waitFor.ts';

/** The page that shows VS Code, and the two ways in which everything else of the driver touches it. */
export interface Window {
  page: Page;
  server: Server;
  /** The folder that is open. */
  folder(): string;
  /** Waits for a condition; its error also says what was on the screen. */
  wait<T>(
    what: string,
    look: () => T | Promise<T>,
    options?: Omit<WaitOptions, 'signal'>,
  ): Promise<Exclude<T, undefined | false>>;
  click(
    target: Locator,
    options?: { button?: 'right'; clickCount?: number; position?: { x: number; y: number } },
  ): Promise<void>;
}

export function makeWindow(page: Page, server: Server, folder: () => string, signal?: AbortSignal): Window {
  return {
    page,
    server,
    folder,
    wait: (what, look, options = {}) =>
      waitFor(what, look, {
        ...options,
        signal,
        instead: async () => {
          const there = await options.instead?.();
          return { ...(there === undefined ? {} : { found: there }), screen: await readScreen(page) };
        },
      }),
    click: async (target, options) => {
      // A tooltip of what the mouse rested on would lie over the target.
      await leave(page);
      await target.click(options);
    },
  };
}

/** Moves the mouse where nothing reacts to it. */
export async function leave(page: Page): Promise<void> {
  await page.mouse.move(1150, 18);
  // A tooltip stays when the mouse comes back to where it lies.
  const tooltip = page.locator('.workbench-hover').filter({ visible: true }).first();
  await tooltip.waitFor({ state: 'hidden', timeout: 2000 }).catch(() => {});
}

/** What a person would see first: dialogs, questions, messages, open editors and views. */
export async function readScreen(page: Page): Promise<Record<string, unknown>> {
  const screen = await inPage(page, root => {
    const visible = (selector: string) =>
      [...root.querySelectorAll(selector)].filter(element => element.checkVisibility());
    const texts = (selector: string) => visible(selector).map(element => element.textContent);
    const names = (selector: string) => visible(selector).map(element => element.getAttribute('aria-label') ?? '');
    return {
      dialog: texts('.dialog-message-text, .dialog-message-detail, .dialog-buttons .monaco-button'),
      question: [
        ...texts('.quick-input-widget .quick-input-title'),
        ...names('.quick-input-widget input.input'),
        ...texts('.quick-input-widget .quick-input-message'),
        ...names('.quick-input-list .monaco-list-row').slice(0, 15),
      ],
      messages: names('.notification-toast .monaco-list-row, .notifications-center.visible .monaco-list-row'),
      tabs: names('.tabs-container .tab'),
      views: names('.sidebar .pane-header'),
    };
  });
  const lines = Object.entries(screen).map(
    ([part, found]) => [part, found.map(plain).filter(text => text !== '')] as const,
  );
  return Object.fromEntries(lines.filter(([, found]) => found.length > 0));
}
