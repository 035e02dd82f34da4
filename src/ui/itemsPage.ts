import * as vscode from 'vscode';
import { type ItemAccount, LOG_BYTES, LOGS_AT_MOST, type PodItem } from '../model/itemReports.ts';
import { columns } from './columns.ts';
import { label } from './label.ts';
import { plainPage } from './plainText.ts';
import { bytes, items, list } from './text.ts';

/** Rows of the document, and of the section on the Job's page. */
const ROWS_AT_MOST = 5000;
const ROWS_OF_SECTION = 50;
/** Characters of an item that a row shows. */
const SHOWN = 60;

/** The document that says which item went to which Pod. @param job the Job's name */
export function itemsPage(job: string, account: ItemAccount): string {
  const { length } = account.items;
  return plainPage([
    [vscode.l10n.t('Items of {0}', job), ...totals(account)],
    length > 0 ? rows(account.items, ROWS_AT_MOST) : [noneWords(account)],
    length > ROWS_AT_MOST ? [vscode.l10n.t('and {0} more', items(length - ROWS_AT_MOST))] : [],
    fate(account),
  ]);
}

/** The items of a Job on its page, those that failed first; none where no worker tells. */
export function itemsSection(account: ItemAccount): string[] {
  if (account.items.length === 0) return [];
  const more = account.items.length - ROWS_OF_SECTION;
  return [
    ...totals(account),
    ...rows(account.items, ROWS_OF_SECTION),
    ...(more > 0 ? [vscode.l10n.t('and {0} more: Show Items', items(more))] : []),
    ...fate(account),
  ];
}

function noneWords({ logs }: ItemAccount): string {
  return logs === 0
    ? vscode.l10n.t('No Pod has written a log yet, or none is left.')
    : vscode.l10n.t(
        'No Pod says which item it took: the strict and the many-items worker of Create Worker… do, by lines that begin with “work-queue”.',
      );
}

/** What becomes of the messages of items that failed. */
function fate(account: ItemAccount): string[] {
  if (!account.items.some(({ outcome }) => outcome === 'failed')) return [];
  return [
    vscode.l10n.t(
      'A failed item is not acknowledged: the broker puts it back into its queue by itself, as often as the queue’s delivery limit lets it.',
    ),
  ];
}

/** How the items of a Job stand in sum, and what of its logs was not read. */
function totals(account: ItemAccount): string[] {
  const { items, silent, cut, lost, older } = account;
  const count = (of: (item: PodItem) => boolean) => items.filter(of).length;
  const done = count(({ outcome }) => outcome === 'done');
  const failed = count(({ outcome }) => outcome === 'failed');
  const atWork = count(({ outcome, running }) => outcome === 'unknown' && running);
  const brokenOff = count(({ outcome, running }) => outcome === 'unknown' && !running);
  return [
    list([
      vscode.l10n.t('{0} done', done),
      vscode.l10n.t('{0} failed', failed),
      ...(brokenOff > 0 ? [vscode.l10n.t('{0} broken off', brokenOff)] : []),
      ...(atWork > 0 ? [vscode.l10n.t('{0} at work', atWork)] : []),
      ...(silent > 0 ? [vscode.l10n.t('logs without a report: {0}', silent)] : []),
    ]),
    ...(older > 0 ? [vscode.l10n.t('Not read: {0} older logs; the newest {1} are.', older, LOGS_AT_MOST)] : []),
    ...(cut > 0
      ? [vscode.l10n.t('Of long logs ({0}) only the beginning and the end are read, {1} each.', cut, bytes(LOG_BYTES))]
      : []),
    ...(lost > 0 ? [vscode.l10n.t('Logs that are lost or may not be read: {0}', lost)] : []),
  ];
}

/** One row an attempt: item, Pod, outcome, duration; those that failed first, then what is not known, then the done. */
function rows(found: readonly PodItem[], most: number): string[] {
  const sorted = [...found].sort((a, b) => rank(a) - rank(b));
  return columns(
    sorted
      .slice(0, most)
      .map(one => [
        label(one.item, SHOWN) || '""',
        one.pod,
        outcome(one),
        one.seconds === undefined ? '' : vscode.l10n.t('{0} s', one.seconds.toFixed(1)),
      ]),
  );
}

const rank = ({ outcome, running }: PodItem) => (outcome === 'failed' ? 0 : outcome === 'done' ? 3 : running ? 2 : 1);

function outcome({ outcome, exitCode, running }: PodItem): string {
  if (outcome === 'done') return vscode.l10n.t('done');
  if (outcome === 'failed') return vscode.l10n.t('failed ({0})', vscode.l10n.t('exit code {0}', exitCode ?? 0));
  return running ? vscode.l10n.t('at work') : vscode.l10n.t('broken off');
}
