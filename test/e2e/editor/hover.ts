import type { Locator } from 'playwright-core';
import { textOf } from './dom.ts';
import { leave, type Window } from './window.ts';

/**
 * Rests the mouse on a point until something is said about it there, and moves it away again.
 * @param said the elements that say it
 * @param part what has to be among it: several may speak, and not at the same moment
 */
export async function hoverText(
  window: Window,
  what: string,
  point: () => Promise<{ x: number; y: number }>,
  said: Locator,
  part = /./,
): Promise<string> {
  const { page, wait } = window;
  const shown = said.filter({ visible: true });
  const gone = async () => {
    await leave(page);
    await wait('what was said before to be gone', async () => (await shown.count()) === 0, { timeout: 5000 });
  };
  await gone();
  let moved = 0;
  const text = await wait(what, async () => {
    if (await shown.first().isVisible()) {
      const now = await textOf(shown);
      return part.test(now) && now;
    }
    // It is not said when the mouse came while things still moved into place.
    if (Date.now() - moved > 2000) {
      await leave(page);
      const { x, y } = await point();
      await page.mouse.move(x, y, { steps: 3 });
      moved = Date.now();
    }
    return false;
  });
  await gone();
  return text;
}
