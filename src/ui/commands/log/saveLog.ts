import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { askFile, writeFile } from '../../saveFile.ts';
import { openedLog } from './openedLog.ts';

/** Command: saves an open log as it is shown, with its filter and with what it says is left out. */
export async function saveLog(_app: App, uri?: vscode.Uri): Promise<void> {
  const document = openedLog(uri);
  const target = await askFile({
    title: vscode.l10n.t('Save Log'),
    name: basename(document.uri.path).replace(/[^\p{L}\p{N}._-]+/gu, '-'),
    filters: { [vscode.l10n.t('Log')]: ['log', 'txt'] },
  });
  await writeFile(target, document.getText());
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Saved to {0}, as it is shown. Lines: {1}.', basename(target.path), document.lineCount - 1),
  );
}
