import * as vscode from 'vscode';
import type { App } from '../../app.ts';

/** Command: shows only the queues whose names have a text in them; an empty text shows all again. */
export async function filterQueues(app: App): Promise<void> {
  const before = app.queueOrder.filter;
  const box = vscode.window.createInputBox();
  box.title = vscode.l10n.t('Filter Queues');
  box.prompt = vscode.l10n.t('A part of the name; empty shows all queues.');
  box.value = before;
  box.ignoreFocusOut = true;
  box.onDidChangeValue(text => app.queueOrder.set({ filter: text.trim() }));
  const accepted = await new Promise<boolean>(resolve => {
    box.onDidAccept(() => resolve(true));
    box.onDidHide(() => resolve(false));
    box.show();
  });
  box.dispose();
  if (!accepted) app.queueOrder.set({ filter: before });
}
