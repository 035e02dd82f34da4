import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { queueWords } from '../../text.ts';
import { askQueueName, declareQueue } from './createQueue.ts';

const REMEMBERED = 'queue';

/** The queue last published to from this workspace. */
export const lastQueue = (app: App): string | undefined => app.memory.get<string>(REMEMBERED);

/**
 * Asks for a queue; the one used last stands first, then job.yaml's. A new one can be made on the way.
 * @throws CancellationError when none was chosen
 */
export async function chooseQueue(app: App, title: string): Promise<string> {
  const named = (await app.manifests.jobs()).flatMap(({ job }) => job.queue?.value ?? []);
  const last = lastQueue(app);
  const first = [...new Set([...(last === undefined ? [] : [last]), ...named])];
  await app.model.queues.refresh();
  const known = app.model.queues.rows.map(row => row.name);
  const names = [...first.filter(name => known.includes(name)), ...known.filter(name => !first.includes(name))];
  const missing = first.filter(name => !known.includes(name));
  const create = vscode.l10n.t('$(add) Create a queue…');
  const items = [
    ...names.map(name => {
      const queue = app.model.queues.find(name);
      return { label: name, description: queue && queueWords(queue), queue: name, missing: false };
    }),
    ...missing.map(name => ({
      label: vscode.l10n.t('$(add) Create {0}', name),
      description: vscode.l10n.t('named in job.yaml or used before; not on the broker'),
      queue: name,
      missing: true,
    })),
    { label: create, description: '', queue: undefined, missing: true },
  ];
  const placeHolder = vscode.l10n.t('Choose the queue');
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder });
  if (!picked) throw new vscode.CancellationError();
  const queue = picked.queue ?? (await askQueueName());
  if (picked.missing) await declareQueue(app, queue);
  await app.memory.update(REMEMBERED, queue);
  return queue;
}
