import * as vscode from 'vscode';
import type { ItemAccount } from '../../../model/itemReports.ts';
import { type FailedItem, failedItems } from '../../../workload/failedItems.ts';
import { COMMANDS } from '../../ids.ts';
import { label } from '../../label.ts';
import { list } from '../../text.ts';
import { UserError } from '../../userError.ts';

/**
 * @param job its name
 * @returns the items that failed and were not done since
 * @throws UserError when there is none
 */
export function failedOf(job: string, uid: string, account: ItemAccount): FailedItem[] {
  const failed = failedItems(account.items);
  if (failed.length > 0) return failed;
  const show = { label: vscode.l10n.t('Show Items'), command: COMMANDS.showItems, args: [{ kind: 'job', uid }] };
  throw new UserError(
    [
      account.items.length === 0
        ? vscode.l10n.t('No Pod of Job {0} says which item it took.', job)
        : vscode.l10n.t('No item of Job {0} failed without being done later.', job),
      ...unreadWords(account),
    ].join(' '),
    { warning: true, actions: [show] },
  );
}

/** What is said where not all was read. */
export function unreadWords({ lost, older, cut }: ItemAccount): string[] {
  const unread = lost + older + cut;
  return unread === 0
    ? []
    : [vscode.l10n.t('Logs that are lost or were not read whole: {0}. There may be others in them.', unread)];
}

const NAMED_AT_MOST = 3;

/** @returns the beginnings of some items: "apple", "fig", … */
export function itemNames(failed: readonly FailedItem[]): string {
  const some = failed.slice(0, NAMED_AT_MOST).map(({ item }) => `“${label(item, 40)}”`);
  return list([...some, ...(failed.length > NAMED_AT_MOST ? ['…'] : [])]);
}
