import * as vscode from 'vscode';
import type { BrokerPlace } from '../../model/brokers.ts';
import { displayBrokerUrl } from '../../workload/brokerUrl.ts';
import type { App } from '../app.ts';
import { explain } from '../explain.ts';
import { COMMANDS, ROWS, VIEWS } from '../ids.ts';
import { label as plain } from '../label.ts';
import { queueWords } from '../text.ts';
import { findingTitles } from './findingWords.ts';
import { type PastRunRow, pastRunItem, pastRunRows, pastRuns } from './pastRuns.ts';
import { awayNote, CHILDREN_AT_MOST, createView, findingItem, moreNote, type Note, noteItem } from './tree.ts';

/** `place` is the id of a BrokerPlace. */
export interface QueueRow {
  kind: 'queue';
  place: string;
  name: string;
}

export interface BrokerRow {
  kind: 'broker';
  place: string;
}

interface FindingRow {
  kind: 'finding';
  place: string;
  index: number;
}

type Row = BrokerRow | QueueRow | FindingRow | PastRunRow | Note;

/** The Queues view: one row a queue, its figures in words; below their brokers, where there are several. */
export function showQueues(app: App): vscode.Disposable {
  const { brokers, cluster } = app.model;
  return createView<Row>({
    id: VIEWS.queues,
    model: app.model,
    changes: [brokers.onDidChange, cluster.onDidChange, app.queueOrder.onDidChange, app.history.onDidChange],
    look: () => {
      const looks = [brokers.look(), brokers.main.queues.look()];
      return { dispose: () => looks.forEach(look => void look.dispose()) };
    },
    lookBelow: row => (row.kind === 'broker' ? brokers.find(row.place)?.queues.look() : undefined),
    children: row => children(app, row),
    item: row => item(app, row),
    message: () => message(app),
  });
}

function children(app: App, row: Row | undefined): Row[] {
  const { all, main } = app.model.brokers;
  if (!row) {
    if (all.length === 1) return queueRows(app, main);
    // A workspace that names no broker has none of its own to show beside the others.
    const shown = all.filter(place => place !== main || main.link.state.kind !== 'none');
    return shown.map(({ id }): Row => ({ kind: 'broker', place: id }));
  }
  if (row.kind === 'queue') return pastRunRows(app, row);
  const place = row.kind === 'broker' && app.model.brokers.find(row.place);
  return place ? queueRows(app, place) : [];
}

function item(app: App, row: Row): vscode.TreeItem {
  if (row.kind === 'note') return noteItem(row);
  const place = app.model.brokers.find(row.place);
  if (!place) return new vscode.TreeItem('');
  if (row.kind === 'broker') return brokerItem(app, place);
  if (row.kind === 'queue') return queueItem(app, place, row);
  if (row.kind === 'past-run') return pastRunItem(app, row);
  const finding = place.preflight.findings[row.index];
  if (!finding) return new vscode.TreeItem('');
  return findingItem(`finding/${place.id}/${finding.code}`, finding, {
    command: COMMANDS.testBroker,
    title: vscode.l10n.t('Test Broker'),
    arguments: [{ kind: 'broker', place: place.id }],
  });
}

