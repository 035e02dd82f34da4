import * as vscode from 'vscode';
import type { BrokerPlace } from '../../../model/brokers.ts';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { placeOf } from '../broker/place.ts';
import { askQueuePlan } from './createForm.ts';
import { deadLetterQueue, definitionOf, type QueuePlan } from './queuePlan.ts';

/**
 * Command: makes a durable queue.
 * @param given the name, where it is known already (a lens on job.yaml), or the broker's row
 */
export async function createQueue(app: App, given?: string | { place: string }): Promise<void> {
  const place = placeOf(app, typeof given === 'string' ? undefined : given);
  await place.link.get();
  if (typeof given === 'string') {
    await declareQueue(place, given);
    void vscode.window.showInformationMessage(vscode.l10n.t('Queue {0} is there, durable.', label(given)));
    return;
  }
  const { name, type, deadLetters } = await makeQueue(place);
  void vscode.window.showInformationMessage(
    deadLetters
      ? vscode.l10n.t(
          'Queue {0} is there, {1} and durable; its dead letters go to {2}.',
          label(name),
          type,
          label(deadLetterQueue(name)),
        )
      : vscode.l10n.t('Queue {0} is there, {1} and durable.', label(name), type),
  );
}

/** Asks how a queue is to be, and makes it. @throws CancellationError; BrokerError 'queue-differs' where there is another one */
export async function makeQueue(place: BrokerPlace): Promise<QueuePlan> {
  const plan = await askQueuePlan();
  const { broker } = await place.link.get();
  await broker.declare(plan.name, definitionOf(plan));
  const dead = deadLetterQueue(plan.name);
  // One that is there already may be of another kind: it takes dead letters all the same.
  if (plan.deadLetters && (await broker.depth(dead)) === undefined) await broker.declare(dead, { type: plan.type });
  await place.queues.refresh();
  return plan;
}

/** Declares a durable queue as `amqp-declare-queue -d` does, and has the view show it. */
export async function declareQueue(place: BrokerPlace, queue: string): Promise<void> {
  const { broker } = await place.link.get();
  await broker.declare(queue);
  await place.queues.refresh();
}
