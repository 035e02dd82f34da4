import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEditor } from '../e2e/editor/driver.ts';
import { packageExtension } from '../package.ts';
import type { Row } from './table.ts';

const EDITORS = 3;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the extension costs before it is used: the file loaded at activation, the time of activate(), the package. */
export async function bench(): Promise<Row[]> {
  const vsix = packageExtension();
  const times: number[] = [];
  for (let editor = 0; editor < EDITORS; editor++) times.push(await activationTime(vsix));
  times.sort((a, b) => a - b);
  const kB = (path: string) => Math.round(statSync(path).size / 100) / 10;
  return [
    {
      row: 'file loaded at activation',
      ours: kB(join(root, 'dist/extension.cjs')),
      unit: 'kB',
      better: 'lower',
      limit: 120,
    },
    { row: `activation, median of ${EDITORS}`, ours: times[1] ?? Number.NaN, unit: 'ms', better: 'lower' },
    { row: 'package (.vsix)', ours: kB(vsix), unit: 'kB', better: 'lower', limit: 1000 },
  ];
}

/** Loading the code and activate(), in milliseconds, as VS Code itself shows them among the running extensions. */
async function activationTime(vsix: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'kwq-activation-'));
  const editor = await openEditor({ folder, extensions: [vsix] });
  try {
    await editor.showContainer('Work Queues');
    await editor.runCommand('Developer: Show Running Extensions');
    const row = editor.page.locator('.runtime-extensions-editor .monaco-list-row', {
      hasText: 'Work Queues for Kubernetes',
    });
    const text = await editor.wait('the extension among the running ones', async () => {
      const shown = (await row.isVisible()) ? ((await row.textContent()) ?? '') : '';
      return /Activation: \d+ms/.exec(shown)?.[0];
    });
    return Number(/\d+/.exec(text)?.[0]);
  } finally {
    await editor.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
