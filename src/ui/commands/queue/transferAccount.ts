import * as vscode from 'vscode';
import type { TransferOutcome } from '../../../broker/index.ts';
import { explain } from '../../explain.ts';
import { label } from '../../label.ts';
import { list, messages } from '../../text.ts';

export type TransferKind = 'move' | 'copy' | 'return';

/**
 * What became of the messages of a queue, in words.
 * @param o.to undefined: where each came from
 * @param o.left how many are in the queue now; undefined: not known
 * @returns `clean`: all that was asked for was done, and nothing has to be looked after
 */
export function transferAccount(o: {
  kind: TransferKind;
  from: string;
  to: string | undefined;
  outcome: TransferOutcome;
  left?: number;
}): { text: string; clean: boolean } {
  const { outcome } = o;
  const from = label(o.from);
  const text = [
    doneWords(o),
    ...(outcome.skipped > 0 ? [skippedWords(o)] : []),
    ...(outcome.noOrigin > 0
      ? [
          vscode.l10n.t(
            'Still in {1}: {0} that came from no other queue, or from one that is gone.',
            messages(outcome.noOrigin),
            from,
          ),
        ]
      : []),
    ...(outcome.ended === 'cancelled' ? [cancelledWords(from, o.left)] : []),
    ...(outcome.refusal ? [refusalWords(outcome.refusal)] : []),
    ...(outcome.ended === 'connection-lost' || outcome.ended === 'refused'
      ? [vscode.l10n.t('The rest is still in {0}.', from)]
      : []),
    ...(outcome.maybeTwice > 0 ? [twiceWords(o)] : []),
    ...cameBackWords(o),
    // Last: the broker's own words may end without a full stop.
    ...(outcome.error && !outcome.refusal ? [explain(outcome.error).text] : []),
  ].join(' ');
  return { text, clean: outcome.ended === 'done' && outcome.noOrigin === 0 && outcome.maybeTwice === 0 };
}

function doneWords({ kind, from, to, outcome }: Parameters<typeof transferAccount>[0]): string {
  const done = messages(outcome.done);
  if (kind === 'move') return vscode.l10n.t('{0} moved from {1} to {2}.', done, label(from), label(to ?? ''));
  if (kind === 'copy') return vscode.l10n.t('{0} copied from {1} to {2}.', done, label(from), label(to ?? ''));
  if (outcome.done === 0) return vscode.l10n.t('None of the messages of {0} were returned.', label(from));
  const origins = [...outcome.arrived].map(([queue, count]) => vscode.l10n.t('{0} to {1}', count, label(queue, 60)));
  return vscode.l10n.t('{0} returned from {1}: {2}.', done, label(from), list(origins));
}

function cancelledWords(from: string, left: number | undefined): string {
  if (left === undefined) return vscode.l10n.t('You cancelled the rest; it is still in {0}.', from);
  return left === 1
    ? vscode.l10n.t('You cancelled the rest; {0} is still in {1}.', messages(left), from)
    : vscode.l10n.t('You cancelled the rest; {0} are still in {1}.', messages(left), from);
}

function skippedWords({ kind, from, outcome }: Parameters<typeof transferAccount>[0]): string {
  const skipped = messages(outcome.skipped);
  return kind === 'copy'
    ? vscode.l10n.t('Left out: {0} that did not match.', skipped)
    : vscode.l10n.t('Still in {1}: {0} that did not match.', skipped, label(from));
}

function refusalWords({ reason, queue }: NonNullable<TransferOutcome['refusal']>): string {
  return reason === 'unroutable'
    ? vscode.l10n.t('Queue {0} is not there.', label(queue))
    : vscode.l10n.t('Queue {0} took no more: it is full, or not available now.', label(queue));
}

function twiceWords({ kind, from, to, outcome }: Parameters<typeof transferAccount>[0]): string {
  if (kind === 'copy') {
    return vscode.l10n.t(
      '{0} more may be in {1}: the broker’s answer never came.',
      outcome.maybeTwice,
      label(to ?? ''),
    );
  }
  return to === undefined
    ? vscode.l10n.t('{0} may be in both places: returned, and still in {1}.', messages(outcome.maybeTwice), label(from))
    : vscode.l10n.t(
        '{0} may be in both queues: in {1}, and still in {2}.',
        messages(outcome.maybeTwice),
        label(to),
        label(from),
      );
}

function cameBackWords({ kind, from, outcome }: Parameters<typeof transferAccount>[0]): string[] {
  const { ended, done, cameBack } = outcome;
  if (kind === 'copy' || ended !== 'connection-lost' || done === 0 || cameBack === 0) return [];
  return [
    cameBack === undefined
      ? vscode.l10n.t(
          'If the broker was killed, some of what had gone on may be in {0} again; that could not be found out.',
          label(from),
        )
      : vscode.l10n.t(
          '{0} that had gone on are in {1} again, too: the broker forgot that they were taken.',
          messages(cameBack),
          label(from),
        ),
  ];
}
