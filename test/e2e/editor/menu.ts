import { plain, whole } from './dom.ts';
import type { Window } from './window.ts';

/** Picks an item of the menu that is open, or about to be; a path of names goes through submenus. */
export async function pickFromMenu({ page, wait }: Window, ...path: string[]): Promise<void> {
  for (const [index, name] of path.entries()) {
    // The menu is in a shadow root, which Playwright's locators see through and scripts of the page do not.
    const label = page.locator('.action-label', { hasText: whole(name) });
    const item = page.locator('.monaco-menu .action-item', { has: label }).last();
    await wait(`the menu to have "${name}"`, () => item.isVisible(), {
      instead: async () => (await page.locator('.monaco-menu .action-label').allInnerTexts()).map(plain),
    });
    if (index < path.length - 1) await item.hover();
    // A menu takes no click in its first moments, lest the one that opened it pick something.
    else
      await wait(`"${name}" to be picked`, async () => {
        await item.click({ timeout: 1000 }).catch(() => {});
        return !(await item.isVisible());
      });
  }
}
