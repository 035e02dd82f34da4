import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PublishOutcome } from '../../../broker/index.ts';
import { parseItems } from '../../../workload/items.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { messages } from '../../text.ts';
import { UserError } from '../../userError.ts';
import { chooseQueue } from './chooseQueue.ts';
import { reportOutcome } from './outcome.ts';

type Items = ReturnType<typeof parseItems>;

/** Command: the selected lines become messages, one each; without a selection, all lines of the editor. */
export async function publishLines(app: App): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor)
    throw new UserError(vscode.l10n.t('Open the file that lists the items, and select their lines.'), {
      warning: true,
    });
  const taken = selectedItems(editor);
  if (taken.items.length === 0) {
    throw new UserError(vscode.l10n.t('The selected lines are blank: there is nothing to publish.'), { warning: true });
  }
  await app.model.broker.get();
  const { queue } = await chooseQueue(app, title(taken, editor), { create: true });
  const runId = randomBytes(5).toString('hex');
  const hold = app.model.broker.hold();
  const outcome = await withProgress(vscode.l10n.t('Publishing to {0}', queue), async (signal, report) =>
    publishItems(app, { queue, runId, items: taken.items, signal, report }),
  ).finally(() => hold.dispose());
  await app.model.queues.refresh();
  await reportOutcome(app, { queue, outcome, taken, document: editor.document });
}

async function publishItems(
  app: App,
  o: {
    queue: string;
    runId: string;
    items: Items['items'];
    signal: AbortSignal;
    report: (message: string, percent?: number) => void;
  },
): Promise<PublishOutcome> {
  const { address, socketPath } = await app.model.broker.get();
  const { publish } = await app.model.broker.api();
  const { queue, runId, items, signal } = o;
  const { queues } = app.model;
  let noted = 0;
  const note = (sent: number) => {
    queues.notePublished(queue, sent - noted);
    noted = sent;
  };
  const outcome = await publish({
    address,
    socketPath,
    purpose: 'publish',
    queue,
    items,
    runId,
    signal,
    onProgress: ({ sent, confirmed, blocked }) => {
      note(sent);
      const percent = (confirmed / items.length) * 100;
      if (blocked === undefined) o.report(vscode.l10n.t('{0} of {1} confirmed', confirmed, items.length), percent);
      else o.report(vscode.l10n.t('The broker takes no messages now ({0}); waiting', blocked), percent);
    },
  });
  note(outcome.confirmed + outcome.unknown.length);
  return outcome;
}

// Several cursors select several pieces: each line once, in the order of the file.
function selectedItems({ document, selections }: vscode.TextEditor): Items {
  const chosen = selections.filter(selection => !selection.isEmpty);
  if (chosen.length === 0) return parseItems(document.getText());
  const lines = new Set<number>();
  for (const { start, end } of chosen) {
    // A selection that ends before the first character of a line does not have that line.
    const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
    for (let line = start.line; line <= last; line++) lines.add(line);
  }
  const parts = [...lines]
    .sort((a, b) => a - b)
    .map(line => parseItems(document.lineAt(line).text, { firstLine: line + 1 }));
  return { items: parts.flatMap(part => part.items), skipped: parts.flatMap(part => part.skipped) };
}

function title({ items, skipped }: Items, { document, selections }: vscode.TextEditor): string {
  const what = vscode.l10n.t('Publish {0}', messages(items.length));
  const blank = skipped.filter(line => line.reason === 'blank').length;
  const unfit = skipped.length - blank;
  const file = vscode.workspace.asRelativePath(document.uri);
  const whole = selections.every(selection => selection.isEmpty);
  const parts = [
    ...(whole ? [vscode.l10n.t('all lines of {0}, as nothing is selected', file)] : []),
    ...(blank > 0 ? [vscode.l10n.t('{0} blank lines left out', blank)] : []),
    ...(unfit > 0 ? [vscode.l10n.t('{0} lines can’t be messages', unfit)] : []),
  ];
  return parts.length === 0 ? what : `${what} (${parts.join(vscode.l10n.t(', '))})`;
}
