import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { confirmTaking } from '../../production.ts';
import { messages } from '../../text.ts';
import type { QueueRow } from '../../views/queues.ts';
import { chooseQueue } from './chooseQueue.ts';
import { needMessages, queueNow } from './queueNow.ts';

/** Command: drops the ready messages of a queue, after asking. */
export async function purgeQueue(app: App, row?: QueueRow): Promise<void> {
  const now = await queueNow(await chooseQueue(app, vscode.l10n.t('Purge which queue?'), { row }));
  needMessages(now);
  const { place, queue, ready, unacked } = now;
  const name = label(queue);
  await confirmTaking(app, {
    place,
    name: queue,
    title: vscode.l10n.t('Purge queue {0}?', name),
    detail: [
      vscode.l10n.t('It drops {0} for good: no worker gets them, and nothing brings them back.', messages(ready)),
      ...(unacked ? [vscode.l10n.t('{0} unacked stay: consumers are working on them.', messages(unacked))] : []),
    ].join('\n'),
    button: vscode.l10n.t('Purge'),
  });
  const { broker } = await place.link.get();
  const purged = await broker.purge(queue);
  // A run's account must not take them for items that somebody else has taken.
  place.queues.notePublished(queue, -purged);
  await place.queues.refresh();
  void vscode.window.showInformationMessage(vscode.l10n.t('Queue {0}: {1} dropped.', name, messages(purged)));
}
