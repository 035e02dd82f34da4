import * as vscode from 'vscode';
import type { PublishOutcome } from '../../../broker/index.ts';
import type { SkipReason } from '../../../workload/items.ts';
import type { App } from '../../app.ts';
import { explain } from '../../explain.ts';
import { COMMANDS } from '../../ids.ts';
import { messages } from '../../text.ts';

/** What became of a publish: in one message, and line by line in a document where some were not confirmed. */
export async function reportOutcome(
  app: App,
  o: {
    queue: string;
    outcome: PublishOutcome;
    taken: { items: { line: number }[]; skipped: { line: number; reason: SkipReason }[] };
    document: vscode.TextDocument;
  },
): Promise<void> {
  const { queue, outcome, taken } = o;
  const lines = account(outcome, taken);
  const blank = taken.skipped.filter(({ reason }) => reason === 'blank').length;
  const text = [
    vscode.l10n.t('{0} confirmed {1} of {2}.', queue, outcome.confirmed, messages(taken.items.length)),
    ...(outcome.ended === 'cancelled' ? [vscode.l10n.t('You cancelled the rest.')] : []),
    ...(outcome.error ? [explain(outcome.error).text] : []),
    ...(blank > 0 ? [vscode.l10n.t('Blank lines left out: {0}.', blank)] : []),
    ...(lines.length > 0 ? [vscode.l10n.t('Not confirmed: {0}.', shortList(lines))] : []),
  ].join(' ');
  if (lines.length === 0) {
    const run = vscode.l10n.t('Run Job');
    void vscode.window.showInformationMessage(text, run).then(chosen => {
      if (chosen === run) return vscode.commands.executeCommand(COMMANDS.runJob);
      return undefined;
    });
    return;
  }
  const show = vscode.l10n.t('Show Lines');
  void vscode.window.showWarningMessage(text, show).then(chosen => {
    if (chosen !== show) return undefined;
    const name = vscode.l10n.t('Lines not confirmed by {0}.txt', queue.replaceAll('/', '_'));
    const body = lines.map(({ from, to, why }) => `${range(from, to)}: ${why}`).join('\n');
    return app.preview.show(name, `${body}\n`);
  });
}

interface NotConfirmed {
  from: number;
  to: number;
  why: string;
}

// Lines that follow each other and share a fate are told as one range: a broken connection leaves thousands.
function account(
  outcome: PublishOutcome,
  taken: { items: { line: number }[]; skipped: { line: number; reason: SkipReason }[] },
) {
  const fates = new Map<number, string>();
  for (const { line, reason } of taken.skipped) {
    if (reason === 'too-large') fates.set(line, vscode.l10n.t('larger than the broker takes (16 MiB); not sent'));
    if (reason === 'invalid-unicode')
      fates.set(line, vscode.l10n.t('not valid text (half of a character pair); not sent'));
  }
  for (const { line, reason } of outcome.failed) {
    if (reason === 'unroutable') fates.set(line, vscode.l10n.t('returned: the queue was not there'));
    if (reason === 'nacked') fates.set(line, vscode.l10n.t('refused by the broker (the queue may be full)'));
    if (reason === 'too-large') fates.set(line, vscode.l10n.t('larger than the broker takes (16 MiB); not sent'));
  }
  for (const line of outcome.unknown)
    fates.set(line, vscode.l10n.t('sent, but the broker’s answer never came: it may be there'));
  const unsent = outcome.unsent?.from ?? Number.POSITIVE_INFINITY;
  for (const { line } of taken.items) if (line >= unsent) fates.set(line, vscode.l10n.t('not sent'));
  const lines: NotConfirmed[] = [];
  for (const [line, why] of [...fates].sort(([a], [b]) => a - b)) {
    const last = lines.at(-1);
    if (last && last.why === why && last.to === line - 1) last.to = line;
    else lines.push({ from: line, to: line, why });
  }
  return lines;
}

const range = (from: number, to: number) =>
  from === to ? vscode.l10n.t('line {0}', from) : vscode.l10n.t('lines {0} to {1}', from, to);

function shortList(lines: NotConfirmed[]): string {
  const some = lines.slice(0, 3).map(({ from, to, why }) => `${range(from, to)} (${why})`);
  return [...some, ...(lines.length > 3 ? ['…'] : [])].join('; ');
}
