import * as vscode from 'vscode';
import type { PublishOutcome } from '../../../broker/index.ts';
import type { Publication } from '../../../model/publications.ts';
import type { ItemsSummary } from '../../../workload/itemsSummary.ts';
import { explain } from '../../explain.ts';
import { label } from '../../label.ts';
import { clock, messages } from '../../text.ts';
import { type Fate, type NotConfirmed, notConfirmed } from './outcomeAccount.ts';
import { formatWords, skipWords } from './previewRows.ts';

/** A publication that has come to an end, with all that is known of it. */
export interface Ended {
  publication: Publication;
  outcome: PublishOutcome;
  summary: ItemsSummary;
  /** The file was written to while it was published. */
  hasChanged: boolean;
}

/** @returns the whole outcome in a few sentences */
export function outcomeSentences({ publication, outcome, summary, hasChanged }: Ended): string {
  const lines = notConfirmed(outcome, summary);
  const { confirmed, ended } = outcome;
  const total = messages(publication.items);
  return [
    vscode.l10n.t('{0} confirmed {1} of {2}.', label(publication.queue), confirmed, total),
    ...(ended === 'cancelled' ? [vscode.l10n.t('You cancelled the rest.')] : []),
    ...lossWords(outcome),
    ...leftOutWords(publication, summary),
    ...(lines.length > 0 ? [vscode.l10n.t('Not confirmed: {0}.', shortList(publication, lines))] : []),
    ...(hasChanged
      ? [
          vscode.l10n.t(
            '{0} was changed while it was being published: some messages may not be what the preview showed.',
            label(publication.name),
          ),
        ]
      : []),
    // Last, for what a broker says may end without a full stop.
    ...errorWords(outcome),
  ].join(' ');
}

function errorWords({ ended, error }: PublishOutcome): string[] {
  if (!error) return [];
  return ended === 'source-failed'
    ? [vscode.l10n.t('The rest could not be read, or its account not be kept: {0}', error.detail)]
    : [explain(error).text];
}

function lossWords({ reconnected, maybeDoubled, lostByBroker, unseen }: PublishOutcome): string[] {
  const lost =
    reconnected === 1
      ? vscode.l10n.t('The connection was lost once on the way.')
      : vscode.l10n.t('The connection was lost {0} times on the way.', reconnected);
  return [
    ...(reconnected > 0 ? [lost] : []),
    ...(reconnected > 0 && maybeDoubled + lostByBroker + unseen === 0
      ? [vscode.l10n.t('What had arrived was found out before anything was sent again: nothing is there twice.')]
      : []),
    ...(maybeDoubled > 0
      ? [
          vscode.l10n.t(
            'Up to {0} may be there twice: nobody could tell whether they had arrived, so they were sent again.',
            messages(maybeDoubled),
          ),
        ]
      : []),
    ...(lostByBroker > 0
      ? [
          vscode.l10n.t(
            'The broker has lost {0} that it had confirmed: they were not in the queue any more when it came back.',
            messages(lostByBroker),
          ),
        ]
      : []),
    ...(unseen > 0
      ? [
          vscode.l10n.t(
            'Whether the {0} confirmed are still there could not be found out, as the broker was not reached again.',
            messages(unseen),
          ),
        ]
      : []),
  ];
}

function leftOutWords({ leaveOutDuplicates }: Publication, { skipped, duplicates }: ItemsSummary): string[] {
  const blank = skipped.get('blank') ?? 0;
  return [
    ...(blank > 0 ? [vscode.l10n.t('Blank lines left out: {0}.', blank)] : []),
    ...(leaveOutDuplicates && duplicates > 0 ? [vscode.l10n.t('Duplicates left out: {0}.', duplicates)] : []),
  ];
}

function shortList(publication: Publication, lines: NotConfirmed[]): string {
  const some = lines.slice(0, 3).map(one => `${range(publication, one)} (${fateWords(one.why)})`);
  return [...some, ...(lines.length > 3 ? ['…'] : [])].join('; ');
}

