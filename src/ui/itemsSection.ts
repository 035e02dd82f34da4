import * as vscode from 'vscode';
import type { PodItem } from '../model/itemReports.ts';
import { columns } from './columns.ts';
import { label } from './label.ts';
import { items } from './text.ts';

const ROWS_AT_MOST = 50;

/** The items of a Job with their Pods, outcomes and durations, those that failed first; none where no worker tells. */
export function itemsSection(found: readonly PodItem[]): string[] {
  const sorted = [...found].sort((a, b) => rank(a) - rank(b));
  const rows = sorted
    .slice(0, ROWS_AT_MOST)
    .map(one => [
      outcome(one),
      one.seconds === undefined ? '' : vscode.l10n.t('{0} s', one.seconds),
      one.pod,
      label(one.item, 80),
    ]);
  const more = sorted.length - ROWS_AT_MOST;
  const isFailed = found.some(one => one.outcome === 'failed');
  return [
    ...columns(rows),
    ...(more > 0 ? [vscode.l10n.t('and {0} more', items(more))] : []),
    ...(isFailed
      ? [
          vscode.l10n.t(
            'A failed item is not acknowledged: the broker puts it back into its queue by itself, as often as the queue’s delivery limit lets it.',
          ),
        ]
      : []),
  ];
}

const rank = ({ outcome, running }: PodItem) => (outcome === 'failed' ? 0 : outcome === 'done' ? 3 : running ? 2 : 1);

function outcome({ outcome, exitCode, running }: PodItem): string {
  if (outcome === 'done') return vscode.l10n.t('done');
  if (outcome === 'failed') return vscode.l10n.t('failed ({0})', vscode.l10n.t('exit code {0}', exitCode ?? 0));
  return running ? vscode.l10n.t('at work') : vscode.l10n.t('broken off');
}
