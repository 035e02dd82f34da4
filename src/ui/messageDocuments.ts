import * as vscode from 'vscode';
import type { MessageCopy } from '../broker/index.ts';
import { bodyText } from '../workload/bodyLanguage.ts';
import { columns } from './columns.ts';
import { label } from './label.ts';
import { valueText } from './messageFilter.ts';
import { plainPage } from './plainText.ts';
import { bytes, clock, list } from './text.ts';

/** A text to open, and the name that its language goes by. */
export interface MessageDocument {
  name: string;
  text: string;
}

/** Characters of a body that a document shows: the editor takes the whole text over at once. */
const SHOWN_AT_MOST = 5_000_000;

/** Bytes of a body that its row is made of. */
const ROW_BYTES = 1000;

const ENDINGS: Record<string, string> = { json: 'json', xml: 'xml', yaml: 'yaml' };

/** A message as a row to pick: what its body begins with, and what is special about it. */
export function messageRow(message: MessageCopy): { label: string; description: string } {
  const { body, redelivered, deaths } = message;
  const head = beginning(body);
  const begin = bodyText(head).binary ? vscode.l10n.t('binary') : label(Buffer.from(head).toString(), 80);
  return {
    label: `${message.position}  ${begin === '' ? vscode.l10n.t('(empty)') : begin}`,
    description: list([
      bytes(body.length),
      ...(message.fields.contentType === undefined ? [] : [label(message.fields.contentType, 60)]),
      ...(redelivered ? [vscode.l10n.t('redelivered')] : []),
      ...deaths
        .slice(0, 1)
        .map(({ queue, reason }) => vscode.l10n.t('from {0} ({1})', label(queue, 60), label(reason, 30))),
    ]),
  };
}

/** As much of a body as a row can show, cut between characters. */
function beginning(body: Uint8Array): Uint8Array {
  let end = Math.min(ROW_BYTES, body.length);
  // In UTF-8 a byte 10xxxxxx goes on with a character.
  while (end < body.length && ((body[end] ?? 0) & 0xc0) === 0x80) end--;
  return body.subarray(0, end);
}

/** A message's body as a document in the language of its content; JSON is laid out. */
export function bodyDocument(message: MessageCopy, queue: string): MessageDocument {
  const { language, text } = bodyText(message.body);
  const name = vscode.l10n.t('{0} message {1}', fileName(queue), message.position);
  return { name: `${name}.${ENDINGS[language] ?? 'txt'}`, text: text.slice(0, SHOWN_AT_MOST) };
}

/**
 * All that a message has besides its body, as a page of text.
 * @param o.broker the broker's URL without its password
 * @param o.at when it was read, in milliseconds since the epoch
 */
export function propertiesDocument(
  message: MessageCopy,
  o: { queue: string; broker: string; at: number; now?: number },
): MessageDocument {
  const { fields, deaths } = message;
  const { headers = {}, ...properties } = fields;
  const sections = [
    [vscode.l10n.t('Message {0} of queue {1}', message.position, label(o.queue)), ...rows(facts(message, o))],
    section(vscode.l10n.t('Properties'), propertyRows(properties)),
    section(vscode.l10n.t('Headers'), Object.entries(headers)),
    section(
      vscode.l10n.t('Dead-lettered'),
      deaths.map(({ queue, reason, count }) => [queue, `${reason}, ×${count}`]),
    ),
  ];
  const name = vscode.l10n.t('{0} message {1} properties', fileName(o.queue), message.position);
  return { name: `${name}.txt`, text: plainPage(sections) };
}

function facts(message: MessageCopy, o: { broker: string; at: number; now?: number }): [string, unknown][] {
  const { body, exchange, routingKey, redelivered, deliveryCount } = message;
  const { language, text, binary, left } = bodyText(body);
  return [
    [vscode.l10n.t('Broker'), o.broker],
    [vscode.l10n.t('Read at'), clock(o.at, o.now)],
    [vscode.l10n.t('Size'), bytes(body.length)],
    [vscode.l10n.t('Body'), bodyWords(language, binary)],
    ...cutWords(text, left),
    [vscode.l10n.t('Exchange'), exchange === '' ? vscode.l10n.t('the default one') : exchange],
    [vscode.l10n.t('Routing key'), routingKey],
    [
      vscode.l10n.t('Redelivered'),
      redelivered ? vscode.l10n.t('yes, before this look') : vscode.l10n.t('no, until this look'),
    ],
    ...(deliveryCount === undefined ? [] : [[vscode.l10n.t('Delivered before'), deliveryCount] as [string, number]]),
  ];
}

function cutWords(text: string, left: number): [string, string][] {
  if (left > 0) return [['', vscode.l10n.t('the last {0} are not shown', bytes(left))]];
  return text.length > SHOWN_AT_MOST
    ? [['', vscode.l10n.t('only the first {0} characters are shown', SHOWN_AT_MOST)]]
    : [];
}

function bodyWords(language: string, binary: boolean): string {
  if (binary) return vscode.l10n.t('binary, shown as hexadecimal bytes');
  return language === 'plaintext' ? vscode.l10n.t('text') : language.toUpperCase();
}

function propertyRows(properties: MessageCopy['fields']): [string, unknown][] {
  return Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, name === 'timestamp' && typeof value === 'number' ? timeText(value) : value]);
}

// Some clients write milliseconds although AMQP says seconds; a time that no calendar has is left as it is.
function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? String(seconds) : `${seconds} (${time.toISOString()})`;
}

function section(title: string, entries: [string, unknown][]): string[] {
  return entries.length === 0 ? [] : [title, ...rows(entries)];
}

const rows = (entries: [string, unknown][]) =>
  columns(entries.map(([name, value]) => [`  ${label(name)}`, value === '' ? '""' : label(valueText(value), 10_000)]));

// The tab shows what stands after the last slash; a document's path must not be cut by it.
const fileName = (queue: string) => label(queue, 80).replace(/[/\\]/g, '_');
