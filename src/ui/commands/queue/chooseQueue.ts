import * as vscode from 'vscode';
import type { BrokerPlace } from '../../../model/brokers.ts';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { pickOne } from '../../pickOne.ts';
import { queueWords } from '../../text.ts';
import type { QueueRow } from '../../views/queues.ts';
import { placeInUse, placeOf } from '../broker/place.ts';
import { declareQueue, makeQueue } from './createQueue.ts';

const REMEMBERED = 'queue';

/** A queue and the broker that has it. */
export interface QueueChoice {
  place: BrokerPlace;
  queue: string;
}

/** The queue last published to from this workspace. */
export const lastQueue = (app: App): string | undefined => app.memory.get<string>(REMEMBERED);

/** Has the queue stand first when one is asked for again. */
export const rememberQueue = (app: App, queue: string): Thenable<void> => app.memory.update(REMEMBERED, queue);

/**
 * The queue of a tree row, else asks for one; the one used last stands first, then job.yaml's.
 * @param o.place whose queues; default those of the broker in use
 * @param o.except a queue that is not offered
 * @param o.create whether a new one can be made on the way; then the choice is remembered, too
 * @throws CancellationError when none was chosen; UserError where there is none
 */
export async function chooseQueue(
  app: App,
  title: string,
  o: { row?: QueueRow; place?: BrokerPlace; except?: string; create?: boolean } = {},
): Promise<QueueChoice> {
  if (o.row?.kind === 'queue') return { place: placeOf(app, o.row), queue: o.row.name };
  const place = o.place ?? (await placeInUse(app, title));
  await place.link.get();
  const named = (await app.manifests.jobs()).flatMap(({ job }) => job.queue?.value ?? []);
  const last = lastQueue(app);
  const first = [...new Set([...(last === undefined ? [] : [last]), ...named])].filter(name => name !== o.except);
  await place.queues.refresh();
  const known = place.queues.rows.map(row => row.name).filter(name => name !== o.except);
  const names = [...first.filter(name => known.includes(name)), ...known.filter(name => !first.includes(name))];
  const missing = o.create ? first.filter(name => !known.includes(name)) : [];
  const items = [
    ...names.map(name => {
      const queue = place.queues.find(name);
      return { label: label(name), description: queue && queueWords(queue), queue: name, missing: false };
    }),
    ...missing.map(name => ({
      label: vscode.l10n.t('$(add) Create {0}', label(name)),
      description: vscode.l10n.t('named in job.yaml or used before; not on the broker'),
      queue: name,
      missing: true,
    })),
    ...(o.create
      ? [{ label: vscode.l10n.t('$(add) Create a queue…'), description: '', queue: undefined, missing: true }]
      : []),
  ];
  const placeHolder = vscode.l10n.t('Choose the queue');
  const picked = await pickOne(items, { title, placeHolder });
  if (picked.missing && picked.queue !== undefined) await declareQueue(place, picked.queue);
  const queue = picked.queue ?? (await makeQueue(place)).name;
  if (o.create) await rememberQueue(app, queue);
  return { place, queue };
}
