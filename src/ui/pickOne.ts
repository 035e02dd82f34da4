import * as vscode from 'vscode';

/**
 * Asks for one of several. The question stays until it is answered or Escape closes it: right behind a menu or another
 * question the editor takes the focus back for a moment, which would close it before anybody has seen it.
 * @throws CancellationError when it was closed
 */
export async function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<T> {
  const chosen = await vscode.window.showQuickPick(items, { ...options, ignoreFocusOut: true });
  if (!chosen) throw new vscode.CancellationError();
  return chosen;
}
