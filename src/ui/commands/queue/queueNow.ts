import * as vscode from 'vscode';
import type { QueueDetails } from '../../../broker/index.ts';
import { type Connected, managementOf } from '../../../model/connected.ts';
import { label } from '../../label.ts';
import { list } from '../../text.ts';
import { UserError } from '../../userError.ts';
import type { QueueChoice } from './chooseQueue.ts';

/** A queue as it is at this moment, for a question that says what will be done to it. */
export interface QueueNow extends QueueChoice {
  connected: Connected;
  ready: number;
  /** undefined: the broker's management API does not say. */
  unacked: number | undefined;
  consumers: number;
  /** undefined: the broker's management API does not say. */
  details: QueueDetails | undefined;
}

/** @throws UserError when there is no such queue; NoBrokerError, BrokerError, ClusterError */
export async function queueNow({ place, queue }: QueueChoice): Promise<QueueNow> {
  const connected = await place.link.get();
  const [depth, details] = await Promise.all([connected.broker.depth(queue), detailsOf({ place, queue }, connected)]);
  if (!depth) throw new UserError(vscode.l10n.t('Queue {0} is not there any more.', label(queue)), { warning: true });
  return { place, queue, connected, ...depth, unacked: details?.unacked, details };
}

/** @throws UserError when nothing in the queue can be taken or looked at now */
export function needMessages({ queue, ready, unacked = 0 }: QueueNow): void {
  if (ready > 0) return;
  throw new UserError(
    unacked === 0
      ? vscode.l10n.t('Queue {0} is empty.', label(queue))
      : vscode.l10n.t('Queue {0} has no ready messages; {1} unacked are with its consumers.', label(queue), unacked),
    { warning: true },
  );
}

/** @returns "8 ready, 2 unacked"; unacked only where it is known */
export function contentWords({ ready, unacked }: Pick<QueueNow, 'ready' | 'unacked'>): string {
  return list([
    vscode.l10n.t('{0} ready', ready),
    ...(unacked === undefined ? [] : [vscode.l10n.t('{0} unacked', unacked)]),
  ]);
}

async function detailsOf({ place, queue }: QueueChoice, connected: Connected): Promise<QueueDetails | undefined> {
  if (!place.queues.listed) return undefined;
  const { queueDetails } = await place.link.api();
  // What only the management API knows is said to be unknown where that does not answer.
  return queueDetails({ ...managementOf(connected), queue }).catch(() => undefined);
}
