import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { installBrowser } from './browser.ts';
import { installEditor } from './install.ts';
import { notifications, recordNotifications } from './notifications.ts';
import { quickInput } from './quickInput.ts';
import { saveDialog } from './saveDialog.ts';
import { type ServerOptions, startServer } from './server.ts';
import { textEditor } from './textEditor.ts';
import { trees } from './trees.ts';
import { makeWindow } from './window.ts';
import { workbench } from './workbench.ts';

export interface EditorOptions extends Omit<ServerOptions, 'install'> {
  /** The folder to open. */
  folder: string;
  /** The language of the extension; VS Code's own words stay English, as the driver needs them. */
  locale?: 'zh-cn';
  /** Gets the lines of what has to be installed first. */
  report?: (line: string) => void;
}

/** A VS Code in a browser, with the words that a test needs. */
export type Editor = Awaited<ReturnType<typeof openEditor>>;

const failureFolder = join(import.meta.dirname, '../failures');

/** Starts a VS Code of its own, installs extensions in it, and opens a folder. Whoever calls it calls `close`. */
export async function openEditor(options: EditorOptions) {
  const install = await installEditor(options.report, options.signal);
  const executablePath = await installBrowser(options.report, options.signal);
  const server = await startServer({ ...options, install });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await server.stop();
  };
  try {
    browser = await launch(executablePath);
    const { page, log } = await newPage(browser, server.address, options.locale);
    let folder = options.folder;
    const window = makeWindow(page, server, () => folder, options.signal);
    const editor = {
      page,
      server,
      /** Opens another folder in the same window. */
      async open(path: string): Promise<void> {
        folder = path;
        await page.goto(`${server.address}/?folder=${encodeURIComponent(path)}`, { waitUntil: 'commit' });
        const drawn = page.locator('.monaco-workbench .part.statusbar .statusbar-item').first();
        await window.wait('VS Code to be drawn', () => drawn.isVisible(), { timeout: 60_000 });
        await window.wait('the explorer to be drawn', () => page.locator('.activitybar a').first().isVisible());
      },
      folder: () => folder,
      wait: window.wait,
      ...trees(window),
      ...quickInput(window),
      ...saveDialog(window),
      ...notifications(window),
      ...textEditor(window),
      ...workbench(window),
      close,
      /** Saves a picture and all logs. @returns the folder */
      async saveEvidence(name: string): Promise<string> {
        const evidence = join(failureFolder, name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80));
        await mkdir(evidence, { recursive: true });
        await writeFile(join(evidence, 'browser.log'), log.join('\n'));
        for (const [path, text] of await server.logs())
          await writeFile(join(evidence, path.slice(path.indexOf('exthost')).replaceAll('/', '_')), text);
        await editor.screenshot('screen', evidence);
        return evidence;
      },
    };
    await editor.open(folder);
    return editor;
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Runs a part of a test. When it fails, what the editor showed and logged is saved, and the error says where.
 * @param name of the test, or of the part
 */
export async function withEvidence<T>(editor: Editor, name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const folder = await editor.saveEvidence(name).catch(failed => `(not saved: ${failed})`);
    console.error(`Picture and logs of "${name}": ${folder}`);
    throw error;
  }
}

function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

async function newPage(browser: Browser, address: string, locale?: string): Promise<{ page: Page; log: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  context.setDefaultTimeout(20_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: address });
  await context.addInitScript(recordNotifications);
  if (locale) await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(locale)}`);
  const page = await context.newPage();
  const log: string[] = [];
  page.on('console', message => log.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => log.push(`uncaught: ${error.stack ?? error}`));
  // Else an editor that is not saved would keep the page from going to another folder.
  page.on('dialog', dialog => dialog.accept().catch(() => {}));
  return { page, log };
}
