import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import { wayTo } from '../../../model/connected.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { failedQueueOf } from '../../failedQueue.ts';
import { COMMANDS } from '../../ids.ts';
import { itemsOf } from '../../itemsOf.ts';
import { label } from '../../label.ts';
import { messageRow } from '../../messageDocuments.ts';
import { confirmTaking } from '../../production.ts';
import { messages } from '../../text.ts';
import { UserError } from '../../userError.ts';
import { chooseJob, type JobTarget } from '../job/chooseJob.ts';
import { unreadWords } from '../job/failedOf.ts';
import { confirmLook, lookWords } from '../queue/lookRisks.ts';
import { needMessages, type QueueNow, queueNow } from '../queue/queueNow.ts';
import { transferMessages } from '../queue/transferMessages.ts';
import { type FailedMessages, failedMessages, onlyThese } from './failedMessages.ts';

/** Messages of a queue that are looked at. */
const LOOKED_AT_MOST = 1_000;
const NAMED_AT_MOST = 5;

/**
 * Command: moves the messages that failed in a Job into a queue of their own, each put there before it is taken from
 * here, after showing which they are.
 * @param items how many are known to have come back
 */
export async function setAside(app: App, target?: JobTarget, items?: unknown): Promise<void> {
  const title = vscode.l10n.t('Put failed items of which Job aside?');
  const job = await chooseJob(app, target, title, ({ queue }) => queue !== undefined);
  const queue = job.queue ?? '';
  const place = app.model.brokers.main;
  const now = await queueNow({ place, queue });
  needMessages(now);
  if (now.consumers > 0) throw beingConsumed(job, now);
  await confirmLook(app, now, vscode.l10n.t('Look'));
  const failed = await look(app, job, now, typeof items === 'number' ? items : undefined);
  const count = failed.messages.length;
  if (count === 0) {
    throw new UserError(vscode.l10n.t('No message in {0} is known to have failed; none was moved.', label(queue)), {
      warning: true,
    });
  }
  const to = failedQueueOf(queue);
  const { broker } = now.connected;
  const isThere = (await broker.depth(to)) !== undefined;
  await confirmTaking(app, {
    place,
    name: queue,
    title: vscode.l10n.t('Move {0} from {1} to {2}?', messages(count), label(queue), label(to)),
    detail: details(now, failed, { to, isThere }),
    button: vscode.l10n.t('Move'),
  });
  if (!isThere) await broker.declare(to);
  await transferMessages({
    now,
    which: { filter: onlyThese(failed.messages), words: messages(count) },
    kind: 'move',
    to,
  });
}

/** The failed messages, and what is to be said where not all logs could be read. */
type Found = FailedMessages & { unread: string[] };

async function look(app: App, job: JobRow, now: QueueNow, most: number | undefined): Promise<Found> {
  const { peek } = await now.place.link.api();
  const { queue } = now;
  const { namespace, name, uid } = job;
  const { context } = await app.model.cluster.get();
  return withProgress(vscode.l10n.t('Looking through {0}', label(queue)), async signal => {
    const account = await itemsOf(app, { context, namespace, name, uid }, signal);
    const way = wayTo(now.connected);
    const { messages: seen } = await peek({ ...way, purpose: 'failed items', queue, count: LOOKED_AT_MOST, signal });
    return { ...failedMessages(seen, account.items, most), unread: unreadWords(account) };
  });
}

function details(now: QueueNow, { messages: all, by, unread }: Found, o: { to: string; isThere: boolean }): string {
  const queue = label(now.queue);
  const more = all.length - NAMED_AT_MOST;
  return [
    ...all.slice(0, NAMED_AT_MOST).map(message => `– ${messageRow(message).label}`),
    ...(more > 0 ? [vscode.l10n.t('and {0} more', messages(more))] : []),
    by === 'reports'
      ? vscode.l10n.t('They are the messages that the workers reported as failed.')
      : vscode.l10n.t(
          'They are the first messages of {0} that were handed out before: the workers report no items.',
          queue,
        ),
    ...unread,
    ...(now.ready > LOOKED_AT_MOST
      ? [vscode.l10n.t('Looked at: the first {0} of {1}.', LOOKED_AT_MOST, messages(now.ready))]
      : []),
    o.isThere
      ? vscode.l10n.t('Each is taken from {0} when {1} has confirmed it.', queue, label(o.to))
      : vscode.l10n.t(
          'Queue {1} is made, durable. Each is taken from {0} when {1} has confirmed it.',
          queue,
          label(o.to),
        ),
    vscode.l10n.t('All others stay in their places. {0}', lookWords(now)),
  ].join('\n');
}

function beingConsumed({ uid, name, state }: JobRow, { queue, consumers }: QueueNow): UserError {
  const suspend = { label: vscode.l10n.t('Suspend Job'), command: COMMANDS.suspendJob, args: [{ kind: 'job', uid }] };
  return new UserError(
    vscode.l10n.t(
      'Queue {0} has consumers now ({1}), which hold the failed items again and again. Suspend Job {2}, or wait for its end.',
      label(queue),
      consumers,
      name,
    ),
    { warning: true, actions: state === 'running' ? [suspend] : [] },
  );
}
