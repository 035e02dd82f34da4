import * as vscode from 'vscode';
import type { TransferOutcome } from '../../../broker/index.ts';
import { wayTo } from '../../../model/connected.ts';
import { withProgress } from '../../command.ts';
import { COMMANDS } from '../../ids.ts';
import { label } from '../../label.ts';
import { messages } from '../../text.ts';
import type { QueueNow } from './queueNow.ts';
import { type TransferKind, transferAccount } from './transferAccount.ts';
import type { Which } from './whichMessages.ts';

/**
 * Moves, copies or returns messages under a progress message, and says exactly what became of them.
 * @param o.to the queue; undefined for the one that each message came from
 */
export async function transferMessages(o: {
  now: QueueNow;
  which: Which;
  kind: TransferKind;
  to?: string;
}): Promise<void> {
  const { now, which, kind, to } = o;
  const { place, queue, connected } = now;
  const { queues, link } = place;
  const { transfer } = await link.api();
  const hold = link.hold();
  const from = label(queue);
  // A run's account must not take what comes and goes here for the work of its Pods.
  let noted = 0;
  const note = (done: number) => {
    if (kind !== 'copy') queues.notePublished(queue, noted - done);
    if (to !== undefined) queues.notePublished(to, done - noted);
    noted = done;
  };
  try {
    const outcome = await withProgress(progressTitle(kind, from, to), (signal, report) =>
      transfer({
        ...wayTo(connected),
        purpose: kind,
        from: queue,
        to: to === undefined ? 'origin' : { queue: to },
        keep: kind === 'copy',
        count: which.count,
        filter: which.filter,
        signal,
        onProgress: ({ done, skipped, of, blocked }) => {
          note(done);
          const wanted = Math.min(of, which.count ?? of);
          report(progressWords({ done, skipped, wanted, blocked }), ((done + skipped) / wanted) * 100);
        },
      }),
    );
    note(outcome.done);
    if (to === undefined) for (const [origin, count] of outcome.arrived) queues.notePublished(origin, count);
    // First the rows, then the words: a person compares them.
    await queues.refresh();
    const left = outcome.ended === 'cancelled' ? await leftIn(now, outcome) : undefined;
    const { text, clean } = transferAccount({ kind, from: queue, to, outcome, left });
    const show = clean ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    const seen = to ?? queue;
    const describe = vscode.l10n.t('Describe {0}', label(seen, 60));
    void show(text, describe).then(chosen => {
      const row = { kind: 'queue', place: place.id, name: seen };
      return chosen === describe ? vscode.commands.executeCommand(COMMANDS.describeQueue, row) : undefined;
    });
  } finally {
    hold.dispose();
  }
}

/**
 * @returns how many messages the queue has now; undefined where the number would not add up: consumers take some of them,
 * or those that were looked at are not all back in it yet
 */
async function leftIn({ place, queue }: QueueNow, { of, done }: TransferOutcome): Promise<number | undefined> {
  const depth = await place.queues.depth(queue).catch(() => undefined);
  return depth?.consumers === 0 && depth.ready >= of - done ? depth.ready : undefined;
}

function progressTitle(kind: TransferKind, from: string, to: string | undefined): string {
  if (to === undefined) return vscode.l10n.t('Returning messages of {0}', from);
  return kind === 'copy'
    ? vscode.l10n.t('Copying messages of {0} to {1}', from, label(to))
    : vscode.l10n.t('Moving messages from {0} to {1}', from, label(to));
}

function progressWords(o: { done: number; skipped: number; wanted: number; blocked: string | undefined }): string {
  if (o.blocked !== undefined) return vscode.l10n.t('The broker takes no messages now ({0}); waiting', o.blocked);
  return o.skipped === 0
    ? vscode.l10n.t('{0} of {1}', o.done, messages(o.wanted))
    : vscode.l10n.t('{0} done, {1} looked at and left', o.done, o.skipped);
}