function queueRows(app: App, place: BrokerPlace): Row[] {
  const { link, queues, id } = place;
  const found = app.queueOrder.apply(queues.rows);
  const shown = found.slice(0, CHILDREN_AT_MOST).map(({ name }): QueueRow => ({ kind: 'queue', place: id, name }));
  const notes: Note[] = [];
  if (link.state.kind === 'live' && queues.unlisted) {
    const why =
      queues.unlisted === 'no-permission'
        ? vscode.l10n.t('its user lacks the tag “management”')
        : vscode.l10n.t('its management plugin does not answer');
    const label =
      place === app.model.brokers.main
        ? vscode.l10n.t('Only the queues named in job.yaml are shown: the broker can’t list the others, {0}', why)
        : vscode.l10n.t('The broker can’t list its queues: {0}', why);
    notes.push({ kind: 'note', id: `${id}/not-listed`, label, icon: 'info' });
  }
  // Where there is one broker only, the view's welcome text says it.
  if (link.state.kind === 'needs-password' && app.model.brokers.all.length > 1) {
    const title = vscode.l10n.t('Enter Password…');
    const command = { title, command: COMMANDS.enterPassword, arguments: [{ kind: 'broker', place: id }] };
    notes.push({ kind: 'note', id: `${id}/password`, label: title, icon: 'key', command });
  }
  const more = moreNote(`${id}/queues`, found.length - shown.length);
  const findings = place.preflight.findings.map(
    (_finding, index): FindingRow => ({ kind: 'finding', place: id, index }),
  );
  return [
    ...awayNote(link.state, 'broker'),
    // What is merely worth knowing stands in Test Broker's report.
    ...findings.filter(({ index }) => place.preflight.findings[index]?.severity !== 'worth-knowing'),
    ...shown,
    ...more.map(note => ({
      ...note,
      description: vscode.l10n.t('filter to see them'),
      command: { title: vscode.l10n.t('Filter Queues'), command: COMMANDS.filterQueues },
    })),
    ...notes,
  ];
}

function message(app: App): string | undefined {
  const { filter } = app.queueOrder;
  if (filter === '') return undefined;
  const all = app.model.brokers.all.flatMap(({ queues }) => queues.rows);
  const shown = app.queueOrder.apply(all).length;
  return vscode.l10n.t('{0} of {1} queues: those with “{2}” in the name', shown, all.length, filter);
}

function brokerItem(app: App, place: BrokerPlace): vscode.TreeItem {
  const main = place === app.model.brokers.main;
  const { address } = place.link.found ?? {};
  const display = address && displayBrokerUrl(address);
  const state = brokerWords(place);
  const label = place.label || display || vscode.l10n.t('The workspace’s broker');
  const item = new vscode.TreeItem(
    label,
    main ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = `broker/${place.id}`;
  item.contextValue = ROWS.broker;
  item.description = state;
  item.iconPath = new vscode.ThemeIcon(place.link.state.kind === 'away' ? 'warning' : 'server');
  const findings = findingTitles(place.preflight.findings);
  item.tooltip = [
    label,
    ...(display && display !== label ? [display] : []),
    ...(state ? [state] : []),
    ...findings,
  ].join('\n');
  item.accessibilityInformation = { label: vscode.l10n.t('Broker {0}: {1}', label, state) };
  return item;
}

function brokerWords({ link, queues }: BrokerPlace): string {
  switch (link.state.kind) {
    case 'live':
      return vscode.l10n.t('{0} queues', queues.rows.length);
    case 'connecting':
      return vscode.l10n.t('connecting…');
    case 'away':
      return explain(link.state.error).text;
    case 'needs-password':
      return vscode.l10n.t('needs a password');
    case 'untrusted':
    case 'none':
      return '';
  }
}

function queueItem(app: App, place: BrokerPlace, row: QueueRow): vscode.TreeItem {
  const label = plain(row.name);
  const item = new vscode.TreeItem(
    label,
    pastRuns(app, row.place, row.name).length > 0
      ? vscode.TreeItemCollapsibleState.Collapsed
      : vscode.TreeItemCollapsibleState.None,
  );
  item.id = `queue/${place.id}/${row.name}`;
  item.contextValue = ROWS.queue;
  const queue = place.queues.find(row.name);
  if (!queue) return item;
  const words = queueWords(queue);
  const stale = place.link.state.kind === 'away';
  item.description = stale ? vscode.l10n.t('{0} (as last seen)', words) : words;
  item.iconPath = new vscode.ThemeIcon('inbox');
  const where = place.link.connected?.display;
  item.tooltip = [
    `${label}: ${words}`,
    queue.durable
      ? vscode.l10n.t('{0} queue, durable', queue.type)
      : vscode.l10n.t('{0} queue, not durable: its messages do not outlive the broker', queue.type),
    ...(where ? [where] : []),
  ].join('\n');
  item.accessibilityInformation = { label: vscode.l10n.t('Queue {0}: {1}', label, words) };
  return item;
}
