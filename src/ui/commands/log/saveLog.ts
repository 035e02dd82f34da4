import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { UserError } from '../../userError.ts';
import { openedLog } from './openedLog.ts';

/** Command: saves an open log as it is shown, with its filter and with what it says is left out. */
export async function saveLog(_app: App, uri?: vscode.Uri): Promise<void> {
  const document = openedLog(uri);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = basename(document.uri.path).replace(/[^\p{L}\p{N}._-]+/gu, '-');
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Log'),
    saveLabel: vscode.l10n.t('Save'),
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: { [vscode.l10n.t('Log')]: ['log', 'txt'] },
  });
  if (!target) throw new vscode.CancellationError();
  try {
    await vscode.workspace.fs.writeFile(target, Buffer.from(document.getText()));
  } catch (error) {
    throw new UserError(
      vscode.l10n.t(
        '{0} cannot be written: {1}',
        target.fsPath,
        error instanceof Error ? error.message : String(error),
      ),
    );
  }
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Saved to {0}, as it is shown: {1} lines.', basename(target.path), document.lineCount - 1),
  );
}
