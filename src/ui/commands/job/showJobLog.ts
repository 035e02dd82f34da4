import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import type { JobTarget } from './chooseJob.ts';
import { chooseSubject } from './chooseSubject.ts';
import { openLog } from './openLog.ts';

/** Command: opens the logs of all Pods of a Job as one, and follows them while it is open. */
export async function showJobLog(app: App, target?: JobTarget): Promise<void> {
  const subject = await chooseSubject(app, target, vscode.l10n.t('Show the logs of which Job?'));
  await openLog(`${vscode.l10n.t('Job {0}', subject.name)}.log`, subject);
}
