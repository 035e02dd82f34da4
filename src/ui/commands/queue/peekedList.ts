import * as vscode from 'vscode';
import type { MessageCopy } from '../../../broker/index.ts';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { bodyDocument, messageRow, propertiesDocument } from '../../messageDocuments.ts';
import { messages as messagesWords } from '../../text.ts';

/** Messages that were read, and of what. */
export interface Peeked {
  queue: string;
  /** The broker's URL without its password. */
  broker: string;
  /** When, in milliseconds since the epoch. */
  at: number;
  messages: MessageCopy[];
  /** How many more the queue has. */
  more: number;
}

interface Row extends vscode.QuickPickItem {
  message: MessageCopy;
}

/**
 * Lists messages that were read. One that is picked is opened, its body and beside it its properties, and the list stays
 * until it is closed: another look would cost the queue another delivery.
 */
export async function browseMessages(app: App, peeked: Peeked): Promise<void> {
  const list = vscode.window.createQuickPick<Row>();
  list.title = title(peeked);
  list.placeholder = vscode.l10n.t('Pick a message to open it; type to find one; Escape closes the list');
  list.ignoreFocusOut = true;
  list.matchOnDescription = true;
  list.keepScrollPosition = true;
  list.items = peeked.messages.map(message => ({ ...messageRow(message), message }));
  let opening: Promise<void> = Promise.resolve();
  list.onDidAccept(() => {
    const [row] = list.selectedItems;
    // One after the other: two that are opened at once would take each other's column.
    if (row) opening = opening.then(() => open(app, row.message, peeked));
  });
  await new Promise<void>(resolve => {
    list.onDidHide(() => resolve());
    list.show();
  });
  list.dispose();
  await opening;
}

function title({ queue, messages, more }: Peeked): string {
  const shown = vscode.l10n.t('{0} of queue {1}', messagesWords(messages.length), label(queue));
  return more > 0 ? vscode.l10n.t('{0}; {1} more in it', shown, more) : shown;
}

async function open(app: App, message: MessageCopy, peeked: Peeked): Promise<void> {
  const body = bodyDocument(message, peeked.queue);
  const properties = propertiesDocument(message, peeked);
  const [left = vscode.ViewColumn.One] = vscode.window.tabGroups.all
    .map(({ viewColumn }) => viewColumn)
    .sort((a, b) => a - b);
  await app.preview.show(properties.name, properties.text, { viewColumn: left + 1, preserveFocus: true });
  await app.preview.show(body.name, body.text, { viewColumn: left, preserveFocus: true });
}
