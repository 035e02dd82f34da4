import * as vscode from 'vscode';
import type { MessageCopy } from '../../../broker/index.ts';
import { label } from '../../label.ts';
import { messageFilter } from '../../messageFilter.ts';
import { pickOne } from '../../pickOne.ts';
import { messages } from '../../text.ts';

/** A part of a queue's messages. */
export interface Which {
  /** undefined: as many as are there when it begins. */
  count?: number;
  filter?: (message: MessageCopy) => boolean;
  /** "all 12 messages", "the first 3 messages", "the messages with “acme” in the body" */
  words: string;
}

/**
 * Asks which of a queue's messages are meant.
 * @param ready how many there are
 * @throws CancellationError
 */
export async function chooseMessages(title: string, ready: number): Promise<Which> {
  const all = vscode.l10n.t('all {0}', messages(ready));
  const items = [
    { label: vscode.l10n.t('All {0}', messages(ready)), ask: async (): Promise<Which> => ({ words: all }) },
    {
      label: vscode.l10n.t('The first…'),
      description: vscode.l10n.t('a number of them'),
      ask: () => first(title, ready),
    },
    {
      label: vscode.l10n.t('With a text in the body…'),
      ask: async (): Promise<Which> => {
        const text = await askText(title, vscode.l10n.t('The body has this text; upper and lower case are the same.'));
        const words = vscode.l10n.t('the messages with “{0}” in the body', label(text, 60));
        return { filter: messageFilter('body', text), words };
      },
    },
    {
      label: vscode.l10n.t('With a text in the headers…'),
      description: vscode.l10n.t('and properties'),
      ask: async (): Promise<Which> => {
        const text = await askText(title, vscode.l10n.t('A part of a name, of a value, or both as “name: value”.'));
        const words = vscode.l10n.t('the messages with “{0}” in the headers', label(text, 60));
        return { filter: messageFilter('headers', text), words };
      },
    },
  ];
  const placeHolder = vscode.l10n.t('Which messages?');
  const picked = await pickOne(items, { title, placeHolder });
  return picked.ask();
}

/**
 * Asks for a number of messages.
 * @param o.most the largest that makes sense
 * @throws CancellationError
 */
export async function askCount(o: { title: string; prompt: string; value: number; most: number }): Promise<number> {
  const text = await vscode.window.showInputBox({
    title: o.title,
    prompt: o.prompt,
    value: String(o.value),
    ignoreFocusOut: true,
    validateInput: value =>
      /^\d+$/.test(value.trim()) && Number(value) >= 1 && Number(value) <= o.most
        ? undefined
        : vscode.l10n.t('A number from 1 to {0}', o.most),
  });
  if (text === undefined) throw new vscode.CancellationError();
  return Number(text);
}

async function first(title: string, ready: number): Promise<Which> {
  const prompt = vscode.l10n.t('How many, from the head of the queue on?');
  const count = await askCount({ title, prompt, value: Math.min(10, ready), most: ready });
  return { count, words: vscode.l10n.t('the first {0}', messages(count)) };
}

async function askText(title: string, prompt: string): Promise<string> {
  const text = await vscode.window.showInputBox({ title, prompt, ignoreFocusOut: true });
  if (!text) throw new vscode.CancellationError();
  return text;
}
