import { basename } from 'node:path';
import * as vscode from 'vscode';
import { wayTo } from '../../../model/connected.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { label } from '../../label.ts';
import { pickOne } from '../../pickOne.ts';
import { confirmTaking } from '../../production.ts';
import { messages } from '../../text.ts';
import { UserError } from '../../userError.ts';
import type { QueueRow } from '../../views/queues.ts';
import { chooseQueue } from './chooseQueue.ts';
import { confirmLook, lookWords } from './lookRisks.ts';
import { needMessages, type QueueNow, queueNow } from './queueNow.ts';
import { reportSaved } from './saveAccount.ts';
import { lineOf, SavedFile, type SaveFormat } from './savedFile.ts';
import { chooseMessages, type Which } from './whichMessages.ts';

/** Command: writes messages to a file, one line each, and leaves them in the queue or takes them out of it. */
export async function saveMessages(app: App, row?: QueueRow): Promise<void> {
  const now = await queueNow(await chooseQueue(app, vscode.l10n.t('Save the messages of which queue?'), { row }));
  needMessages(now);
  const { place, queue } = now;
  const name = label(queue);
  const title = vscode.l10n.t('Save messages of {0}', name);
  const take = await chooseTaking(title, now);
  const which = await chooseMessages(title, now.ready);
  const path = await chooseFile(queue);
  const format = path.endsWith('.jsonl') ? 'messages' : 'lines';
  if (take) {
    await confirmTaking(app, {
      place,
      name: queue,
      title: vscode.l10n.t('Take messages of {0} out of the queue?', name),
      detail: [
        vscode.l10n.t('It takes {0}, each once it is on the disk in {1}.', which.words, basename(path)),
        ...(format === 'lines'
          ? [vscode.l10n.t('The file has their bodies only: headers and properties are lost.')]
          : []),
      ].join('\n'),
      button: vscode.l10n.t('Save and Take'),
    });
  } else await confirmLook(app, now, vscode.l10n.t('Save Anyway'));
  await save({ now, which, take, path, format });
}

async function save(o: {
  now: QueueNow;
  which: Which;
  take: boolean;
  path: string;
  format: SaveFormat;
}): Promise<void> {
  const { now, which, take, path, format } = o;
  const { place, queue, connected } = now;
  const { link, queues } = place;
  const { drain } = await link.api();
  const hold = link.hold();
  let unfit = 0;
  let noted = 0;
  const note = (written: number) => {
    if (take) queues.notePublished(queue, noted - written);
    noted = written;
  };
  try {
    const file = await openFile(path, { format, safe: take });
    const outcome = await withProgress(vscode.l10n.t('Saving messages of {0}', label(queue)), (signal, report) =>
      drain({
        ...wayTo(connected),
        purpose: 'save',
        queue,
        take,
        count: which.count,
        filter: message => {
          if (which.filter && !which.filter(message)) return false;
          if (format === 'messages' || lineOf(message.body) !== undefined) return true;
          unfit++;
          return false;
        },
        write: message => file.write(message),
        onProgress: ({ written, skipped, of }) => {
          note(written);
          report(
            vscode.l10n.t('{0} saved', messages(written)),
            ((written + skipped) / Math.min(of, which.count ?? of)) * 100,
          );
        },
        signal,
      }),
    ).finally(() => file.close());
    note(outcome.written);
    await queues.refresh();
    reportSaved({ queue, path, take, unfit, outcome });
  } finally {
    hold.dispose();
  }
}

async function chooseTaking(title: string, now: QueueNow): Promise<boolean> {
  const items = [
    {
      label: vscode.l10n.t('Keep them in the queue'),
      detail: lookWords(now),
      take: false,
    },
    {
      label: vscode.l10n.t('Take them out of the queue'),
      detail: vscode.l10n.t('Each is taken once it is on the disk.'),
      take: true,
    },
  ];
  const picked = await pickOne(items, { title });
  return picked.take;
}

async function chooseFile(queue: string): Promise<string> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${queue.replace(/[^\p{L}\p{N}._-]/gu, '_')}.jsonl`;
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save to: .jsonl keeps headers and properties; any other ending: bodies only, one a line'),
    saveLabel: vscode.l10n.t('Save'),
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: {
      [vscode.l10n.t('Messages with headers and properties')]: ['jsonl'],
      [vscode.l10n.t('Bodies, one a line')]: ['txt'],
    },
  });
  if (!uri) throw new vscode.CancellationError();
  if (uri.scheme !== 'file') {
    throw new UserError(vscode.l10n.t('Messages can be saved to a file of this computer only.'), { warning: true });
  }
  return uri.fsPath;
}

async function openFile(path: string, o: { format: SaveFormat; safe: boolean }): Promise<SavedFile> {
  try {
    return await SavedFile.create(path, o);
  } catch (error) {
    throw new UserError(
      vscode.l10n.t('{0} cannot be written: {1}', path, error instanceof Error ? error.message : String(error)),
    );
  }
}
