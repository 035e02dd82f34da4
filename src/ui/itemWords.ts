import * as vscode from 'vscode';
import { type ItemAccount, LOG_BYTES, LOGS_AT_MOST, type PodItem } from '../model/itemReports.ts';
import { columns } from './columns.ts';
import { label } from './label.ts';
import { bytes, list } from './text.ts';

/** Characters of an item that a row shows. */
const SHOWN = 60;

/** How the items of a Job stand in sum, and what of its logs was not read. */
export function itemTotals(account: ItemAccount): string[] {
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
export function itemRows(found: readonly PodItem[], most: number): string[] {
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
