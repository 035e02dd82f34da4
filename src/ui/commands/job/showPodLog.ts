import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import type { PodTarget } from './chooseJob.ts';
import { choosePodLog } from './choosePodLog.ts';
import { openLog } from './openLog.ts';

/** Command: opens a Pod's log, also what its container wrote before it was started again, and follows it while it is open. */
export async function showPodLog(app: App, target?: PodTarget): Promise<void> {
  const { title, subject } = await choosePodLog(app, target, vscode.l10n.t('Show the log of which Pod?'));
  await openLog(`${title}.log`, subject);
}
