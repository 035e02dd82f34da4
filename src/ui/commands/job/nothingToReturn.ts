import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import type { QueueAfter, Returned } from '../../../workload/putBack.ts';
import { COMMANDS } from '../../ids.ts';
import { label } from '../../label.ts';
import { items } from '../../text.ts';
import { type Action, UserError } from '../../userError.ts';
import { contentWords, type QueueNow } from '../queue/queueNow.ts';

/** @returns why no failed item of a run is put back, where they are, and what can be done */
export function nothingToReturn(o: {
  job: Pick<JobRow, 'name' | 'uid'>;
  now: Pick<QueueNow, 'place' | 'queue' | 'ready' | 'unacked' | 'details'>;
  after: QueueAfter;
  returned: Returned;
}): UserError {
  const { job, now, after, returned } = o;
  const { cameBack, deadLettered, cut } = returned;
  const queue = label(now.queue);
  const target = { kind: 'job', uid: job.uid };
  const dead = now.details?.deadLetter?.queue;
  const isEmpty = now.ready === 0 && (now.unacked ?? 0) === 0;
  const words = [
    vscode.l10n.t('Nothing is put back: it would be there twice.'),
    ...(cameBack.length > 0
      ? [
          isEmpty
            ? vscode.l10n.t(
                'A failed item goes back to its queue by itself, as {0} of Job {1} did; queue {2} is empty now: they were taken since, or given up by the broker where the queue has a delivery limit.',
                items(cameBack.length),
                job.name,
                queue,
              )
            : vscode.l10n.t(
                'A failed item goes back to its queue by itself, as {0} of Job {1} did; in queue {2} there are {3}.',
                items(cameBack.length),
                job.name,
                queue,
                contentWords(now),
              ),
        ]
      : []),
    ...(deadLettered.length > 0
      ? [
          dead === undefined
            ? vscode.l10n.t(
                'Given up by the broker and moved to the dead-letter exchange: {0}.',
                items(deadLettered.length),
              )
            : vscode.l10n.t(
                'Given up by the broker and moved to queue {1}: {0}.',
                items(deadLettered.length),
                label(dead),
              ),
        ]
      : []),
    ...(cut.length > 0
      ? [vscode.l10n.t('Gone, with only the beginning of the body known: {0}.', items(cut.length))]
      : []),
    ...(after.deliveryLimit === undefined
      ? [vscode.l10n.t('Whether the queue has a delivery limit is not known, as the management API does not answer.')]
      : []),
  ];
  const actions: Action[] = [
    ...(cameBack.length > 0 && now.ready > 0
      ? [{ label: vscode.l10n.t('Run Again for the Rest'), command: COMMANDS.runRest, args: [target] }]
      : []),
    ...(deadLettered.length > 0
      ? [
          {
            label: vscode.l10n.t('Return Dead-Lettered Messages…'),
            command: COMMANDS.returnMessages,
            args: dead === undefined ? [] : [{ kind: 'queue', place: now.place.id, name: dead }],
          },
        ]
      : []),
    { label: vscode.l10n.t('Save Failed Items…'), command: COMMANDS.saveFailedItems, args: [target] },
  ];
  return new UserError(words.join(' '), { warning: true, actions });
}
