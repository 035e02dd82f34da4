import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { ROWS, VIEWS } from '../ids.ts';
import { queueWords } from '../text.ts';
import { awayNote, CHILDREN_AT_MOST, createView, moreNote, type Note, noteItem } from './tree.ts';

export interface QueueRow {
  kind: 'queue';
  name: string;
}

/** The Queues view: one row a queue, its figures in words. */
export function showQueues(app: App): vscode.Disposable {
  const { broker, queues, cluster } = app.model;
  return createView<QueueRow | Note>({
    id: VIEWS.queues,
    model: app.model,
    changes: [queues.onDidChange, broker.onDidChange, cluster.onDidChange],
    look: () => queues.look(),
    children: row => (row ? [] : rows(app)),
    item: row => (row.kind === 'note' ? noteItem(row) : queueItem(app, row)),
  });
}

function rows(app: App): (QueueRow | Note)[] {
  const { broker, queues } = app.model;
  const shown = queues.rows.slice(0, CHILDREN_AT_MOST).map(({ name }): QueueRow => ({ kind: 'queue', name }));
  const notes: Note[] = [];
  if (broker.state.kind === 'live' && !queues.listed) {
    notes.push({
      kind: 'note',
      id: 'not-listed',
      label: vscode.l10n.t('Only the queues named in job.yaml are shown: the broker’s management plugin is off'),
      icon: 'info',
    });
  }
  return [
    ...awayNote(broker.state, 'broker'),
    ...shown,
    ...moreNote('queues', queues.rows.length - shown.length),
    ...notes,
  ];
}

function queueItem(app: App, row: QueueRow): vscode.TreeItem {
  const item = new vscode.TreeItem(row.name);
  item.id = `queue/${row.name}`;
  item.contextValue = ROWS.queue;
  const queue = app.model.queues.find(row.name);
  if (!queue) return item;
  const words = queueWords(queue);
  const stale = app.model.broker.state.kind === 'away';
  item.description = stale ? vscode.l10n.t('{0} (as last seen)', words) : words;
  item.iconPath = new vscode.ThemeIcon('inbox');
  const where = app.model.broker.connected?.display;
  item.tooltip = [
    `${row.name}: ${words}`,
    queue.durable
      ? vscode.l10n.t('{0} queue, durable', queue.type)
      : vscode.l10n.t('{0} queue, not durable: its messages do not outlive the broker', queue.type),
    ...(where ? [where] : []),
  ].join('\n');
  item.accessibilityInformation = { label: vscode.l10n.t('Queue {0}: {1}', row.name, words) };
  return item;
}
