import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { COMMANDS } from '../../ids.ts';
import { label } from '../../label.ts';
import { type NotConfirmed, notConfirmed } from './outcomeAccount.ts';
import { type Ended, outcomeDocument, outcomeSentences } from './outcomeWords.ts';
import { canSelect, selectLines } from './selectLines.ts';
import type { ItemSource } from './source.ts';

interface Button {
  label: string;
  run: () => unknown;
}

/** @returns whether every item is in the queue, once, as the preview showed it */
export const isWhole = (ended: Ended): boolean => isArrived(ended) && !ended.hasChanged;

function isArrived({ outcome, summary }: Ended): boolean {
  const { ended, lostByBroker, maybeDoubled } = outcome;
  return notConfirmed(outcome, summary).length === 0 && ended === 'done' && lostByBroker + maybeDoubled === 0;
}

/** Tells what became of a publication, with what can be done next as buttons. */
export function reportOutcome(app: App, o: Ended & { source: ItemSource; canGoOn: boolean }): void {
  const { outcome } = o;
  const lines = notConfirmed(outcome, o.summary);
  const isGood = isArrived(o);
  const show = isWhole(o) ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const buttons = isGood ? afterSuccess(o) : afterLoss(app, o, lines);
  const text = outcomeSentences(o);
  app.log.info(text);
  // Not awaited: the command has ended, its message may stay for as long as it likes.
  void show(text, ...buttons.map(button => button.label)).then(chosen =>
    buttons.find(button => button.label === chosen)?.run(),
  );
}

function afterSuccess({ publication }: Ended): Button[] {
  return [
    { label: vscode.l10n.t('Run Job'), run: () => vscode.commands.executeCommand(COMMANDS.runJob) },
    undo(publication.runId),
  ];
}

function afterLoss(app: App, o: Ended & { source: ItemSource; canGoOn: boolean }, lines: NotConfirmed[]): Button[] {
  const { publication, outcome, source } = o;
  return [
    ...(o.canGoOn
      ? [
          {
            label: vscode.l10n.t('Go On'),
            run: () => vscode.commands.executeCommand(COMMANDS.resumePublish, publication.runId, 'go-on'),
          },
        ]
      : []),
    // What can be gone on with is better not published a second time by hand.
    ...(!o.canGoOn && canSelect(source, lines)
      ? [{ label: vscode.l10n.t('Select the Lines'), run: () => selectLines(source, publication.format, lines) }]
      : []),
    ...(outcome.confirmed > 0 ? [undo(publication.runId)] : []),
    {
      label: vscode.l10n.t('Show Account'),
      run: () => app.preview.show(accountName(publication.queue), outcomeDocument(o)),
    },
  ];
}

const undo = (runId: string): Button => ({
  label: vscode.l10n.t('Undo…'),
  run: () => vscode.commands.executeCommand(COMMANDS.undoPublish, runId),
});

/** @returns the title of the document that has a publication's account */
export const accountName = (queue: string): string =>
  vscode.l10n.t('Account of the publication to {0}.txt', label(queue).replaceAll('/', '_'));
