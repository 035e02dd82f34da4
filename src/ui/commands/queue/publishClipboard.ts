import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { UserError } from '../../userError.ts';
import type { QueueRow } from '../../views/queues.ts';
import { publishSource } from './publishSource.ts';
import { TextSource } from './source.ts';

/** Command: what is in the clipboard becomes messages. */
export async function publishClipboard(app: App, row?: QueueRow): Promise<void> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() === '') {
    throw new UserError(vscode.l10n.t('The clipboard has no text: copy the items first, one a line.'), {
      warning: true,
    });
  }
  const source = new TextSource([text], { origin: 'clipboard', name: '', document: undefined, lines: undefined });
  await publishSource(app, source, { row });
}
