import * as vscode from 'vscode';
import { type FormAction, type FormRow, type FormState, formRows, toSend } from './previewRows.ts';
import type { Look } from './publishLook.ts';

type Row = vscode.QuickPickItem & { action: FormAction | undefined };

/**
 * The one question before messages are sent, with all that can be changed and seen.
 * @param state its summary is that of `look`, which may still be reading
 * @returns what the person wants to do; 'publish' only when all is read and there is something to send
 * @throws CancellationError
 */
export async function askInForm(
  title: string,
  look: Look,
  state: FormState,
): Promise<Exclude<FormAction, 'duplicates'>> {
  const pick = vscode.window.createQuickPick<Row>();
  pick.title = title;
  pick.placeholder = vscode.l10n.t('Enter publishes; choose a row below to change it');
  pick.ignoreFocusOut = true;
  const show = () => {
    state.isRead = look.isDone;
    state.problem = look.problem;
    pick.busy = !look.isDone;
    const active = pick.activeItems[0]?.action;
    pick.keepScrollPosition = true;
    pick.items = formRows(state).map(toItem);
    const again = pick.items.find(row => row.action !== undefined && row.action === active);
    if (again) pick.activeItems = [again];
  };
  try {
    return await new Promise((resolve, reject) => {
      pick.onDidHide(() => reject(new vscode.CancellationError()));
      look.onProgress(() => {
        show();
        // What was pressed ahead holds only where nothing turned up that the person has to see.
        const isClear = look.problem === undefined && state.summary.skipped.size === 0 && toSend(state) > 0;
        if (look.isDone && state.isWaiting && isClear) resolve('publish');
        if (look.isDone) state.isWaiting = false;
      });
      pick.onDidAccept(() => {
        const action = pick.activeItems[0]?.action;
        if (action === 'duplicates') state.leaveOutDuplicates = !state.leaveOutDuplicates;
        else if (action === 'publish' && !look.isDone) state.isWaiting = true;
        else if (action !== undefined) return resolve(action);
        show();
      });
      show();
      pick.show();
    });
  } finally {
    look.onProgress(() => undefined);
    pick.dispose();
  }
}

function toItem({ action, label, description, isHeading }: FormRow): Row {
  return isHeading
    ? { action, label, kind: vscode.QuickPickItemKind.Separator }
    : { action, label, description, alwaysShow: true };
}
