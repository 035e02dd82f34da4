import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import { historyCsv, historyJson } from '../../../model/historyText.ts';
import type { App } from '../../app.ts';
import { askFile, writeFile } from '../../saveFile.ts';
import { UserError } from '../../userError.ts';
import { pastRuns } from '../../views/pastRuns.ts';
import type { QueueRow } from '../../views/queues.ts';

/**
 * Command: saves the results of this workspace's runs as CSV or JSON, by the ending of the file that is chosen.
 * @param row only the runs of this queue
 */
export async function exportHistory(app: App, row?: QueueRow): Promise<void> {
  const results = row?.kind === 'queue' ? pastRuns(app, row.place, row.name) : app.history.all;
  if (results.length === 0) {
    throw new UserError(vscode.l10n.t('No run of this workspace has ended yet.'), { warning: true });
  }
  const target = await askFile({
    title: vscode.l10n.t('Export Run History: .csv for a spreadsheet, .json for a program'),
    name: 'runs.csv',
    filters: { CSV: ['csv'], JSON: ['json'] },
  });
  await writeFile(target, target.path.endsWith('.json') ? historyJson(results) : historyCsv(results));
  const name = basename(target.path);
  void vscode.window.showInformationMessage(vscode.l10n.t('Saved to {0}. Runs: {1}.', name, results.length));
}
