import * as vscode from 'vscode';
import type { BrokerPlace } from '../../../model/brokers.ts';
import { wayTo } from '../../../model/connected.ts';
import { Publications } from '../../../model/publications.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { COMMANDS } from '../../ids.ts';
import { label } from '../../label.ts';
import { confirmTaking } from '../../production.ts';
import { clock, messages } from '../../text.ts';
import { UserError } from '../../userError.ts';
import type { QueueRow } from '../../views/queues.ts';
import { forgetPublication, lastPublished, type Published } from './lastPublished.ts';

/**
 * Command: takes the messages of the last publish out of the queue again, as far as nobody has taken them.
 * @param given a publication's run id, or the queue whose last publish it is
 */
export async function undoPublish(app: App, given?: string | QueueRow): Promise<void> {
  const published = find(lastPublished(app), given);
  const place = await placeOf(app, published);
  const depth = await place.queues.depth(published.queue);
  const queue = label(published.queue);
  if (!depth) {
    throw new UserError(vscode.l10n.t('Queue {0} does not exist any more: there is nothing to take back.', queue), {
      warning: true,
    });
  }
  if (depth.consumers > 0) throw beingConsumed(published, depth.consumers);
  if (depth.ready === 0) {
    throw new UserError(vscode.l10n.t('Queue {0} is empty: all its messages were taken already.', queue), {
      warning: true,
    });
  }
  await confirmTaking(app, {
    place,
    title: vscode.l10n.t('Take back what was published to {0}?', queue),
    detail: [
      vscode.l10n.t('Published: {0} from {1}, {2}', messages(published.confirmed), published.from, clock(published.at)),
      vscode.l10n.t('In the queue now: {0}', messages(depth.ready)),
      '',
      vscode.l10n.t(
        'Those of this publication are taken out and are gone. All others stay in their places; they are marked as redelivered.',
      ),
    ].join('\n'),
    button: vscode.l10n.t('Take Back'),
    name: published.queue,
  });
  await takeBackAndTell(app, place, published);
}

async function takeBackAndTell(app: App, place: BrokerPlace, published: Published): Promise<void> {
  const { runId, confirmed } = published;
  const queue = label(published.queue);
  const { takeBack } = await place.link.api();
  const connected = await place.link.get();
  const hold = place.link.hold();
  const { ended, taken, foreign, consumers } = await withProgress(
    vscode.l10n.t('Taking back from {0}', queue),
    (signal, report) =>
      takeBack({
        ...wayTo(connected),
        purpose: 'take back',
        queue: published.queue,
        runId,
        signal,
        onProgress: ({ looked, of }) => report(vscode.l10n.t('{0} of {1} looked at', looked, of), (looked / of) * 100),
      }),
  ).finally(() => hold.dispose());
  if (consumers > 0) throw beingConsumed(published, consumers);
  place.queues.notePublished(published.queue, -taken);
  if (ended === 'done') {
    await forgetPublication(app, runId);
    // What was to be gone on with is not wanted any more.
    await new Publications(app.storageDir).remove(runId);
  }
  await place.queues.refresh().catch(() => undefined);
  void vscode.window.showInformationMessage(
    [
      ended === 'cancelled'
        ? vscode.l10n.t('You cancelled: {0} of {1} were taken back from {2} so far.', taken, messages(confirmed), queue)
        : vscode.l10n.t('{0} of {1} were taken back from {2}.', taken, messages(confirmed), queue),
      ...(ended === 'done' && taken < confirmed ? [vscode.l10n.t('The others were not in the queue any more.')] : []),
      ...(foreign > 0 ? [vscode.l10n.t('{0} of others stay in their places.', messages(foreign))] : []),
    ].join(' '),
  );
}

function find(all: Published[], given: string | QueueRow | undefined): Published {
  if (typeof given === 'object') {
    const last = all.find(({ place, queue }) => place === given.place && queue === given.name);
    if (last) return last;
    throw new UserError(
      vscode.l10n.t('Nothing that was published to {0} from this workspace is left to take back.', label(given.name)),
      { warning: true },
    );
  }
  const [last] = given === undefined ? all : all.filter(({ runId }) => runId === given);
  if (last) return last;
  throw new UserError(vscode.l10n.t('Nothing that was published from this workspace is left to take back.'), {
    warning: true,
  });
}

function beingConsumed({ place, queue: name }: Published, consumers: number): UserError {
  const queue = label(name);
  const row: QueueRow = { kind: 'queue', place, name };
  // Its page tells who they are.
  const describe = {
    label: vscode.l10n.t('Describe {0}', label(name, 60)),
    command: COMMANDS.describeQueue,
    args: [row],
  };
  return new UserError(
    consumers === 1
      ? vscode.l10n.t(
          'Queue {0} has a consumer that takes messages now: nothing was taken back. End it or pause its Job first.',
          queue,
        )
      : vscode.l10n.t(
          'Queue {0} has {1} consumers that take messages now: nothing was taken back. End them or pause their Job first.',
          queue,
          consumers,
        ),
    { warning: true, actions: [describe] },
  );
}

/** @throws UserError where the broker is not there any more, or another one */
async function placeOf(app: App, { place: id, broker }: Published): Promise<BrokerPlace> {
  const { brokers } = app.model;
  if (!brokers.find(id)) await brokers.refresh();
  const place = brokers.find(id);
  const display = place && (await place.link.get()).display;
  if (place && display === broker) return place;
  throw new UserError(
    vscode.l10n.t('The broker {0}, where this was published, is not the one that is connected now.', broker),
    {
      warning: true,
    },
  );
}
