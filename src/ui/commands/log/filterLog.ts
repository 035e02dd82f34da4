import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { type LogFilter, lineFilter, SHOW_ALL } from '../../logFilter.ts';
import { subjectOf } from '../../subject.ts';
import { CHILDREN_AT_MOST } from '../../views/tree.ts';
import { openedLog } from './openedLog.ts';

interface PodsItem extends vscode.QuickPickItem {
  pods: LogFilter['pods'];
}

/** Command: shows only those lines of an open log that have a text, or that are of some Pods; an empty text shows all. */
export async function filterLog(app: App, uri?: vscode.Uri): Promise<void> {
  const opened = openedLog(uri).uri;
  const document = opened.toString();
  const before = app.logs.filterOf(document);
  const box = vscode.window.createQuickPick<PodsItem>();
  box.title = vscode.l10n.t('Filter Log');
  box.placeholder = vscode.l10n.t('A part of the line, or a regular expression: /warn|error/. Empty shows all.');
  box.value = before.text;
  box.items = podsItems(app, opened);
  box.activeItems = box.items.filter(item => isSame(item.pods, before.pods));
  box.ignoreFocusOut = true;
  const accepted = await new Promise<boolean>(resolve => {
    const apply = () => {
      const text = box.value.trim();
      const pods = box.activeItems[0]?.pods ?? SHOW_ALL.pods;
      // While a regular expression is typed it is broken now and then; the one before stays.
      if (text === '' || lineFilter(text)) app.logs.filter(document, { text, pods });
    };
    box.onDidChangeValue(apply);
    box.onDidChangeActive(apply);
    box.onDidAccept(() => {
      app.logs.filter(document, { text: box.value.trim(), pods: box.activeItems[0]?.pods ?? SHOW_ALL.pods });
      resolve(true);
    });
    box.onDidHide(() => resolve(false));
    box.show();
  });
  box.dispose();
  if (!accepted) app.logs.filter(document, before);
}

function podsItems(app: App, uri: vscode.Uri): PodsItem[] {
  const { jobUid, uid } = subjectOf(uri);
  if (jobUid !== undefined) return [item(vscode.l10n.t('Show the lines that have it'), 'all')];
  const run = app.model.runs.find(uid);
  const there = (run?.pods ?? []).map(({ uid, name }) => ({ uid, name }));
  const gone = app.logs.kept.of(uid).map(({ podUid, pod }) => ({ uid: podUid, name: pod }));
  const pods = [...new Map([...there, ...gone].map(pod => [pod.uid, pod])).values()];
  return [
    item(vscode.l10n.t('Lines of all Pods'), 'all'),
    item(vscode.l10n.t('Lines of failed Pods only'), 'failed'),
    ...pods.slice(-CHILDREN_AT_MOST).map(pod => item(vscode.l10n.t('Lines of {0} only', pod.name), pod)),
  ];
}

// The text is one to find in the log, not among these rows.
const item = (label: string, pods: LogFilter['pods']): PodsItem => ({ label, pods, alwaysShow: true });

const isSame = (a: LogFilter['pods'], b: LogFilter['pods']) =>
  typeof a === 'object' && typeof b === 'object' ? a.uid === b.uid : a === b;
