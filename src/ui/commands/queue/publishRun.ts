import * as vscode from 'vscode';
import type { PublishOutcome, PublishProgress } from '../../../broker/index.ts';
import type { BrokerPlace } from '../../../model/brokers.ts';
import { wayTo } from '../../../model/connected.ts';
import { type Publication, Publications } from '../../../model/publications.ts';
import { ItemStream } from '../../../workload/itemStream.ts';
import type { ItemsSummary } from '../../../workload/itemsSummary.ts';
import { readBatches } from '../../../workload/readItems.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { label } from '../../label.ts';
import { notePublication } from './lastPublished.ts';
import { isWhole, reportOutcome } from './outcome.ts';
import { sourceWords } from './outcomeWords.ts';
import type { ItemSource } from './source.ts';

/** How often a publication says that somebody is at work on it. */
const TOUCH_EVERY_MS = 5_000;

/** What became of a publication. */
export interface Published {
  confirmed: number;
  /** Every item is in the queue, once. */
  isWhole: boolean;
}

/**
 * Publishes, from the beginning or from where the journal ends, and tells the outcome. On disk the publication is kept
 * up to date, and removed when nothing is left to go on with.
 * @param o.hasChanged whether the source is another one than when the publishing began
 * @throws BrokerError when nothing was sent
 */
export async function runPublication(
  app: App,
  o: {
    publication: Publication;
    source: ItemSource;
    summary: ItemsSummary;
    place: BrokerPlace;
    hasChanged: () => Promise<boolean>;
    /** false: only what has gone wrong is told. */
    tellSuccess?: boolean | undefined;
  },
): Promise<Published> {
  const { source, summary, place } = o;
  const publications = new Publications(app.storageDir);
  const publication = { ...o.publication, process: process.pid, cancelled: false };
  await publications.save(publication);
  const hold = place.link.hold();
  const touch = setInterval(() => void publications.touch(publication.runId), TOUCH_EVERY_MS);
  let outcome: PublishOutcome;
  try {
    outcome = await withProgress(
      vscode.l10n.t('Publishing {0} to {1}', sourceWords(publication), label(publication.queue)),
      (signal, report) => publishItems({ publication, publications, source, place, signal, report }),
    );
  } catch (error) {
    await leave(publications, o.publication);
    throw error;
  } finally {
    clearInterval(touch);
    hold.dispose();
  }
  const canGoOn = await settle(publications, publication, outcome);
  const { runId, broker, queue, startedAt } = publication;
  const { confirmed, unknown } = outcome;
  if (confirmed + unknown.length > 0) {
    const from = sourceWords(publication);
    await notePublication(app, { runId, place: place.id, broker, queue, from, confirmed, at: startedAt });
  }
  await place.queues.refresh().catch(() => undefined);
  const hasChanged = await o.hasChanged();
  const ended = { publication, outcome, summary, hasChanged };
  const whole = isWhole(ended);
  if (!whole || o.tellSuccess !== false) reportOutcome(app, { ...ended, source, canGoOn });
  return { confirmed, isWhole: whole };
}

async function publishItems(o: {
  publication: Publication;
  publications: Publications;
  source: ItemSource;
  place: BrokerPlace;
  signal: AbortSignal;
  report: (message: string, percent?: number) => void;
}): Promise<PublishOutcome> {
  const { publication, publications, source, place, signal } = o;
  const way = async () => wayTo(await place.link.get());
  const { publish } = await place.link.api();
  const { runId, queue, format, leaveOutDuplicates, items, journal } = publication;
  const { queues } = place;
  let noted = journal?.confirmed ?? 0;
  const note = (arrived: number) => {
    queues.notePublished(queue, arrived - noted);
    noted = arrived;
  };
  const batches = readBatches(source.text(), format, { lines: source.lines });
  const outcome = await publish({
    ...(await way()),
    purpose: 'publish',
    queue,
    items: new ItemStream(batches, { leaveOutDuplicates }),
    runId,
    signal,
    way,
    resume: journal,
    onJournal: entry => publications.save({ ...publication, journal: entry }),
    onProgress: progress => {
      note(Math.max(noted, progress.sent));
      o.report(progressWords(progress, items), (progress.confirmed / items) * 100);
    },
  });
  note(outcome.confirmed + outcome.unknown.length);
  return outcome;
}

function progressWords({ state, confirmed, blocked }: PublishProgress, items: number): string {
  switch (state) {
    case 'blocked':
      return vscode.l10n.t('The broker takes no messages now ({0}); waiting', label(blocked ?? ''));
    case 'reconnecting':
      return vscode.l10n.t(
        '{0} of {1} confirmed. The connection is lost; trying to reach the broker again',
        confirmed,
        items,
      );
    case 'finding-out':
      return vscode.l10n.t('{0} of {1} confirmed. Finding out what has arrived', confirmed, items);
    case 'sending':
      return vscode.l10n.t('{0} of {1} confirmed', confirmed, items);
  }
}

/** @returns whether there is something left to go on with */
async function settle(publications: Publications, publication: Publication, outcome: PublishOutcome): Promise<boolean> {
  // What the broker refuses for good, as 'refused', has sent nothing, unless an earlier part has.
  if (outcome.ended === 'done' || outcome.confirmed + outcome.unknown.length === 0) {
    await publications.remove(publication.runId);
    return false;
  }
  const cancelled = outcome.ended === 'cancelled';
  await publications.save({ ...publication, process: undefined, cancelled, journal: outcome.journal });
  return true;
}

/** Nothing was sent: what was to be gone on with still is; what had just begun is forgotten. */
async function leave(publications: Publications, before: Publication): Promise<void> {
  if (before.journal) await publications.save({ ...before, process: undefined });
  else await publications.remove(before.runId);
}
