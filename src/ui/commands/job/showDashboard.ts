import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { chooseJob, type JobTarget } from './chooseJob.ts';

/** Command: opens the page of a run beside, or brings it to the front where it is open. */
export async function showDashboard(app: App, target?: JobTarget): Promise<void> {
  const { uid, name, namespace } = await chooseJob(app, target, vscode.l10n.t('Show the dashboard of which Job?'));
  await app.dashboards.open({ uid, name, namespace });
}