/** @returns "line 3", "lines 3 to 5"; of a JSON array the elements */
function range({ format }: Publication, { from, to }: { from: number; to: number }): string {
  if (format.kind === 'json')
    return from === to ? vscode.l10n.t('element {0}', from) : vscode.l10n.t('elements {0} to {1}', from, to);
  return from === to ? vscode.l10n.t('line {0}', from) : vscode.l10n.t('lines {0} to {1}', from, to);
}

function fateWords(why: Fate): string {
  switch (why) {
    case 'unroutable':
      return vscode.l10n.t('returned: the queue was not there');
    case 'nacked':
      return vscode.l10n.t('refused by the broker (the queue may be full)');
    case 'invalid-fields':
      return vscode.l10n.t('its properties cannot be sent');
    case 'unknown':
      return vscode.l10n.t('sent, but the broker’s answer never came: it may be there');
    case 'unsent':
      return vscode.l10n.t('not sent');
    default:
      return vscode.l10n.t('left out: {0}', skipWords(why));
  }
}

/** @returns the whole account as a document, line by line */
export function outcomeDocument(ended: Ended): string {
  const { publication, outcome, summary } = ended;
  const lines = notConfirmed(outcome, summary);
  return `${[
    ...headLines(publication),
    '',
    vscode.l10n.t('Confirmed by the broker: {0} of {1}', outcome.confirmed, messages(publication.items)),
    ...errorWords(outcome),
    ...lossWords(outcome),
    ...leftOutWords(publication, summary),
    ...(lines.length > 0 ? ['', vscode.l10n.t('Not confirmed:')] : []),
    ...lines.map(one => `${range(publication, one)}: ${fateWords(one.why)}`),
  ].join('\n')}\n`;
}

/** @returns the account of a publication that was cut off */
export function unfinishedDocument(publication: Publication): string {
  const { journal } = publication;
  const settled = journal?.confirmedUpTo ?? 0;
  const sent = journal?.sentUpTo ?? 0;
  return `${[
    ...headLines(publication),
    '',
    vscode.l10n.t('Confirmed by the broker: {0} of {1}', journal?.confirmed ?? 0, messages(publication.items)),
    ...(journal?.failed ?? []).map(
      ({ line, reason }) => `${range(publication, { from: line, to: line })}: ${fateWords(reason)}`,
    ),
    ...(settled > 0
      ? [vscode.l10n.t('Up to {0}: all is known', range(publication, { from: settled, to: settled }))]
      : []),
    ...(sent > settled
      ? [
          vscode.l10n.t(
            '{0}: may have been sent; going on looks for them in the queue first',
            range(publication, { from: settled + 1, to: Math.min(sent, publication.lastLine) }),
          ),
        ]
      : []),
    ...(sent < publication.lastLine
      ? [vscode.l10n.t('{0}: not sent', range(publication, { from: sent + 1, to: publication.lastLine }))]
      : []),
  ].join('\n')}\n`;
}

function headLines({ name, queue, broker, format, startedAt, source }: Publication): string[] {
  return [
    vscode.l10n.t('Publication of {0} to queue {1}', sourceWords({ name, source }), label(queue)),
    vscode.l10n.t('Broker: {0}', broker),
    vscode.l10n.t('Begun: {0}', clock(startedAt)),
    vscode.l10n.t('Format: {0}', formatWords(format)),
  ];
}

/** @returns what the items were taken from: "items.txt", "the selected lines of items.txt", "the clipboard" */
export function sourceWords({ name, source }: Pick<Publication, 'name' | 'source'>): string {
  if (name === '') return vscode.l10n.t('the clipboard');
  return source.kind === 'copy' && source.lines ? vscode.l10n.t('the selected lines of {0}', label(name)) : label(name);
}
