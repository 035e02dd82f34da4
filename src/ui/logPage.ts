import * as vscode from 'vscode';
import type { KeptLog, LogSource } from '../model/keptLogs.ts';
import type { FedSource } from '../model/logFeed.ts';
import { explain } from './explain.ts';
import { type LogFilter, lineFilter } from './logFilter.ts';
import type { LogLine } from './logLines.ts';
import { plainText } from './plainText.ts';
import { bytes, list, pods } from './text.ts';

/** What a log's document is made of. */
export interface LogPage {
  /** The Job's name where several Pods' logs are one document: each line then begins with the name of its Pod. */
  merged: string | undefined;
  lines: LogLine[];
  /** Lines that are no longer kept. */
  linesLeftOut: number;
  sources: readonly FedSource[];
  /** Pods whose logs are not read. */
  podsLeftOut: number;
  filter: LogFilter;
  /** Whether a log is one of a container that failed. */
  failed: (source: LogSource) => boolean;
  /** What is said below the last line. */
  end: string | undefined;
}

/** The text of a log's document: what is left out, the lines, and how it stands. */
export function logPage(page: LogPage): string {
  const shown = shownLines(page);
  const head = [...leftOut(page), ...disk(page.sources), ...filterWords(page, shown.length)];
  const tag = page.merged === undefined ? () => '' : tagger(page.merged, page.lines, page.sources);
  const body: string[] = [];
  let before: LogSource | undefined;
  for (const { source, text } of shown) {
    if (page.merged === undefined && before && before !== source) body.push(rule(anew(before, source)));
    before = source;
    body.push(tag(source) + text);
  }
  const foot = [...troubles(page), ...(page.end === undefined ? [] : [page.end])];
  const lines = [...head.map(rule), ...body, ...foot.map(rule)];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

const rule = (words: string) => `— ${plainText(words)} —`;

function shownLines({ lines, filter, failed }: LogPage): LogLine[] {
  const isWanted = filter.text === '' ? undefined : lineFilter(filter.text);
  if (!isWanted && filter.pods === 'all') return lines;
  // A log has many lines, and whether it is one that is shown is the same for all of them.
  const logs = new Set(lines.map(({ source }) => source));
  const shown = new Set([...logs].filter(source => isOf(filter.pods, source, failed)));
  return lines.filter(({ source, text }) => shown.has(source) && (isWanted?.(text) ?? true));
}

function isOf(pods: LogFilter['pods'], source: LogSource, failed: LogPage['failed']): boolean {
  if (pods === 'all') return true;
  return pods === 'failed' ? failed(source) : source.podUid === pods.uid;
}

function tagger(job: string, lines: LogLine[], sources: readonly FedSource[]): (source: LogSource) => string {
  const all = [...sources.map(({ source }) => source), ...lines.map(({ source }) => source)];
  const several = new Set(all.filter(({ attempt }) => attempt > 0).map(({ podUid }) => podUid));
  const containers = new Set(all.map(({ container }) => container)).size > 1;
  return ({ podUid, pod, container, attempt }) => {
    const name = shortName(pod, job) + (containers ? ` ${container}` : '');
    return `[${several.has(podUid) ? `${name}/${attempt + 1}` : name}] `;
  };
}

/** @returns what tells a Job's Pods from each other: the controller names them after it */
export function shortName(pod: string, job: string): string {
  return pod.startsWith(`${job}-`) ? pod.slice(job.length + 1) : pod;
}

function anew(before: LogSource, { container, attempt }: LogSource): string {
  return before.container === container && before.attempt < attempt
    ? vscode.l10n.t('the container was started again')
    : vscode.l10n.t('container {0}', container);
}

function leftOut({ linesLeftOut, podsLeftOut, sources }: LogPage): string[] {
  const waiting = sources.filter(({ state }) => state.kind === 'waiting').length;
  return [
    ...(linesLeftOut > 0 ? [vscode.l10n.t('the oldest {0} lines are left out', linesLeftOut)] : []),
    ...(podsLeftOut > 0 ? [vscode.l10n.t('left out: the logs of {0} that succeeded long ago', pods(podsLeftOut))] : []),
    ...(waiting === 1 ? [vscode.l10n.t('1 more log comes in its turn: too many are read already')] : []),
    ...(waiting > 1 ? [vscode.l10n.t('{0} more logs come in their turn: too many are read already', waiting)] : []),
  ];
}

function disk(sources: readonly FedSource[]): string[] {
  const kept = sources.flatMap(({ state }) => (state.kind === 'kept' ? [state.log] : []));
  const removed = sources.flatMap(({ source, state }) => (state.kind === 'lost' ? [source] : []));
  const names = (logs: Pick<KeptLog, 'pod'>[]) => short([...new Set(logs.map(({ pod }) => pod))]);
  const there = kept.filter(({ missed }) => missed === undefined);
  const gone = kept.filter(({ missed }) => missed === 'gone');
  const refused = kept.filter(({ missed }) => missed !== undefined && missed !== 'gone');
  return [
    ...(there.length > 0 ? [vscode.l10n.t('kept on this computer from Pods that are gone: {0}', names(there))] : []),
    ...there
      .filter(({ leftOut }) => leftOut > 0)
      .map(({ pod, leftOut }) => vscode.l10n.t('of {0} the middle, {1}, was not kept', pod, bytes(leftOut))),
    ...(gone.length > 0 ? [vscode.l10n.t('lost, as the Pod went before its log could be read: {0}', names(gone))] : []),
    ...(removed.length > 0 ? [vscode.l10n.t('lost, as its node has removed it: {0}', names(removed))] : []),
    ...(refused.length > 0 ? [vscode.l10n.t('not kept, as the cluster refused to give it: {0}', names(refused))] : []),
  ];
}

const NAMES_AT_MOST = 10;

function short(names: string[]): string {
  const more = names.length - NAMES_AT_MOST;
  const shown = list(names.slice(0, NAMES_AT_MOST));
  return more > 0 ? vscode.l10n.t('{0} and {1} more', shown, more) : shown;
}

function filterWords({ filter, lines }: LogPage, shown: number): string[] {
  const { text, pods } = filter;
  if (text === '' && pods === 'all') return [];
  if (text !== '' && !lineFilter(text)) {
    return [vscode.l10n.t('{0} is no regular expression; all lines are shown', text)];
  }
  const what = list([
    ...(text === '' ? [] : [vscode.l10n.t('with {0}', text)]),
    ...(pods === 'all' ? [] : [pods === 'failed' ? vscode.l10n.t('of failed Pods') : pods.name]),
  ]);
  return [vscode.l10n.t('filter: {0} of {1} lines, {2}', shown, lines.length, what)];
}

/** What cannot be read, each trouble once however many Pods have it. */
function troubles({ sources, merged }: LogPage): string[] {
  const failed = sources.flatMap(({ source, state }) =>
    state.kind === 'failed' ? [{ pod: source.pod, text: explain(state.error).text }] : [],
  );
  return [...Map.groupBy(failed, ({ text }) => text)].map(([text, of]) =>
    merged === undefined ? text : `${short([...new Set(of.map(({ pod }) => pod))])}: ${text}`,
  );
}
