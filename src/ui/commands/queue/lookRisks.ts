import * as vscode from 'vscode';
import { type PeekRisk, peekRisks } from '../../../workload/peekRisks.ts';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { placeWords, whereOf } from '../../production.ts';
import type { QueueNow } from './queueNow.ts';

/** @returns what reading messages and putting them back does to them, in sentences; '' when nothing */
export function lookWords(now: QueueNow): string {
  return risksOf(now)
    .risks.map(risk => riskWords(risk, now))
    .join(' ');
}

/**
 * Asks before messages are read and put back where that may do harm: a quorum queue that counts it against the delivery
 * limit, or consumers that take messages meanwhile.
 * @throws CancellationError when the answer is no
 */
export async function confirmLook(app: App, now: QueueNow, button: string): Promise<void> {
  const { risks, refuse } = risksOf(now);
  if (!refuse) return;
  const detail = [
    ...risks.map(risk => `– ${riskWords(risk, now)}`),
    '',
    ...placeWords(await whereOf(app, now.place)),
  ].join('\n');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Reading messages of queue {0} now may do harm', label(now.queue)),
    { modal: true, detail },
    button,
  );
  if (answer !== button) throw new vscode.CancellationError();
}

function risksOf({ place, queue, connected, consumers, details }: QueueNow) {
  const type = details?.type ?? place.queues.find(queue)?.type ?? 'unknown';
  const { version } = connected.broker;
  return peekRisks({ type, version, consumers, deliveryLimit: details?.deliveryLimit });
}

function riskWords(risk: PeekRisk, { consumers, details, connected }: QueueNow): string {
  switch (risk) {
    case 'redelivered':
      return vscode.l10n.t('Afterwards they are marked as redelivered.');
    case 'order':
      return vscode.l10n.t('They may come back to another place than they had.');
    case 'delivery-limit':
      return vscode.l10n.t(
        'RabbitMQ {0} counts every look at a quorum queue against its delivery limit ({1}): a message that is over it is dropped or dead-lettered.',
        connected.broker.version,
        details?.deliveryLimit ?? 20,
      );
    case 'consumers':
      return consumers === 1
        ? vscode.l10n.t('A consumer takes messages of it: those looked at are kept from it meanwhile.')
        : vscode.l10n.t('{0} consumers take messages of it: those looked at are kept from them meanwhile.', consumers);
  }
}
