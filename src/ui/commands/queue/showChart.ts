import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { openChart } from '../../chart/chartPanel.ts';
import type { QueueRow } from '../../views/queues.ts';
import { chooseQueue } from './chooseQueue.ts';

/** Command: opens the chart of a queue, or brings it to the front where it is open. */
export async function showChart(app: App, row?: QueueRow): Promise<void> {
  const { place, queue } = await chooseQueue(app, vscode.l10n.t('Show the chart of which queue?'), { row });
  const key = JSON.stringify([place.id, queue]);
  const open = app.charts.get(key);
  if (open) return open.reveal();
  const panel = openChart(app.extensionUri, place, queue);
  app.charts.set(key, panel);
  panel.onDidDispose(() => app.charts.delete(key));
}
