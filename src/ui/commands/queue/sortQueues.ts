import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import type { SortKey } from '../../queueOrder.ts';

/** Command: chooses by what the Queues view is sorted. */
export async function sortQueues(app: App): Promise<void> {
  const now = app.queueOrder.sort;
  const keys: { label: string; key: SortKey }[] = [
    { label: vscode.l10n.t('By name'), key: 'name' },
    { label: vscode.l10n.t('Most ready first'), key: 'ready' },
    { label: vscode.l10n.t('Most unacked first'), key: 'unacked' },
    { label: vscode.l10n.t('Most consumers first'), key: 'consumers' },
  ];
  const items = keys.map(item => ({ ...item, description: item.key === now ? vscode.l10n.t('now') : '' }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Sort Queues') });
  if (picked) app.queueOrder.set({ sort: picked.key });
}
