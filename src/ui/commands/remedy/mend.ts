import * as vscode from 'vscode';
import type { FindingCode } from '../../../workload/findings.ts';
import { remediesOf } from '../../../workload/remediesOf.ts';
import type { App } from '../../app.ts';
import { findingText } from '../../findingText.ts';
import { label } from '../../label.ts';
import { pickOne } from '../../pickOne.ts';
import { describeAction, remedyAction, remedyLabel } from '../../remedies.ts';
import { remedyPreview } from '../../remedyPreview.ts';
import { type Action, UserError } from '../../userError.ts';

/** A row of the Jobs view for one thing that is wrong with a run. */
export interface FindingTarget {
  kind: 'finding';
  jobUid: string;
  code: FindingCode;
}

interface Choice extends vscode.QuickPickItem {
  /** undefined: it is done by hand. */
  action: Action | undefined;
}

/** Command: offers all that can be done about a finding, each with what it will do, and does what is picked. */
export async function mend(app: App, target: FindingTarget): Promise<void> {
  const run = app.model.runs.find(target.jobUid);
  const finding = run?.findings.find(({ code }) => code === target.code);
  if (!run || !finding) throw new UserError(vscode.l10n.t('That is not so any more.'), { warning: true });
  const { job } = run;
  const remedies = remediesOf(finding).map((remedy): Choice => {
    const action = remedyAction(remedy, { job: job.uid, queue: job.queue });
    return {
      label: remedyLabel(remedy),
      detail: remedyPreview(remedy, run),
      iconPath: new vscode.ThemeIcon(action ? 'wrench' : 'info'),
      action,
    };
  });
  const describe = describeAction(job.uid);
  const look: Choice = {
    label: describe.label,
    iconPath: new vscode.ThemeIcon('list-flat'),
    detail: vscode.l10n.t('Opens the page of Job {0}; nothing is changed.', job.name),
    action: describe,
  };
  const { title, why } = findingText(finding);
  const picked = await pickOne([...remedies, look], {
    title: label(title, 160),
    placeHolder: label(why, 240),
    matchOnDetail: true,
  });
  if (picked.action) await vscode.commands.executeCommand(picked.action.command, ...(picked.action.args ?? []));
  else void vscode.window.showInformationMessage(picked.detail ?? '');
}
