import * as vscode from 'vscode';
import type { MessageCopy } from '../../../broker/index.ts';
import { wayTo } from '../../../model/connected.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { label } from '../../label.ts';
import { messages } from '../../text.ts';
import type { QueueRow } from '../../views/queues.ts';
import { chooseQueue } from './chooseQueue.ts';
import { confirmLook, lookWords } from './lookRisks.ts';
import { type Peeked, showPeeked } from './peekedList.ts';
import { needMessages, type QueueNow, queueNow } from './queueNow.ts';
import { askCount } from './whichMessages.ts';

const COUNT = 10;
/** A thousand are more than a person looks through; the rest is for Save Messages to File. */
const COUNT_AT_MOST = 1000;
/** Bytes of bodies that one look holds. */
const BYTES_AT_MOST = 64 * 2 ** 20;

/**
 * Command: reads messages without taking them, and lists them to be opened.
 * @param given the queue's row, or messages that were read already
 */
export async function peekMessages(app: App, given?: QueueRow | Peeked): Promise<void> {
  if (given?.kind === 'peeked') return showPeeked(app, given);
  const row = given;
  const now = await queueNow(await chooseQueue(app, vscode.l10n.t('Peek at the messages of which queue?'), { row }));
  needMessages(now);
  const count = await askCount({
    title: vscode.l10n.t('Peek at {0}', label(now.queue)),
    prompt: vscode.l10n.t(
      'How many of the {0} ready, from the head on? They stay in the queue. {1}',
      messages(now.ready),
      lookWords(now),
    ),
    value: Math.min(COUNT, now.ready),
    most: COUNT_AT_MOST,
  });
  await confirmLook(app, now, vscode.l10n.t('Peek Anyway'));
  const { found, more } = await look(now, count);
  await now.place.queues.refresh();
  if (found.length === 0) needMessages({ ...now, ready: 0 });
  const { queue, connected } = now;
  await showPeeked(app, { kind: 'peeked', queue, broker: connected.display, at: Date.now(), messages: found, more });
}

async function look(now: QueueNow, count: number): Promise<{ found: MessageCopy[]; more: number }> {
  const { place, queue, connected } = now;
  const { peek } = await place.link.api();
  const hold = place.link.hold();
  const title = vscode.l10n.t('Reading {0} of queue {1}', messages(count), label(queue));
  try {
    const { messages: found, more } = await withProgress(title, signal =>
      peek({
        ...wayTo(connected),
        purpose: 'peek',
        queue,
        count,
        maxBytes: BYTES_AT_MOST,
        signal,
      }),
    );
    return { found, more };
  } finally {
    hold.dispose();
  }
}
