import * as vscode from 'vscode';
import { UserError } from './userError.ts';

/**
 * Asks where to save a file.
 * @param o.name what is proposed, in the first folder of the workspace
 * @throws CancellationError when that stays open
 */
export async function askFile(o: {
  title: string;
  name: string;
  filters: Record<string, string[]>;
}): Promise<vscode.Uri> {
  const { title, name, filters } = o;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title,
    saveLabel: vscode.l10n.t('Save'),
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters,
  });
  if (!uri) throw new vscode.CancellationError();
  return uri;
}

/** @throws UserError when the file cannot be written */
export async function writeFile(uri: vscode.Uri, text: string): Promise<void> {
  try {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(vscode.l10n.t('{0} cannot be written: {1}', uri.fsPath, why));
  }
}
