import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import { isActive } from '../../../model/runAccounts.ts';
import type { FailedItem } from '../../../workload/failedItems.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { itemsOf } from '../../itemsOf.ts';
import { askFile, writeFile } from '../../saveFile.ts';
import { items } from '../../text.ts';
import { UserError } from '../../userError.ts';
import type { JobTarget } from './chooseJob.ts';
import { chooseSubject } from './chooseSubject.ts';
import { itemFile, needsMessages } from './failedFile.ts';
import { failedOf, itemNames, unreadWords } from './failedOf.ts';

/** Command: writes the items of a Job that failed to a file that can be published, as far as their bodies are known. */
export async function saveFailedItems(app: App, target?: JobTarget): Promise<void> {
  const subject = await chooseSubject(app, target, vscode.l10n.t('Save the failed items of which Job?'));
  const { name, uid } = subject;
  const account = await withProgress(vscode.l10n.t('Reading the logs of Job {0}', name), signal =>
    itemsOf(app, subject, signal),
  );
  const failed = failedOf(name, uid, account);
  const whole = failed.filter(item => item.whole);
  if (whole.length === 0) throw new UserError(cutWords(failed), { warning: true });
  const uri = await chooseFile(name, whole);
  const { text, written, unfit } = itemFile(whole, uri.path.endsWith('.jsonl') ? 'messages' : 'lines');
  await writeFile(uri, text);
  const cut = failed.filter(item => !item.whole);
  const job = app.model.runs.find(uid)?.job;
  const goesOn = job !== undefined && isActive(job);
  const left = [
    ...(cut.length > 0 ? [cutWords(cut)] : []),
    ...(unfit.length > 0
      ? [
          vscode.l10n.t(
            'Left out, as they are no line of text: {0} ({1}). Save as .jsonl to have them too.',
            items(unfit.length),
            itemNames(unfit),
          ),
        ]
      : []),
    ...unreadWords(account),
    ...(goesOn ? [vscode.l10n.t('The run goes on: some of them may still be done.')] : []),
  ];
  const show = left.length === 0 ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const open = vscode.l10n.t('Open File');
  const saved = vscode.l10n.t('Failed items saved to {0}: {1}, each once.', basename(uri.path), written);
  void show([saved, ...left].join(' '), open).then(chosen =>
    chosen === open ? vscode.commands.executeCommand('vscode.open', uri) : undefined,
  );
}

function cutWords(cut: readonly FailedItem[]): string {
  return vscode.l10n.t(
    'Not saved: {0} ({1}). A worker reports the first 200 characters of an item only, or it is no text.',
    items(cut.length),
    itemNames(cut),
  );
}

function chooseFile(job: string, whole: readonly FailedItem[]): Promise<vscode.Uri> {
  const lines = { [vscode.l10n.t('Bodies, one a line')]: ['txt'] };
  const jsonl = { [vscode.l10n.t('Messages with headers and properties')]: ['jsonl'] };
  const asMessages = needsMessages(whole);
  return askFile({
    title: vscode.l10n.t('Save Failed Items: .jsonl keeps line ends; any other ending: one item a line'),
    name: `${job}.failed.${asMessages ? 'jsonl' : 'txt'}`,
    filters: asMessages ? { ...jsonl, ...lines } : { ...lines, ...jsonl },
  });
}
