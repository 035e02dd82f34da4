import { join } from 'node:path';
import type { Window } from './window.ts';

/** Words for the Save dialog: a box for the path, which begins with what the extension proposes. */
export function saveDialog({ page, wait, folder }: Window) {
  const widget = page.locator('.quick-input-widget');
  const box = widget.locator('input.input').first();
  const path = () => box.inputValue({ timeout: 1000 }).catch(() => '');
  /** It reads a folder, and takes no Enter meanwhile. */
  const isBusy = async () => (await widget.locator('.monaco-progress-container.active').count()) > 0;

  return {
    /** Accepts the file of the open folder that is proposed, once the dialog has read the folder. */
    async saveAsProposed(name: string): Promise<void> {
      const file = join(folder(), name);
      await wait(`the Save dialog to propose ${file}`, async () => (await path()) === file && !(await isBusy()), {
        instead: path,
      });
      await box.press('Enter');
    },
    /** Types a file of the open folder over what is proposed, and accepts it. */
    async saveAs(name: string): Promise<void> {
      const file = join(folder(), name);
      // Once it has read the folder, the dialog writes its proposal over what was typed before.
      await wait('the Save dialog to propose a path', async () => (await path()).startsWith('/') && !(await isBusy()), {
        instead: path,
      });
      let stayed = 0;
      await wait(
        `the path ${file} to stay as it is typed`,
        async () => {
          if ((await path()) !== file) {
            stayed = 0;
            await box.fill(file);
          } else stayed = (await isBusy()) ? 0 : stayed + 1;
          return stayed === 2;
        },
        { instead: path },
      );
      await box.press('Enter');
    },
  };
}
