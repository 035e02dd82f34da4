import * as vscode from 'vscode';
import type { PodRow, WatchState } from '../../cluster/index.ts';
import type { KeptLog } from '../../model/keptLogs.ts';
import type { Run } from '../../model/runs.ts';
import type { Finding } from '../../workload/findings.ts';
import { explain } from '../explain.ts';
import { COMMANDS, ROWS } from '../ids.ts';
import { paceWords, runWords } from '../jobWords.ts';
import { podReason } from '../podReason.ts';
import { list, podWords } from '../text.ts';
import { findingTitles } from './findingWords.ts';
import { findingItem } from './tree.ts';

/** The groups of a Job's Pods, in their order below it. */
export const PHASES = ['running', 'failed', 'waiting', 'succeeded'] as const satisfies PodRow['phase'][];

/** More Pods than this are folded until somebody asks for them. */
const UNFOLDED = 20;

/** @param jobs how many it has */
export function namespaceItem(
  namespace: string,
  state: WatchState | undefined,
  jobs: number,
  isMain: boolean,
): vscode.TreeItem {
  const item = new vscode.TreeItem(
    namespace,
    isMain ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = `namespace/${namespace}`;
  item.contextValue = ROWS.namespace;
  item.description =
    state?.kind === 'reconnecting'
      ? explain(state.error).text
      : state?.kind === 'live'
        ? jobs === 1
          ? vscode.l10n.t('1 Job')
          : vscode.l10n.t('{0} Jobs', jobs)
        : vscode.l10n.t('connecting…');
  item.tooltip = `${namespace}: ${item.description}`;
  item.iconPath = new vscode.ThemeIcon(state?.kind === 'reconnecting' ? 'warning' : 'folder');
  item.accessibilityInformation = { label: vscode.l10n.t('Namespace {0}: {1}', namespace, item.description) };
  return item;
}

/** @param stale the cluster does not answer: what is shown is of before */
export function jobItem(run: Run, stale: boolean): vscode.TreeItem {
  const { job } = run;
  const words = runWords(run);
  const node = new vscode.TreeItem(job.name, vscode.TreeItemCollapsibleState.Collapsed);
  node.id = `job/${job.uid}`;
  node.contextValue = rowWords(run);
  node.iconPath = jobIcon(run);
  const titles = findingTitles(run.findings);
  const state = [words, ...titles.slice(0, 1)].join(' – ');
  node.description = stale ? vscode.l10n.t('{0} (as last seen)', state) : state;
  const pace = paceWords(run);
  node.tooltip = [
    `${job.name}: ${words}`,
    ...(pace ? [pace] : []),
    ...(job.queue === undefined ? [] : [vscode.l10n.t('Takes the messages of queue {0}', job.queue)]),
    ...(job.message ? [job.message] : []),
    ...titles,
  ].join('\n');
  node.accessibilityInformation = { label: vscode.l10n.t('Job {0}: {1}', job.name, [words, ...titles].join('. ')) };
  return node;
}

function rowWords({ job }: Run): string {
  return [
    ROWS.job,
    job.state === 'running' || job.state === 'suspended' ? 'active' : 'ended',
    ...(job.state === 'suspended' || job.state === 'failed' ? [job.state] : []),
    ...(job.queue === undefined ? [] : ['queue']),
  ].join(' ');
}

function jobIcon({ job, findings }: Run): vscode.ThemeIcon {
  const worst = findings.some(finding => finding.severity !== 'worth-knowing');
  if (job.state === 'failed') return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  if (worst) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  if (job.state === 'complete') return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
  return new vscode.ThemeIcon(job.state === 'suspended' ? 'debug-pause' : 'sync');
}

/** A row for one thing that is wrong with a run. */
export function findingRowItem({ job }: Run, finding: Finding): vscode.TreeItem {
  return findingItem(`finding/${job.uid}/${finding.code}`, finding, {
    command: COMMANDS.mend,
    title: vscode.l10n.t('What Can Be Done'),
    arguments: [{ kind: 'finding', jobUid: job.uid, code: finding.code }],
  });
}

/** A row for the Pods of a Job that stand alike; why they do is said where there is a why. */
export function podsItem({ job, pods }: Run, phase: PodRow['phase']): vscode.TreeItem {
  const inside = pods.filter(pod => pod.phase === phase);
  const reasons = new Set(inside.flatMap(pod => podReason(pod.reason) ?? []));
  const label = phaseWord(phase);
  const node = new vscode.TreeItem(
    label,
    inside.length > UNFOLDED ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded,
  );
  node.id = `pods/${job.uid}/${phase}`;
  node.contextValue = ROWS.pods;
  node.description = reasons.size === 0 ? String(inside.length) : `${inside.length}: ${list([...reasons].slice(0, 3))}`;
  node.tooltip = `${label}: ${node.description}`;
  node.iconPath = podIcon(phase);
  node.accessibilityInformation = { label: vscode.l10n.t('Pods {0}: {1}', label, node.description) };
  return node;
}

function phaseWord(phase: PodRow['phase']): string {
  switch (phase) {
    case 'running':
      return vscode.l10n.t('Running');
    case 'failed':
      return vscode.l10n.t('Failed');
    case 'waiting':
      return vscode.l10n.t('Waiting');
    case 'succeeded':
      return vscode.l10n.t('Done');
  }
}

export function podItem(pod: PodRow, run: Run): vscode.TreeItem {
  const words = podWords(pod);
  const node = new vscode.TreeItem(pod.name);
  node.id = `pod/${pod.uid}`;
  node.contextValue = [ROWS.pod, pod.phase, ...(pod.restarts > 0 ? ['restarted'] : [])].join(' ');
  node.description = words;
  node.tooltip = [
    `${pod.name}: ${words}`,
    ...(pod.reason ? [pod.reason] : []),
    ...(pod.message ? [pod.message] : []),
    ...(pod.node ? [pod.node] : []),
  ].join('\n');
  node.iconPath = podIcon(pod.phase);
  node.accessibilityInformation = { label: vscode.l10n.t('Pod {0}: {1}', pod.name, words) };
  node.command = {
    command: COMMANDS.showPodLog,
    title: vscode.l10n.t('Show Log'),
    arguments: [{ kind: 'pod', uid: pod.uid, jobUid: run.job.uid }],
  };
  return node;
}

/** The Pods of a run that are gone, by what is kept of their logs: one log each, the last. */
export function gonePods(kept: readonly KeptLog[], run: Run): KeptLog[] {
  const there = new Set(run.pods.map(pod => pod.uid));
  return [...new Map(kept.filter(log => !there.has(log.podUid)).map(log => [log.podUid, log])).values()];
}

/** A row for the Pods that are gone. */
export function goneItem({ job }: Run, count: number): vscode.TreeItem {
  const label = vscode.l10n.t('Gone');
  const node = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  node.id = `gone/${job.uid}`;
  node.contextValue = ROWS.pods;
  node.description = vscode.l10n.t('{0}, their logs are kept', count);
  node.tooltip = `${label}: ${node.description}`;
  node.iconPath = new vscode.ThemeIcon('archive');
  node.accessibilityInformation = { label: vscode.l10n.t('Pods {0}: {1}', label, node.description) };
  return node;
}

export function gonePodItem(log: KeptLog): vscode.TreeItem {
  const created = log.started ?? log.keptAt;
  const words = podWords({ ...log, restarts: log.attempt, terminating: false, created });
  const node = new vscode.TreeItem(log.pod);
  node.id = `pod/${log.podUid}`;
  node.contextValue = `${ROWS.pod} gone`;
  node.description = words;
  node.tooltip = `${log.pod}: ${words}`;
  node.iconPath = podIcon(log.phase);
  node.accessibilityInformation = { label: vscode.l10n.t('Pod {0}: {1}', log.pod, words) };
  node.command = {
    command: COMMANDS.showPodLog,
    title: vscode.l10n.t('Show Log'),
    arguments: [{ kind: 'pod', uid: log.podUid, jobUid: log.jobUid }],
  };
  return node;
}

function podIcon(phase: PodRow['phase']): vscode.ThemeIcon {
  if (phase === 'succeeded') return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
  if (phase === 'failed') return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  return new vscode.ThemeIcon(phase === 'running' ? 'sync' : 'clock');
}
