import type { Locator } from 'playwright-core';
import { type Dom, hasText, inPage, isLabel, type Label, plain, whole } from './dom.ts';
import { leave, type Window } from './window.ts';

export interface Notification {
  text: string;
  severity: 'info' | 'warning' | 'error';
  buttons: string[];
  /** Presses a button, and waits until the notification is gone. */
  click(button: string): Promise<void>;
  dismiss(): Promise<void>;
}

export interface Progress {
  /** What it says now; undefined when it has ended. */
  text(): Promise<string | undefined>;
  /** Waits until it says, or has said, something. */
  says(part: Label, options?: { timeout?: number }): Promise<void>;
  /** All that it has said so far, as far as it was drawn. */
  said(): Promise<string[]>;
  cancel(): Promise<void>;
  /** Waits until it has ended. */
  ended(options?: { timeout?: number }): Promise<void>;
}

export interface Modal {
  message: string;
  detail: string;
  buttons: string[];
  /** Presses a button, and waits until the dialog is gone. */
  click(button: string): Promise<void>;
}

/** Goes into the page before VS Code does: messages that are on the screen for a moment only are known afterwards. */
export const recordNotifications = `
  globalThis.notificationsSeen = [];
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => {
      for (const message of document.querySelectorAll('.notification-list-item-message')) {
        const text = message.textContent.replaceAll('\\u00a0', ' ').trim();
        if (text && !notificationsSeen.includes(text)) notificationsSeen.push(text);
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
`;

