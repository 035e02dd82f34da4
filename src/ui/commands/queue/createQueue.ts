import * as vscode from 'vscode';
import type { BrokerPlace } from '../../../model/brokers.ts';
import type { App } from '../../app.ts';
import { placeOf } from '../broker/place.ts';

/** RabbitMQ's limit for a name (AMQP 0-9-1, short string), in bytes. */
const NAME_BYTES = 255;

/**
 * Command: makes a durable queue.
 * @param given the name, where it is known already (a lens on job.yaml), or the broker's row
 */
export async function createQueue(app: App, given?: string | { place: string }): Promise<void> {
  const place = placeOf(app, typeof given === 'string' ? undefined : given);
  await place.link.get();
  const queue = typeof given === 'string' ? given : await askQueueName();
  await declareQueue(place, queue);
  void vscode.window.showInformationMessage(vscode.l10n.t('Queue {0} is there, durable.', queue));
}

/** @throws CancellationError when no name was given */
export async function askQueueName(): Promise<string> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Create Queue'),
    prompt: vscode.l10n.t(
      'The name that job.yaml gives as QUEUE. The queue is durable: it outlives a restart of the broker.',
    ),
    placeHolder: 'job1',
    validateInput: problemOfName,
  });
  if (name === undefined) throw new vscode.CancellationError();
  return name.trim();
}

/** Declares a durable queue as `amqp-declare-queue -d` does, and has the view show it. */
export async function declareQueue(place: BrokerPlace, queue: string): Promise<void> {
  const { broker } = await place.link.get();
  await broker.declare(queue);
  await place.queues.refresh();
}

/** @returns what is wrong with a queue's name */
export function problemOfName(text: string): string | undefined {
  const name = text.trim();
  if (name === '') return vscode.l10n.t('A queue needs a name.');
  if (Buffer.byteLength(name) > NAME_BYTES) return vscode.l10n.t('The name is longer than {0} bytes.', NAME_BYTES);
  if (/\p{Cc}/u.test(name)) return vscode.l10n.t('The name has control characters.');
  if (name.startsWith('amq.')) return vscode.l10n.t('Names that start with “amq.” belong to the broker.');
  return undefined;
}
