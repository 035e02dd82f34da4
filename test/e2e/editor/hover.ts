import type { Locator } from 'playwright-core';
import { textOf } from './dom.ts';
import { leave, type Window } from './window.ts';

/**
 * Rests the mouse on a point until something is said about it there, and moves it away again.
 * @param said the elements that say it
 */
export async function hoverText(
  window: Window,
  what: string,
  point: () => Promise<{ x: number; y: number }>,
  said: Locator,
): Promise<string> {
  const { page, wait } = window;
  const shown = said.filter({ visible: true });
  const gone = async () => {
    await leave(page);
    await wait('what was said before to be gone', async () => (await shown.count()) === 0, { timeout: 5000 });
  };
  await gone();
  let moved = 0;
  await wait(what, async () => {
    if (await shown.first().isVisible()) return true;
    // It is not said when the mouse came while things still moved into place.
    if (Date.now() - moved > 2000) {
      await leave(page);
      const { x, y } = await point();
      await page.mouse.move(x, y, { steps: 3 });
      moved = Date.now();
    }
    return false;
  });
  const text = await textOf(shown);
  await gone();
  return text;
}
