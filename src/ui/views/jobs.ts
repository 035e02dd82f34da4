import * as vscode from 'vscode';
import type { PodRow } from '../../cluster/index.ts';
import type { Run } from '../../model/runs.ts';
import type { App } from '../app.ts';
import { findingText } from '../findingText.ts';
import { COMMANDS, ROWS, VIEWS } from '../ids.ts';
import { jobWords, podWords } from '../text.ts';
import { awayNote, CHILDREN_AT_MOST, createView, findingItem, moreNote, type Note, noteItem } from './tree.ts';

export interface JobRowRef {
  kind: 'job';
  uid: string;
}
export interface PodRowRef {
  kind: 'pod';
  uid: string;
  jobUid: string;
}
interface FindingRef {
  kind: 'finding';
  index: number;
  jobUid: string;
}
type Row = JobRowRef | PodRowRef | FindingRef | Note;

/** The Jobs view: runs first, what is wrong with a run and its Pods below it. */
export function showJobs(app: App): vscode.Disposable {
  const { runs, cluster } = app.model;
  return createView<Row>({
    id: VIEWS.jobs,
    model: app.model,
    changes: [runs.onDidChange, cluster.onDidChange],
    look: () => runs.look(),
    children: row => (row ? below(app, row) : rows(app)),
    item: row => item(app, row),
    badge: () => badge(app),
  });
}

function badge(app: App): vscode.ViewBadge | undefined {
  const wrong = app.model.runs.rows.filter(run => run.job.state === 'running' && hasTrouble(run)).length;
  return wrong === 0 ? undefined : { value: wrong, tooltip: vscode.l10n.t('Runs that need a look: {0}', wrong) };
}

const hasTrouble = (run: Run) => run.findings.some(finding => finding.severity !== 'worth-knowing');

function rows(app: App): Row[] {
  const { runs, cluster } = app.model;
  const shown = runs.rows.slice(0, CHILDREN_AT_MOST).map(({ job }): Row => ({ kind: 'job', uid: job.uid }));
  return [...awayNote(cluster.state, 'cluster'), ...shown, ...moreNote('jobs', runs.rows.length - shown.length)];
}

function below(app: App, row: Row): Row[] {
  const run = row.kind === 'job' ? app.model.runs.find(row.uid) : undefined;
  if (!run) return [];
  const jobUid = run.job.uid;
  const pods = run.pods.slice(0, CHILDREN_AT_MOST).map(({ uid }): Row => ({ kind: 'pod', uid, jobUid }));
  return [
    ...run.findings.map((_finding, index): Row => ({ kind: 'finding', index, jobUid })),
    ...pods,
    ...moreNote(jobUid, run.pods.length - pods.length),
  ];
}

function item(app: App, row: Row): vscode.TreeItem {
  if (row.kind === 'note') return noteItem(row);
  const run = app.model.runs.find(row.kind === 'job' ? row.uid : row.jobUid);
  if (!run) return new vscode.TreeItem('');
  if (row.kind === 'job') return jobItem(app, run);
  if (row.kind === 'finding') {
    const finding = run.findings[row.index];
    if (!finding) return new vscode.TreeItem('');
    return findingItem(`finding/${run.job.uid}/${finding.code}`, finding, {
      command: COMMANDS.describeJob,
      title: vscode.l10n.t('Describe Job'),
      arguments: [{ kind: 'job', uid: run.job.uid }],
    });
  }
  const pod = run.pods.find(pod => pod.uid === row.uid);
  return pod ? podItem(pod, run) : new vscode.TreeItem('');
}

function jobItem(app: App, run: Run): vscode.TreeItem {
  const { job } = run;
  const words = jobWords(job);
  const stale = app.model.cluster.state.kind === 'away';
  const node = new vscode.TreeItem(job.name, vscode.TreeItemCollapsibleState.Collapsed);
  node.id = `job/${job.uid}`;
  node.contextValue = ROWS.job;
  node.iconPath = jobIcon(run);
  const titles = run.findings.map(finding => findingText(finding).title);
  const state = [words, ...titles.slice(0, 1)].join(' – ');
  node.description = stale ? vscode.l10n.t('{0} (as last seen)', state) : state;
  node.tooltip = [
    `${job.name}: ${words}`,
    ...(job.queue === undefined ? [] : [vscode.l10n.t('Takes the messages of queue {0}', job.queue)]),
    ...(job.message ? [job.message] : []),
    ...titles,
  ].join('\n');
  node.accessibilityInformation = { label: vscode.l10n.t('Job {0}: {1}', job.name, [words, ...titles].join('. ')) };
  return node;
}

function jobIcon({ job, findings }: Run): vscode.ThemeIcon {
  const worst = findings.some(finding => finding.severity !== 'worth-knowing');
  if (job.state === 'failed') return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  if (worst) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  if (job.state === 'complete') return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
  return new vscode.ThemeIcon(job.state === 'suspended' ? 'debug-pause' : 'sync');
}

function podItem(pod: PodRow, run: Run): vscode.TreeItem {
  const words = podWords(pod);
  const node = new vscode.TreeItem(pod.name);
  node.id = `pod/${pod.uid}`;
  node.contextValue = ROWS.pod;
  node.description = words;
  node.tooltip = [`${pod.name}: ${words}`, ...(pod.message ? [pod.message] : []), ...(pod.node ? [pod.node] : [])].join(
    '\n',
  );
  node.iconPath = podIcon(pod);
  node.accessibilityInformation = { label: vscode.l10n.t('Pod {0}: {1}', pod.name, words) };
  node.command = {
    command: COMMANDS.showPodLog,
    title: vscode.l10n.t('Show Log'),
    arguments: [{ kind: 'pod', uid: pod.uid, jobUid: run.job.uid }],
  };
  return node;
}

function podIcon({ phase }: PodRow): vscode.ThemeIcon {
  if (phase === 'succeeded') return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
  if (phase === 'failed') return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  return new vscode.ThemeIcon(phase === 'running' ? 'sync' : 'clock');
}
