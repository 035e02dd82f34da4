import * as vscode from 'vscode';
import type { ItemAccount } from '../model/itemReports.ts';
import { fateWords } from './itemsSection.ts';
import { itemRows, itemTotals } from './itemWords.ts';
import { plainText } from './plainText.ts';
import { items } from './text.ts';

const ROWS_AT_MOST = 5000;

/** The document that says which item went to which Pod. @param job the Job's name */
export function itemsPage(job: string, account: ItemAccount): string {
  const { length } = account.items;
  const rows = itemRows(account.items, ROWS_AT_MOST);
  const parts = [
    [vscode.l10n.t('Items of {0}', job), ...itemTotals(account)],
    length > 0 ? rows : noneWords(account),
    length > ROWS_AT_MOST ? [vscode.l10n.t('and {0} more', items(length - ROWS_AT_MOST))] : [],
    fateWords(account),
  ];
  const text = parts.filter(lines => lines.length > 0).map(lines => lines.join('\n'));
  return plainText(`${text.join('\n\n')}\n`);
}

function noneWords({ logs }: ItemAccount): string[] {
  return [
    logs === 0
      ? vscode.l10n.t('No Pod has written a log yet, or none is left.')
      : vscode.l10n.t(
          'No Pod says which item it took: the strict and the many-items worker of Create Worker… do, by lines that begin with “work-queue”.',
        ),
  ];
}