// Runs in the page.
function readNotifications(root: Dom) {
  const rows = [
    ...root.querySelectorAll('.notification-toast .monaco-list-row, .notifications-center.visible .monaco-list-row'),
  ];
  return rows.map(row => ({
    id: row.id,
    text: row.querySelector('.notification-list-item-message')?.textContent ?? '',
    icon: row.querySelector('.notification-list-item-icon')?.className ?? '',
    buttons: [...row.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map(
      button => button.textContent,
    ),
  }));
}

/** Words for messages in the corner, progress among them, and for modal dialogs. */
export function notifications(window: Window) {
  const { page, wait, click } = window;
  const center = page.locator('.notifications-center.visible');

  const bell = page.locator('[id="status.notifications"]');

  const shown = async () => (await inPage(page, readNotifications)).map(row => ({ ...row, text: plain(row.text) }));
  const seen = async () => (await page.evaluate('notificationsSeen')) as string[];
  const rowOf = (id: string) =>
    page.locator(`.notification-toast [id="${id}"], .notifications-center.visible [id="${id}"]`);

  async function find(text: Label) {
    const found = (await shown()).find(row => hasText(row.text, text));
    if (found) return found;
    // Few fit on the screen and most go by themselves, but all that were not closed are in the center.
    if (!(await seen()).some(message => hasText(message, text)) || (await center.isVisible())) return undefined;
    await click(bell);
    return undefined;
  }

  async function closeCenter(): Promise<void> {
    if (!(await center.isVisible())) return;
    await click(bell);
    await wait('the list of notifications to be closed', async () => !(await center.isVisible()));
  }

  /** Presses something of a message, wherever it is shown by then, and waits until the message is gone. */
  async function close(text: string, press: (row: Locator) => Promise<void>): Promise<void> {
    let pressed = false;
    await wait(`the message "${text}" to be closed`, async () => {
      const row = pressed ? (await shown()).find(other => other.text === text) : await find(whole(text));
      if (pressed || !row) return pressed && !row;
      await leave(page);
      // It may go by itself, or move while others come: then the next look finds it again.
      await press(rowOf(row.id)).then(
        () => (pressed = true),
        () => {},
      );
      return false;
    });
    await page.evaluate(`notificationsSeen = notificationsSeen.filter(text => text !== ${JSON.stringify(text)})`);
    await closeCenter();
  }

  /** Waits for a message that has this text. */
  async function notification(text: Label, { timeout }: { timeout?: number } = {}): Promise<Notification> {
    const found = await wait(`the message ${text}`, () => find(text), { timeout, instead: seen });
    const buttons = found.buttons.map(plain);
    return {
      text: found.text,
      severity: found.icon.includes('error') ? 'error' : found.icon.includes('warning') ? 'warning' : 'info',
      buttons,
      click: async button => {
        if (!buttons.includes(button))
          throw new Error(
            `The message "${found.text}" has no button "${button}", but ${buttons.join(', ') || 'none'}.`,
          );
        const target = (row: Locator) => row.locator('.monaco-button', { hasText: whole(button) });
        await close(found.text, row => target(row).click({ timeout: 2000 }));
      },
      dismiss: () =>
        close(found.text, async row => {
          await row.hover({ timeout: 2000 });
          await row.locator('.codicon-notifications-clear').click({ timeout: 2000 });
        }),
    };
  }

  /** Waits for a progress message that begins with its title. */
  async function progress(title: string, { timeout }: { timeout?: number } = {}): Promise<Progress> {
    const now = async () => (await shown()).find(row => row.text.startsWith(title));
    const said = async () => (await seen()).filter(text => text.startsWith(title));
    await wait(`the progress "${title}"`, async () => (await said()).length > 0, { timeout, instead: seen });
    return {
      text: async () => (await now())?.text,
      said,
      says: async (part, options) => {
        await wait(`the progress to say ${part}`, async () => (await said()).some(text => hasText(text, part)), {
          ...options,
          instead: said,
        });
      },
      cancel: async () => {
        const row = await wait(`the progress "${title}" to be shown`, now);
        await click(rowOf(row.id).locator('.monaco-button', { hasText: /^(Cancel|取消)$/ }));
      },
      ended: async options => {
        await wait(`the progress "${title}" to end`, async () => (await now()) === undefined, {
          ...options,
          instead: said,
        });
      },
    };
  }

  return {
    notification,
    progress,
    /** The messages that have been on the screen and were not closed by a word of the driver: each text once. */
    notificationsSeen: seen,
    /** Closes all messages, those that have gone from the corner too, and forgets them. */
    async clearNotifications(): Promise<void> {
      if ((await seen()).length === 0) return;
      if (!(await center.isVisible())) await click(bell);
      const clearAll = center.locator('.codicon-notifications-clear-all');
      await wait('the list of messages', () => center.isVisible());
      if ((await shown()).length > 0) await click(clearAll);
      await wait('all messages to be closed', async () => (await shown()).length === 0);
      await closeCenter();
      await page.evaluate('notificationsSeen.length = 0');
    },

    /** Waits for a modal dialog whose message or detail has this text. */
    async modal(text: Label, { timeout }: { timeout?: number } = {}): Promise<Modal> {
      const dialog = page.locator('.monaco-dialog-box');
      const read = () =>
        inPage(page, root => {
          const box = root.querySelector('.monaco-dialog-box');
          if (!box) return undefined;
          return {
            message: box.querySelector('.dialog-message-text')?.textContent ?? '',
            detail: box.querySelector('.dialog-message-detail')?.textContent ?? '',
            buttons: [...box.querySelectorAll('.dialog-buttons .monaco-button')].map(button => button.textContent),
          };
        });
      const found = await wait(
        `the dialog ${text}`,
        async () => {
          const box = await read();
          return box && (hasText(box.message, text) || hasText(box.detail, text)) && box;
        },
        { timeout },
      );
      return {
        message: plain(found.message),
        detail: plain(found.detail),
        buttons: found.buttons.map(plain),
        click: async button => {
          if (!found.buttons.some(name => isLabel(plain(name), button)))
            throw new Error(`The dialog has no button "${button}", but ${found.buttons.join(', ')}.`);
          await click(dialog.locator('.monaco-button', { hasText: whole(button) }));
          await wait('the dialog to be gone', async () => (await read())?.message !== found.message);
        },
      };
    },
  };
}
