import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DrainOutcome } from '../../../broker/index.ts';
import { explain } from '../../explain.ts';
import { label } from '../../label.ts';
import { messages } from '../../text.ts';

interface Saved {
  queue: string;
  path: string;
  /** Whether the messages were taken from the queue by it. */
  take: boolean;
  /** Messages that were left because their body is no line of text. */
  unfit: number;
  outcome: DrainOutcome;
}

/** Says what was saved, and offers to open the file. */
export function reportSaved(saved: Saved): void {
  const { text, clean } = savedWords(saved);
  const open = vscode.l10n.t('Open File');
  const show = clean ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  void show(text, open).then(chosen =>
    chosen === open ? vscode.commands.executeCommand('vscode.open', vscode.Uri.file(saved.path)) : undefined,
  );
}

/** @returns `clean`: all that was asked for is in the file */
export function savedWords({ queue, path, take, unfit, outcome }: Saved): { text: string; clean: boolean } {
  const name = label(queue);
  const written = messages(outcome.written);
  const text = [
    take
      ? vscode.l10n.t('{0} saved to {1} and taken from {2}.', written, basename(path), name)
      : vscode.l10n.t('{0} saved to {1}; they are still in {2}.', written, basename(path), name),
    ...(unfit > 0
      ? [
          vscode.l10n.t(
            '{0} left out: a body that is empty, has line ends or is no text can’t be a line. Save as .jsonl to have them too.',
            messages(unfit),
          ),
        ]
      : []),
    ...(outcome.ended === 'cancelled' ? [vscode.l10n.t('You cancelled the rest; it is still in {0}.', name)] : []),
    ...(outcome.ended !== 'done' && outcome.ended !== 'cancelled'
      ? [vscode.l10n.t('The rest is still in {0}.', name)]
      : []),
    ...(outcome.maybeStillThere > 0
      ? [vscode.l10n.t('{0} of those in the file may still be in {1}, too.', outcome.maybeStillThere, name)]
      : []),
    // Last: the words of a system may end without a full stop.
    ...(outcome.ended === 'write-failed'
      ? [vscode.l10n.t('The file cannot be written: {0}', systemWords(outcome.writeError))]
      : []),
    ...(outcome.error ? [explain(outcome.error).text] : []),
  ].join(' ');
  return { text, clean: outcome.ended === 'done' && unfit === 0 };
}

const systemWords = (error: unknown) => (error instanceof Error ? error.message : String(error));
