import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { confirmTaking } from '../../production.ts';
import type { QueueRow } from '../../views/queues.ts';
import { chooseQueue } from './chooseQueue.ts';
import { lookWords } from './lookRisks.ts';
import { needMessages, queueNow } from './queueNow.ts';
import { transferMessages } from './transferMessages.ts';
import { chooseMessages } from './whichMessages.ts';

/** Command: takes dead-lettered messages back to the queues that they came from, so that they are worked on again. */
export async function returnMessages(app: App, row?: QueueRow): Promise<void> {
  const title = vscode.l10n.t('Return the messages of which dead-letter queue?');
  const now = await queueNow(await chooseQueue(app, title, { row }));
  needMessages(now);
  const { place, queue, ready } = now;
  const from = label(queue);
  const which = await chooseMessages(vscode.l10n.t('Return messages of {0}', from), ready);
  await confirmTaking(app, {
    place,
    name: queue,
    title: vscode.l10n.t('Return messages of {0} to where they came from?', from),
    detail: [
      vscode.l10n.t(
        'From {0} it takes {1}; each goes to the queue that it was first dead-lettered from, as its x-death header says.',
        from,
        which.words,
      ),
      vscode.l10n.t('Those that came from nowhere else, or from a queue that is gone, stay.'),
      lookWords(now),
    ].join('\n'),
    button: vscode.l10n.t('Return'),
  });
  await transferMessages({ now, which, kind: 'return' });
}
