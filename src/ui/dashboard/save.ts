import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import type { FromPage, ToPage } from './protocol.ts';
import { savedPage } from './savedPage.ts';

/** Asks where to, and saves the picture of a run. @param png base64 */
export async function savePicture(name: string, png: string): Promise<void> {
  await save(name, 'png', vscode.l10n.t('Picture'), async () => Buffer.from(png, 'base64'));
}

/** Asks where to, and saves the page of a run as one file. @param dist where the page's script and style are */
export async function savePage(
  name: string,
  dist: vscode.Uri,
  theme: Extract<FromPage, { kind: 'page' }>,
  data: ToPage,
): Promise<void> {
  await save(name, 'html', vscode.l10n.t('Page'), async () => {
    const read = async (file: string) =>
      Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(dist, file))).toString();
    const [script, style] = await Promise.all([read('dashboard.js'), read('dashboard.css')]);
    return Buffer.from(savedPage({ script, style, theme, data }));
  });
}

async function save(name: string, extension: string, kind: string, content: () => Promise<Uint8Array>): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.${extension}`;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Dashboard'),
    saveLabel: vscode.l10n.t('Save'),
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
    filters: { [kind]: [extension] },
  });
  if (!target) return;
  try {
    await vscode.workspace.fs.writeFile(target, await content());
    void vscode.window.showInformationMessage(vscode.l10n.t('Saved to {0}.', basename(target.path)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('{0} cannot be written: {1}', target.fsPath, why));
  }
}
