import * as vscode from 'vscode';
import type { RunResult } from '../../model/runHistory.ts';
import type { App } from '../app.ts';
import { COMMANDS } from '../ids.ts';
import { historyItem } from './historyItems.ts';
import { moreNote, type Note } from './tree.ts';

/** A run that took a queue's messages and has ended. */
export interface PastRunRow {
  kind: 'past-run';
  /** `place` of the broker, as a queue's row has it. */
  place: string;
  queue: string;
  uid: string;
}

/** Ended runs below a queue, the newest. */
const SHOWN_AT_MOST = 10;

/** Runs take their items from the workspace's own broker. */
export function pastRuns(app: App, place: string, queue: string): readonly RunResult[] {
  const { main } = app.model.brokers;
  return place === main.id ? app.history.of(queue, main.link.connected?.display) : [];
}

/** The rows below a queue. */
export function pastRunRows(app: App, { place, name }: { place: string; name: string }): (PastRunRow | Note)[] {
  const runs = pastRuns(app, place, name);
  const shown = runs.slice(0, SHOWN_AT_MOST);
  const more = moreNote(`${place}/${name}/runs`, runs.length - shown.length).map(note => ({
    ...note,
    description: vscode.l10n.t('export to see them'),
    command: {
      title: vscode.l10n.t('Export Run History'),
      command: COMMANDS.exportHistory,
      arguments: [{ kind: 'queue', place, name }],
    },
  }));
  return [...shown.map(({ uid }): PastRunRow => ({ kind: 'past-run', place, queue: name, uid })), ...more];
}

export function pastRunItem(app: App, row: PastRunRow): vscode.TreeItem {
  const run = pastRuns(app, row.place, row.queue).find(({ uid }) => uid === row.uid);
  // Between two drawings a thousand others may have ended.
  return run ? historyItem(`run/${row.place}/${run.uid}`, run) : new vscode.TreeItem('');
}
