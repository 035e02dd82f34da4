import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import { historyCsv, historyJson } from '../../../model/historyText.ts';
import type { App } from '../../app.ts';
import { UserError } from '../../userError.ts';
import type { QueueRow } from '../../views/queues.ts';

/**
 * Command: saves the results of this workspace's runs as CSV or JSON, by the ending of the file that is chosen.
 * @param row only the runs of this queue
 */
export async function exportHistory(app: App, row?: QueueRow): Promise<void> {
  const { history, model } = app;
  const results = row?.kind === 'queue' ? history.of(row.name, model.broker.connected?.display) : history.all;
  if (results.length === 0) {
    throw new UserError(vscode.l10n.t('No run of this workspace has ended yet.'), { warning: true });
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Run History: .csv for a spreadsheet, .json for a program'),
    saveLabel: vscode.l10n.t('Save'),
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, 'runs.csv') } : {}),
    filters: { CSV: ['csv'], JSON: ['json'] },
  });
  if (!target) throw new vscode.CancellationError();
  const text = target.path.endsWith('.json') ? historyJson(results) : historyCsv(results);
  try {
    await vscode.workspace.fs.writeFile(target, Buffer.from(text));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(vscode.l10n.t('{0} cannot be written: {1}', target.fsPath, why));
  }
  const name = basename(target.path);
  void vscode.window.showInformationMessage(vscode.l10n.t('Saved to {0}: {1} runs.', name, results.length));
}
