import * as vscode from 'vscode';
import type { MessageCopy } from '../../../broker/index.ts';
import type { App } from '../../app.ts';
import { COMMANDS } from '../../ids.ts';
import { label } from '../../label.ts';
import { bodyDocument, messageRow, propertiesDocument } from '../../messageDocuments.ts';
import { messages as messagesWords } from '../../text.ts';

/** Messages that were read once; they are looked through without another look at the queue, which would cost it a delivery. */
export interface Peeked {
  kind: 'peeked';
  queue: string;
  /** The broker's URL without its password. */
  broker: string;
  /** When, in milliseconds since the epoch. */
  at: number;
  messages: readonly MessageCopy[];
  /** How many more the queue has. */
  more: number;
  /** The message to open; undefined: they are listed to be picked from. */
  open?: MessageCopy;
}

/** Opens the message that is asked for, its body and beside it its properties, or lists them all. */
export async function showPeeked(app: App, peeked: Peeked): Promise<void> {
  const message = peeked.open ?? (await pick(peeked));
  if (!message) return;
  const properties = propertiesDocument(message, peeked);
  const body = bodyDocument(message, peeked.queue);
  const columns = vscode.window.tabGroups.all.map(({ viewColumn }) => viewColumn);
  const left = columns.length === 0 ? vscode.ViewColumn.One : Math.min(...columns);
  await app.preview.show(properties.name, properties.text, { where: { viewColumn: left + 1, preserveFocus: true } });
  await app.preview.show(body.name, body.text, { where: { viewColumn: left }, actions: steps(peeked, message) });
}

async function pick(peeked: Peeked): Promise<MessageCopy | undefined> {
  const { queue, messages, more } = peeked;
  const shown = vscode.l10n.t('{0} of queue {1}', messagesWords(messages.length), label(queue));
  const picked = await vscode.window.showQuickPick(
    messages.map(message => ({ ...messageRow(message), message })),
    {
      title: more > 0 ? vscode.l10n.t('{0}; {1} more in it', shown, more) : shown,
      placeHolder: vscode.l10n.t('Pick a message to open it, or type to find one'),
      matchOnDescription: true,
      ignoreFocusOut: true,
    },
  );
  return picked?.message;
}

function steps(peeked: Peeked, message: MessageCopy): vscode.Command[] {
  const { messages } = peeked;
  const at = messages.indexOf(message);
  const step = (title: string, open: MessageCopy | undefined): vscode.Command => ({
    title,
    command: COMMANDS.peekMessages,
    arguments: [{ ...peeked, open }],
  });
  const [before, after] = [messages[at - 1], messages[at + 1]];
  return [
    ...(before ? [step(vscode.l10n.t('$(arrow-left) Previous'), before)] : []),
    ...(after ? [step(vscode.l10n.t('$(arrow-right) Next'), after)] : []),
    step(vscode.l10n.t('$(list-unordered) {0} of {1}: pick another…', at + 1, messages.length), undefined),
  ];
}
