import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { confirmTaking } from '../../production.ts';
import { list, messages } from '../../text.ts';
import type { QueueRow } from '../../views/queues.ts';
import { chooseQueue } from './chooseQueue.ts';
import { contentWords, type QueueNow, queueNow } from './queueNow.ts';

/** Command: deletes a queue with what it holds, after asking. */
export async function deleteQueue(app: App, row?: QueueRow): Promise<void> {
  const now = await queueNow(await chooseQueue(app, vscode.l10n.t('Delete which queue?'), { row }));
  const { place, queue } = now;
  const name = label(queue);
  await confirmTaking(app, {
    place,
    name: queue,
    title: vscode.l10n.t('Delete queue {0}?', name),
    detail: deletionWords(now, place === app.model.brokers.main ? jobsOn(app, queue) : []).join('\n'),
    button: vscode.l10n.t('Delete'),
  });
  const { broker } = await place.link.get();
  const gone = await broker.remove(queue);
  place.queues.notePublished(queue, -gone);
  await place.queues.refresh();
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Queue {0} is deleted, and with it {1}.', name, messages(gone)),
  );
}

/** @param jobs the active Jobs that take its messages */
export function deletionWords(now: Pick<QueueNow, 'ready' | 'unacked' | 'consumers'>, jobs: string[]): string[] {
  const { ready, unacked = 0, consumers } = now;
  return [
    ready + unacked === 0
      ? vscode.l10n.t('It is empty.')
      : vscode.l10n.t('Its messages go with it: {0}. Nothing brings them back.', contentWords(now)),
    ...(consumers === 1
      ? [vscode.l10n.t('Its consumer gets no message any more; amqp-consume does not notice, and waits for ever.')]
      : []),
    ...(consumers > 1
      ? [
          vscode.l10n.t(
            'Its {0} consumers get no message any more; amqp-consume does not notice, and waits for ever.',
            consumers,
          ),
        ]
      : []),
    ...(jobs.length > 0 ? [vscode.l10n.t('Active Jobs take their items from it: {0}', list(jobs))] : []),
  ];
}

const jobsOn = (app: App, queue: string) =>
  app.model.runs.rows
    .filter(({ job }) => job.queue === queue && (job.state === 'running' || job.state === 'suspended'))
    .map(({ job }) => job.name);
