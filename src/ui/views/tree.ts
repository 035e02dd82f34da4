import * as vscode from 'vscode';
import type { Ending } from '../../model/emitter.ts';
import type { LinkState } from '../../model/link.ts';
import type { Model } from '../../model/model.ts';
import type { Finding } from '../../workload/findings.ts';
import { explain } from '../explain.ts';
import { ROWS } from '../ids.ts';
import { clock } from '../text.ts';
import { findingWords, loadFindingWords } from './findingWords.ts';

/** More children than this make VS Code's tree slow; the rest is behind a row that says how many they are. */
export const CHILDREN_AT_MOST = 200;
/** Milliseconds in which changes are drawn together. */
const COALESCE = 250;

/** A row that tells something instead of standing for a thing. */
export interface Note {
  kind: 'note';
  id: string;
  label: string;
  description?: string;
  icon: string;
  command?: vscode.Command;
}

export function noteItem(note: Note): vscode.TreeItem {
  const item = new vscode.TreeItem(note.label);
  item.id = note.id;
  item.description = note.description;
  item.tooltip = [note.label, ...(note.description ? [note.description] : [])].join('\n');
  item.iconPath = new vscode.ThemeIcon(note.icon);
  item.contextValue = ROWS.note;
  if (note.command) item.command = note.command;
  return item;
}

/** A row for one thing that is wrong. @param command where its mending starts */
export function findingItem(id: string, finding: Finding, command: vscode.Command): vscode.TreeItem {
  const { title, why } = findingWords(finding);
  const item = new vscode.TreeItem(title);
  item.id = id;
  item.contextValue = ROWS.note;
  item.iconPath =
    finding.severity === 'worth-knowing'
      ? new vscode.ThemeIcon('info')
      : new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.tooltip = `${title}\n\n${why}`;
  item.command = command;
  return item;
}

/** The row that heads a view whose source does not answer: since when, why, and that it is tried again. */
export function awayNote(state: LinkState, what: 'broker' | 'cluster'): Note[] {
  if (state.kind !== 'away') return [];
  const label =
    what === 'broker'
      ? vscode.l10n.t('Broker away since {0}, trying again', clock(state.since))
      : vscode.l10n.t('Cluster away since {0}, trying again', clock(state.since));
  return [{ kind: 'note', id: `${what}-away`, label, description: explain(state.error).text, icon: 'warning' }];
}

/** The row behind which further children are hidden. */
export function moreNote(id: string, hidden: number): Note[] {
  if (hidden <= 0) return [];
  return [{ kind: 'note', id: `${id}/more`, label: vscode.l10n.t('{0} more…', hidden), icon: 'ellipsis' }];
}

/** What a view is made of. */
export interface ViewParts<Row> {
  id: string;
  model: Model;
  changes: { on(listener: () => void): Ending }[];
  children(row: Row | undefined): Row[];
  item(row: Row): vscode.TreeItem;
  /** Keeps the view's source live while the view can be seen. */
  look(): Ending;
  /** Keeps what an unfolded row has below it live, while that can be seen. */
  lookBelow?(row: Row): Ending | undefined;
  badge?(): vscode.ViewBadge | undefined;
  /** A line above the rows. */
  message?(): string | undefined;
}

/** Makes a view: drawn again at most every 250 ms, its title naming context and namespace, its source asleep while hidden. */
export function createView<Row extends { kind: string }>(parts: ViewParts<Row>): vscode.Disposable {
  const redraw = new vscode.EventEmitter<void>();
  const view = vscode.window.createTreeView<Row>(parts.id, {
    treeDataProvider: {
      onDidChangeTreeData: redraw.event,
      getChildren: row => parts.children(row),
      getTreeItem: row => parts.item(row),
    },
    showCollapseAll: false,
  });
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    timer = undefined;
    const { place } = parts.model.cluster;
    view.description = place && `${place.context} / ${place.namespace}`;
    view.badge = parts.badge?.();
    view.message = parts.message?.();
    redraw.fire();
  };
  const changed = () => {
    // Not at once: a row that is drawn anew while a person unfolds it, or opens its menu, stays folded.
    timer ??= setTimeout(draw, COALESCE);
  };
  const endings = parts.changes.map(change => change.on(changed));
  let looking: Ending | undefined;
  const unfolded = new Set<string>();
  const below = new Map<string, Ending>();
  const lookBelow = (row: Row, open: boolean) => {
    const key = JSON.stringify(row);
    if (open) unfolded.add(key);
    else unfolded.delete(key);
    look();
  };
  const look = () => {
    if (view.visible) {
      looking ??= parts.look();
      void loadFindingWords().then(changed);
    } else {
      looking?.dispose();
      looking = undefined;
    }
    for (const [key, ending] of below) {
      if (view.visible && unfolded.has(key)) continue;
      ending.dispose();
      below.delete(key);
    }
    for (const key of view.visible ? unfolded : []) {
      const ending = below.has(key) ? undefined : parts.lookBelow?.(JSON.parse(key));
      if (ending) below.set(key, ending);
    }
  };
  look();
  return vscode.Disposable.from(
    view,
    redraw,
    view.onDidChangeVisibility(look),
    view.onDidExpandElement(({ element }) => lookBelow(element, true)),
    view.onDidCollapseElement(({ element }) => lookBelow(element, false)),
    ...endings.map(ending => new vscode.Disposable(() => ending.dispose())),
    new vscode.Disposable(() => {
      clearTimeout(timer);
      looking?.dispose();
      for (const ending of below.values()) ending.dispose();
    }),
  );
}
