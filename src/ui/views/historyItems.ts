import * as vscode from 'vscode';
import type { RunResult } from '../../model/runHistory.ts';
import type { FindingCode } from '../../workload/findings.ts';
import { ROWS } from '../ids.ts';
import { clock, duration, list, pods } from '../text.ts';

/** A row below a queue for a run that has ended. */
export function historyItem(id: string, run: RunResult, now = Date.now()): vscode.TreeItem {
  const item = new vscode.TreeItem(run.job);
  item.id = id;
  item.contextValue = ROWS.note;
  const words = resultWords(run);
  const took = vscode.l10n.t('took {0}', duration(run.finished - run.started));
  item.description = [words, took, clock(run.finished, now)].join(' · ');
  item.iconPath = icon(run);
  item.tooltip = [`${run.job}: ${words}`, ...details(run, now)].join('\n');
  item.accessibilityInformation = { label: vscode.l10n.t('Run {0}: {1}', run.job, list([words, took])) };
  return item;
}

function resultWords({ state, reason, done, completions }: RunResult): string {
  const counted =
    completions === undefined ? vscode.l10n.t('{0} done', done) : vscode.l10n.t('{0} of {1} done', done, completions);
  if (state === 'complete') return counted;
  const why = reason ? vscode.l10n.t('failed ({0})', reason) : vscode.l10n.t('failed');
  return list([why, counted]);
}

function details(run: RunResult, now: number): string[] {
  const { items, failed, left, findings } = run;
  return [
    vscode.l10n.t('Namespace: {0}', run.namespace),
    ...(items === undefined ? [] : [vscode.l10n.t('In the queue at its start: {0}', items)]),
    ...(failed > 0 ? [vscode.l10n.t('Failed: {0}', pods(failed))] : []),
    left === undefined ? vscode.l10n.t('Left: not known') : vscode.l10n.t('Left: {0}', left),
    vscode.l10n.t(
      'From {0} to {1}, {2}',
      clock(run.started, now),
      clock(run.finished, now),
      duration(run.finished - run.started),
    ),
    ...(findings.length > 0 ? [vscode.l10n.t('Found: {0}', list(findings.map(findingName)))] : []),
  ];
}

/** What may be said of a run that has ended; its numbers are not kept. */
const NAMES: Partial<Record<FindingCode, () => string>> = {
  'items-left-behind': () => vscode.l10n.t('items left in the queue'),
  'failed-item-counted-as-done': () => vscode.l10n.t('failed items counted as done'),
  'backoff-exhausted': () => vscode.l10n.t('too many failed Pods'),
  'logs-lost-on-failure': () => vscode.l10n.t('logs of failed Pods lost'),
  'queue-missing': () => vscode.l10n.t('the queue was not there'),
  'ack-timeout-risk': () => vscode.l10n.t('items acknowledged too late'),
  'items-too-short-for-a-pod': () => vscode.l10n.t('items shorter than a Pod’s start'),
  'foreign-consumers': () => vscode.l10n.t('others took messages'),
};

// A file on the disk says which: it may be another version's.
const findingName = (code: FindingCode) => (Object.hasOwn(NAMES, code) ? NAMES[code]?.() : undefined) ?? code;

function icon({ state, findings }: RunResult): vscode.ThemeIcon {
  if (state === 'failed') return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  if (findings.includes('failed-item-counted-as-done') || findings.includes('items-left-behind')) {
    return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  }
  return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
}
