import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import type { QueueRow } from '../../views/queues.ts';
import { chooseQueue } from './chooseQueue.ts';
import { confirmLook } from './lookRisks.ts';
import { needMessages, queueNow } from './queueNow.ts';
import { transferMessages } from './transferMessages.ts';
import { chooseMessages } from './whichMessages.ts';

/** Command: puts messages of one queue into another as well. */
export async function copyMessages(app: App, row?: QueueRow): Promise<void> {
  const now = await queueNow(await chooseQueue(app, vscode.l10n.t('Copy messages of which queue?'), { row }));
  needMessages(now);
  const { place, queue, ready } = now;
  const from = label(queue);
  const which = await chooseMessages(vscode.l10n.t('Copy messages of {0}', from), ready);
  const to = await chooseQueue(app, vscode.l10n.t('From {1}, copy {0} to which queue?', which.words, from), {
    place,
    except: queue,
    create: true,
  });
  await confirmLook(app, now, vscode.l10n.t('Copy Anyway'));
  await transferMessages({ now, which, kind: 'copy', to: to.queue });
}
