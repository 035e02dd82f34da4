import * as vscode from 'vscode';
import type { BrokerPlace } from '../../../model/brokers.ts';
import { type Publication, Publications } from '../../../model/publications.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { COMMANDS } from '../../ids.ts';
import { label } from '../../label.ts';
import { pickOne } from '../../pickOne.ts';
import { bytes, clock, items, list, messages } from '../../text.ts';
import { type Action, UserError } from '../../userError.ts';
import { accountName } from './outcome.ts';
import { sourceWords, unfinishedDocument } from './outcomeWords.ts';
import { Look } from './publishLook.ts';
import { runPublication } from './publishRun.ts';
import { FileSource } from './sourceFile.ts';

type What = 'go-on' | 'account' | 'discard';

/**
 * Command: goes on with a publication that was cut off, from where it was, or shows or discards its account.
 * @param given its run id; without it the person chooses
 * @param what what to do with it; without it the person is asked
 */
export async function resumePublish(app: App, given?: unknown, what?: What): Promise<void> {
  const publications = new Publications(app.storageDir);
  const publication = await choose(await publications.unfinished(), given);
  switch (what ?? (await ask(publication))) {
    case 'go-on':
      return goOn(app, publication);
    case 'account':
      await app.preview.show(accountName(publication.queue), unfinishedDocument(publication));
      return;
    case 'discard':
      await publications.remove(publication.runId);
  }
}

async function choose(unfinished: Publication[], given: unknown): Promise<Publication> {
  const named = unfinished.find(({ runId }) => runId === given);
  if (named) return named;
  const [only, ...more] = unfinished;
  if (!only || typeof given === 'string') {
    throw new UserError(vscode.l10n.t('No publication was cut off: there is nothing to go on with.'), {
      warning: true,
    });
  }
  if (more.length === 0) return only;
  const chosen = await pickOne(
    unfinished.map(publication => ({
      label: vscode.l10n.t('{0} to {1}', sourceWords(publication), label(publication.queue)),
      description: stateWords(publication),
      publication,
    })),
    { title: vscode.l10n.t('Resume Publishing'), placeHolder: vscode.l10n.t('Which publication') },
  );
  return chosen.publication;
}

const stateWords = ({ journal, items: total, startedAt }: Publication) =>
  list([
    vscode.l10n.t('{0} of {1} confirmed', journal?.confirmed ?? 0, total),
    vscode.l10n.t('begun {0}', clock(startedAt)),
  ]);

async function ask(publication: Publication): Promise<What> {
  const { journal } = publication;
  const rest = publication.items - (journal?.confirmed ?? 0);
  const open = Math.max(0, Math.min(journal?.sentUpTo ?? 0, publication.lastLine) - (journal?.confirmedUpTo ?? 0));
  const rows: (vscode.QuickPickItem & { what: What })[] = [
    {
      what: 'go-on',
      label: vscode.l10n.t('$(send) Go on: publish the other {0} to {1}', messages(rest), label(publication.queue)),
      detail:
        open > 0
          ? vscode.l10n.t('up to {0} may be there already, and are looked for first', messages(open))
          : undefined,
    },
    { what: 'account', label: vscode.l10n.t('$(list-ordered) Show what is known of each line') },
    {
      what: 'discard',
      label: vscode.l10n.t('$(trash) Discard: the rest is not published'),
      detail: vscode.l10n.t('what is in the queue stays there'),
    },
  ];
  const chosen = await pickOne(rows, {
    title: vscode.l10n.t('Publication of {0}', sourceWords(publication)),
    placeHolder: stateWords(publication),
  });
  return chosen.what;
}

async function goOn(app: App, publication: Publication): Promise<void> {
  const place = await placeOf(app, publication);
  const { source: kept, format } = publication;
  const document = kept.kind === 'file' ? vscode.Uri.file(kept.path) : kept.document && vscode.Uri.parse(kept.document);
  const source = await FileSource.open(kept.path, {
    name: publication.name,
    document: document || undefined,
    lines: kept.kind === 'copy' ? kept.lines : undefined,
  });
  const look = new Look(source, format);
  await withProgress(
    vscode.l10n.t('Checking that {0} is the same', sourceWords(publication)),
    async (signal, report) => {
      signal.addEventListener('abort', () => look.cancel());
      look.onProgress(() => report(list([items(look.summary.items), bytes(look.summary.bytes)])));
      await look.done;
      signal.throwIfAborted();
    },
  );
  if (look.sha256 !== kept.sha256 || look.problem !== undefined) throw changed(publication);
  await runPublication(app, {
    publication,
    source,
    summary: look.summary,
    place,
    hasChanged: () => source.hasChanged(),
  });
}

function changed({ name, runId, journal, items: total }: Publication): UserError {
  const more = (what: What, text: string): Action => ({
    label: text,
    command: COMMANDS.resumePublish,
    args: [runId, what],
  });
  return new UserError(
    vscode.l10n.t(
      '{0} is not what it was when its publication was cut off ({1} of {2} confirmed). Going on would send other lines than those that are missing. See in the account which were sent, select the rest and publish it.',
      label(name),
      journal?.confirmed ?? 0,
      messages(total),
    ),
    {
      warning: true,
      actions: [more('account', vscode.l10n.t('Show Account')), more('discard', vscode.l10n.t('Discard'))],
    },
  );
}

/** @throws UserError where the broker is not there or another one: what is in its queue says nothing about this publication */
async function placeOf(app: App, { place: id, broker }: Publication): Promise<BrokerPlace> {
  const { brokers } = app.model;
  if (!brokers.find(id)) await brokers.refresh();
  const place = brokers.find(id);
  if (!place) {
    throw new UserError(vscode.l10n.t('The broker {0} is not among those of the Queues view any more.', broker), {
      warning: true,
    });
  }
  const { display } = await place.link.get();
  if (display === broker) return place;
  throw new UserError(
    vscode.l10n.t(
      'The broker was {0} and is now {1}. Only there can it be found out what has arrived.',
      broker,
      display,
    ),
    { warning: true },
  );
}
