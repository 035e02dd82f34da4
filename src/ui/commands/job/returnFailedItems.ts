import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import { hasEnded } from '../../../model/podAttempt.ts';
import { isActive } from '../../../model/runAccounts.ts';
import { isSurelyEmpty, type QueueAfter, type Returned, whereFailedItemsAre } from '../../../workload/putBack.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { COMMANDS } from '../../ids.ts';
import { itemsOf } from '../../itemsOf.ts';
import { label } from '../../label.ts';
import { placeWords, whereOf } from '../../production.ts';
import { clock, items, pods as podCount } from '../../text.ts';
import { UserError } from '../../userError.ts';
import { contentWords, type QueueNow, queueNow } from '../queue/queueNow.ts';
import { chooseJob, type JobTarget } from './chooseJob.ts';
import { failedOf, unreadWords } from './failedOf.ts';
import { nothingToReturn } from './nothingToReturn.ts';
import { publishFailed } from './publishFailed.ts';

/** Job uid -> when its items were put back, ms since the epoch. */
const REMEMBERED = 'failedItemsReturned';
/** Of RabbitMQ 4.0 and later, for quorum queues whose definition says nothing. */
const DEFAULT_LIMIT = 20;

/**
 * Command: puts the failed items of a run that has ended back into its queue, those that the broker has given up for
 * good and whose bodies are known whole. All others are back already, or it cannot be told: then it says so.
 */
export async function returnFailedItems(app: App, target?: JobTarget): Promise<void> {
  const title = vscode.l10n.t('Put back the failed items of which Job?');
  const job = await chooseJob(app, target, title, job => !isActive(job) && job.queue !== undefined);
  const { name, namespace, uid, queue } = job;
  if (queue === undefined) {
    throw new UserError(vscode.l10n.t('Job {0} names no queue (QUEUE in the env of its container).', name));
  }
  if (isActive(job)) {
    throw new UserError(
      vscode.l10n.t('Job {0} has not ended yet: what failed goes back to its queue, and its Pods take it again.', name),
      { warning: true },
    );
  }
  const cluster = await app.model.cluster.get();
  const subject = { context: cluster.context, namespace, name, uid };
  const account = await withProgress(vscode.l10n.t('Reading the logs of Job {0}', name), async signal => {
    const { listPods } = await app.model.cluster.api();
    const found = (await listPods(cluster, { namespace, job: name, signal })).filter(({ jobUid }) => jobUid === uid);
    const ending = found.filter(pod => !hasEnded(pod, pod.restarts));
    if (ending.length === 0) return itemsOf(app, subject, signal, found);
    throw new UserError(
      vscode.l10n.t(
        'Job {1} still has {0} to end, which may hold messages. Wait for that.',
        podCount(ending.length),
        name,
      ),
      { warning: true },
    );
  });
  const failed = failedOf(name, uid, account);
  const now = await queueNow({ place: app.model.brokers.main, queue });
  const after = queueAfter(now);
  const returned = whereFailedItemsAre(failed, after);
  if (returned.gone.length === 0) throw nothingToReturn({ job, now, after, returned });
  const at = app.memory.get<Record<string, number>>(REMEMBERED, {})[uid];
  const keep = {
    label: vscode.l10n.t('Save Failed Items…'),
    command: COMMANDS.saveFailedItems,
    args: [{ kind: 'job', uid }],
  };
  const refuse = (text: string) => new UserError(text, { warning: true, actions: [keep] });
  if (at !== undefined) {
    throw refuse(vscode.l10n.t('The failed items of Job {0} were put back already ({1}).', name, clock(at)));
  }
  if (!isSurelyEmpty(after)) {
    throw refuse(
      vscode.l10n.t(
        'The broker has given up {0}, but queue {1} is not surely empty ({2}): whether the same is in it cannot be told, so nothing is put back. Run the rest first.',
        items(returned.gone.length),
        label(queue),
        contentWords(now),
      ),
    );
  }
  const unread = unreadWords(account);
  if (unread.length > 0) {
    throw refuse([vscode.l10n.t('Nothing is put back, as it cannot be told what was done.'), ...unread].join(' '));
  }
  await confirm(app, job, now, returned);
  await app.memory.update(REMEMBERED, { ...app.memory.get<Record<string, number>>(REMEMBERED, {}), [uid]: Date.now() });
  try {
    await publishFailed(app, { job, now, gone: returned.gone });
  } catch (error) {
    // Nothing was sent.
    const { [uid]: _, ...others } = app.memory.get<Record<string, number>>(REMEMBERED, {});
    await app.memory.update(REMEMBERED, others);
    throw error;
  }
}

function queueAfter({ ready, unacked, consumers, details, connected }: QueueNow): QueueAfter {
  const [major = 0] = connected.broker.version.split('.').map(Number);
  const limit = () => {
    if (details === undefined) return undefined;
    if (details.type !== 'quorum') return 'none';
    const found = details.deliveryLimit ?? (major >= 4 ? DEFAULT_LIMIT : -1);
    return found < 0 ? 'none' : found;
  };
  return { ready, unacked, consumers, deliveryLimit: limit(), deadLetters: details?.deadLetter !== undefined };
}

async function confirm(app: App, job: JobRow, now: QueueNow, { gone, cut, cameBack }: Returned): Promise<void> {
  const copies = gone.reduce((sum, item) => sum + item.copies, 0);
  const button = vscode.l10n.t('Put Back');
  const others = cut.length + cameBack.length;
  const detail = [
    vscode.l10n.t(
      'The broker gave them up, as they failed more often than the delivery limit of the queue allows. The queue is empty.',
    ),
    vscode.l10n.t('Their bodies come from the logs of the Pods; headers and properties are lost.'),
    ...(others > 0
      ? [vscode.l10n.t('Not put back: {0}, whose body is not known whole or that were not given up.', items(others))]
      : []),
    '',
    vscode.l10n.t('Job: {0}', job.name),
    ...placeWords(await whereOf(app, now.place)),
  ].join('\n');
  const question = vscode.l10n.t('Put {0} back into queue {1}?', items(copies), label(now.queue));
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, button);
  if (answer !== button) throw new vscode.CancellationError();
}
