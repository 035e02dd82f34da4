import * as vscode from 'vscode';
import type { ItemAccount } from '../model/itemReports.ts';
import { itemRows, itemTotals } from './itemWords.ts';
import { items } from './text.ts';

const ROWS_AT_MOST = 50;

/** The items of a Job on its page, those that failed first; none where no worker tells. */
export function itemsSection(account: ItemAccount): string[] {
  if (account.items.length === 0) return [];
  const more = account.items.length - ROWS_AT_MOST;
  return [
    ...itemTotals(account),
    ...itemRows(account.items, ROWS_AT_MOST),
    ...(more > 0 ? [vscode.l10n.t('and {0} more: Show Items', items(more))] : []),
    ...fateWords(account),
  ];
}

/** What becomes of the messages of items that failed. */
export function fateWords(account: ItemAccount): string[] {
  if (!account.items.some(({ outcome }) => outcome === 'failed')) return [];
  return [
    vscode.l10n.t(
      'A failed item is not acknowledged: the broker puts it back into its queue by itself, as often as the queue’s delivery limit lets it.',
    ),
  ];
}
