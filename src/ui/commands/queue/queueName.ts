import * as vscode from 'vscode';

/** RabbitMQ's limit for a name (AMQP 0-9-1, short string), in bytes. */
const NAME_BYTES = 255;

/** @returns what is wrong with a queue's name */
export function problemOfName(text: string): string | undefined {
  const name = text.trim();
  if (name === '') return vscode.l10n.t('A queue needs a name.');
  if (Buffer.byteLength(name) > NAME_BYTES) return vscode.l10n.t('The name is longer than {0} bytes.', NAME_BYTES);
  if (/\p{Cc}/u.test(name)) return vscode.l10n.t('The name has control characters.');
  if (name.startsWith('amq.')) return vscode.l10n.t('Names that start with “amq.” belong to the broker.');
  return undefined;
}
