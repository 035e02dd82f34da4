import * as vscode from 'vscode';
import { lookAtCsv } from '../../../workload/csvLook.ts';
import { guessFormat, type ItemFormat } from '../../../workload/formats.ts';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import type { QueueRow } from '../../views/queues.ts';
import { choosePlace } from '../broker/place.ts';
import { chooseQueue, lastQueue, type QueueChoice, rememberQueue } from './chooseQueue.ts';
import { askInForm } from './previewForm.ts';
import { askFormat } from './previewFormat.ts';
import type { FormState } from './previewRows.ts';
import { Look } from './publishLook.ts';
import { showProblem } from './showProblem.ts';
import type { ItemSource } from './source.ts';

const REMEMBERED = 'publish';

/** What was chosen at the last publish from this workspace. */
interface Remembered {
  /** BrokerPlace.id */
  place?: string;
  leaveOutDuplicates?: boolean;
  /** By the ending of the file's name. */
  formats?: Record<string, ItemFormat>;
}

/** What is to be published, and where to. */
export interface Plan {
  choice: QueueChoice;
  /** Whether the queue has to be made first. */
  isMissing: boolean;
  leaveOutDuplicates: boolean;
  /** The source, read to its end. */
  look: Look;
}

/**
 * Asks in one form what is to be published. Reading the source and connecting go on meanwhile.
 * @param row a queue of the Queues view, which is then the one
 * @throws CancellationError; what keeps the broker from being reached
 */
export async function askPlan(app: App, source: ItemSource, row?: QueueRow): Promise<Plan> {
  const remembered = app.memory.get<Remembered>(REMEMBERED, {});
  const ending = endingOf(source.name);
  const head = await source.head();
  const guess = guessFormat(source.name, head);
  let look = new Look(source, fitting(remembered.formats?.[ending], guess, head));
  const title = titleOf(source);
  try {
    let choice = await firstChoice(app, title, remembered, row);
    let depth = await depthOf(choice);
    let leaveOutDuplicates = remembered.leaveOutDuplicates ?? false;
    for (;;) {
      const state: FormState = {
        name: source.origin === 'clipboard' ? undefined : source.name,
        format: look.format,
        summary: look.summary,
        isRead: look.isDone,
        problem: look.problem,
        isWaiting: false,
        leaveOutDuplicates,
        queue: choice.queue,
        depth,
        broker: choice.place.link.connected?.display ?? choice.place.label,
        hasBrokers: app.model.brokers.all.length > 1,
      };
      const action = await askInForm(title, look, state);
      leaveOutDuplicates = state.leaveOutDuplicates;
      switch (action) {
        case 'publish':
          await remember(app, { choice, leaveOutDuplicates, ending, format: look.format, guess });
          return { choice, isMissing: depth === 'missing', leaveOutDuplicates, look };
        case 'problem':
          await showProblem(source, look.problem);
          throw new vscode.CancellationError();
        case 'queue':
        case 'broker':
          choice = await backOnEscape(choice, async () => {
            const place =
              action === 'broker'
                ? await choosePlace(vscode.l10n.t('Broker to Publish to'), app.model.brokers.all)
                : choice.place;
            return chooseQueue(app, vscode.l10n.t('Queue to Publish to'), { place, create: true });
          });
          depth = await depthOf(choice);
          break;
        case 'format': {
          const format = await askFormat(source, look.format);
          if (!format) break;
          look.cancel();
          look = new Look(source, format);
        }
      }
    }
  } catch (error) {
    look.cancel();
    throw error;
  }
}

function titleOf({ origin, name }: ItemSource): string {
  switch (origin) {
    case 'clipboard':
      return vscode.l10n.t('Publish the Clipboard');
    case 'selection':
      return vscode.l10n.t('Publish the Selected Lines of {0}', label(name));
    case 'editor':
    case 'file':
      return vscode.l10n.t('Publish {0}', label(name));
  }
}

/** What was chosen for a file of this kind holds for the next one, if that has the column, too. */
function fitting(remembered: ItemFormat | undefined, guess: ItemFormat, head: string): ItemFormat {
  if (remembered === undefined || guess.kind === 'messages') return guess;
  if (remembered.kind !== 'csv' || guess.kind !== 'csv') return remembered;
  const { column } = remembered;
  const { columns } = lookAtCsv(head, guess);
  const isThere = typeof column === 'number' ? column <= columns.length : columns.some(({ name }) => name === column);
  return isThere ? { ...guess, column } : guess;
}

/** The queue of the row, the one used last, job.yaml's, or the only one; asks where none of these is clear. */
async function firstChoice(app: App, title: string, { place: id }: Remembered, row?: QueueRow): Promise<QueueChoice> {
  if (row?.kind === 'queue') return chooseQueue(app, title, { row });
  const { brokers } = app.model;
  if (id !== undefined && !brokers.find(id)) await brokers.refresh();
  const place = (id === undefined ? undefined : brokers.find(id)) ?? brokers.main;
  await place.link.get();
  const isAnother = id !== undefined && place.id !== id;
  const last = isAnother ? undefined : lastQueue(app);
  if (last !== undefined) return { place, queue: last };
  const named = new Set((await app.manifests.jobs()).flatMap(({ job }) => job.queue?.value ?? []));
  const [queue, ...more] = named;
  if (queue !== undefined && more.length === 0 && place === brokers.main) return { place, queue };
  return chooseQueue(app, title, { place, create: true });
}

async function depthOf({ place, queue }: QueueChoice): Promise<FormState['depth']> {
  await place.link.get();
  try {
    return (await place.queues.depth(queue)) ?? 'missing';
  } catch {
    // From RabbitMQ 4.3 on, a user may publish who may not look.
    return undefined;
  }
}

/** Escape in a question of the form leads back to the form. */
async function backOnEscape<T>(before: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof vscode.CancellationError) return before;
    throw error;
  }
}

async function remember(
  app: App,
  o: { choice: QueueChoice; leaveOutDuplicates: boolean; ending: string; format: ItemFormat; guess: ItemFormat },
): Promise<void> {
  const before = app.memory.get<Remembered>(REMEMBERED, {});
  const formats = { ...before.formats };
  if (JSON.stringify(o.format) === JSON.stringify(o.guess)) delete formats[o.ending];
  else formats[o.ending] = o.format;
  await app.memory.update(REMEMBERED, {
    place: o.choice.place.id,
    leaveOutDuplicates: o.leaveOutDuplicates,
    formats,
  } satisfies Remembered);
  await rememberQueue(app, o.choice.queue);
}

const endingOf = (name: string) => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
