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

/** Command: takes messages from one queue into another, each put there before it is taken from here. */
export async function moveMessages(app: App, row?: QueueRow): Promise<void> {
  const now = await queueNow(await chooseQueue(app, vscode.l10n.t('Move messages from which queue?'), { row }));
  needMessages(now);
  const { place, queue, ready, consumers } = now;
  const from = label(queue);
  const which = await chooseMessages(vscode.l10n.t('Move messages of {0}', from), ready);
  const to = await chooseQueue(app, vscode.l10n.t('From {1}, move {0} to which queue?', which.words, from), {
    place,
    except: queue,
    create: true,
  });
  await confirmTaking(app, {
    place,
    name: queue,
    title: vscode.l10n.t('Move messages from {0} to {1}?', from, label(to.queue)),
    detail: [
      vscode.l10n.t('From {0} it takes {1}, each when {2} has confirmed it.', from, which.words, label(to.queue)),
      ...(consumers > 0 ? [vscode.l10n.t('Consumers of {0} go on taking messages meanwhile.', from)] : []),
      ...(which.filter
        ? [vscode.l10n.t('Those that do not match are read, too, and put back. {0}', lookWords(now))]
        : []),
    ].join('\n'),
    button: vscode.l10n.t('Move'),
  });
  await transferMessages({ now, which, kind: 'move', to: to.queue });
}
