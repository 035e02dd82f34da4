import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { showLiveDocument } from '../../liveDocument.ts';
import { queueUri } from '../../queueDescriptions.ts';
import type { QueueRow } from '../../views/queues.ts';
import { chooseQueue } from './chooseQueue.ts';

/** Command: opens the page that says all about a queue. */
export async function describeQueue(app: App, row?: QueueRow): Promise<void> {
  const { place, queue } = await chooseQueue(app, vscode.l10n.t('Describe which queue?'), { row });
  await showLiveDocument(queueUri(place.id, queue));
}
