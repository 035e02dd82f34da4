import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { UserError } from '../../userError.ts';
import type { QueueRow } from '../../views/queues.ts';
import { publishSource } from './publishSource.ts';
import { FileSource } from './sourceFile.ts';

/**
 * Command: a file's items become messages; it may be of any size, and is not opened.
 * @param given the file in the explorer, or the queue in the Queues view; without either a file is asked for
 * @param selected all that is selected in the explorer
 */
export async function publishFile(app: App, given?: vscode.Uri | QueueRow, selected?: unknown): Promise<void> {
  if (Array.isArray(selected) && selected.length > 1) {
    throw new UserError(vscode.l10n.t('Publish one file at a time: each has its own preview.'), { warning: true });
  }
  const uri = given instanceof vscode.Uri ? given : await askFile();
  await publishSource(app, await fileSource(uri), { row: given instanceof vscode.Uri ? undefined : given });
}

/** @throws UserError where it is no file on the disk that the extension runs at */
export async function fileSource(uri: vscode.Uri): Promise<FileSource> {
  const name = vscode.workspace.asRelativePath(uri);
  if (uri.scheme !== 'file') throw new UserError(vscode.l10n.t('{0} is not a file on disk.', name), { warning: true });
  return FileSource.open(uri.fsPath, { name, document: uri, lines: undefined });
}

async function askFile(): Promise<vscode.Uri> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('File to Publish'),
    openLabel: vscode.l10n.t('Publish…'),
    defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
  });
  if (!chosen?.[0]) throw new vscode.CancellationError();
  return chosen[0];
}
