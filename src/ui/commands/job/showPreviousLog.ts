import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { UserError } from '../../userError.ts';
import type { PodTarget } from './chooseJob.ts';
import { choosePodLog } from './choosePodLog.ts';
import { openLog } from './openLog.ts';

/** Command: opens what a Pod's container wrote before it was started again. */
export async function showPreviousLog(app: App, target?: PodTarget): Promise<void> {
  const { title, subject, restarts } = await choosePodLog(
    app,
    target,
    vscode.l10n.t('Show the previous log of which Pod?'),
  );
  if (restarts === 0) {
    throw new UserError(
      vscode.l10n.t('The container of {0} has not been started again: it has no previous log.', subject.name),
      { warning: true },
    );
  }
  await openLog(vscode.l10n.t('{0}, previous.log', title), { ...subject, previous: true });
}
