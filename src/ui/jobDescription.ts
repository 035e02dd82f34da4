import * as vscode from 'vscode';
import type { JobDescription, PodRow } from '../cluster/index.ts';
import type { ItemAccount } from '../model/itemReports.ts';
import type { KeptLog } from '../model/keptLogs.ts';
import type { Run } from '../model/runs.ts';
import { redact } from '../workload/brokerUrl.ts';
import { remediesOf } from '../workload/remediesOf.ts';
import { columns } from './columns.ts';
import { findingText } from './findingText.ts';
import { itemsSection } from './itemsPage.ts';
import { stateWord } from './jobWords.ts';
import { plainPage } from './plainText.ts';
import { remedyLabel } from './remedies.ts';
import { clock, duration, jobWords, list, podWords, queueWords } from './text.ts';

/**
 * A Job as a page of text: what `kubectl describe` says, and what is known of its queue.
 * @param run what the model knows of the Job; undefined where it is not watched
 * @param now milliseconds since the epoch
 * @param kept the logs of its Pods that are kept or were missed
 * @param items what its workers say of their items
 */
export function jobDescription(
  described: JobDescription,
  context: string,
  run: Pick<Run, 'queue' | 'findings'> | undefined,
  now = Date.now(),
  kept: readonly KeptLog[] = [],
  items?: ItemAccount,
): string {
  const { job } = described;
  return plainPage([
    [vscode.l10n.t('Job {0}', job.name), ...columns(facts(described, context, run, now))],
    section(vscode.l10n.t('Findings'), findings(run)),
    section(vscode.l10n.t('Items'), items ? itemsSection(items) : []),
    section(vscode.l10n.t('Containers'), containers(described)),
    section(vscode.l10n.t('Conditions'), columns(conditions(described))),
    section(vscode.l10n.t('Pods'), columns(described.pods.map(pod => [pod.name, podWords(pod, now), pod.node ?? '']))),
    section(vscode.l10n.t('Pods that are gone'), columns(goneRows(described.pods, kept))),
    section(vscode.l10n.t('Labels'), columns(entries(described.spec.labels))),
    section(vscode.l10n.t('Annotations'), columns(entries(described.spec.annotations).filter(isOfPeople))),
    section(vscode.l10n.t('Events'), columns(events(described, now))),
  ]);
}

/** @returns the lines below their title; nothing where there are none */
export function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map(line => `  ${line}`)];
}

function facts({ job, spec }: JobDescription, context: string, run: Pick<Run, 'queue'> | undefined, now: number) {
  const rows: [string, string | undefined][] = [
    [
      vscode.l10n.t('State'),
      job.state === 'failed' || job.state === 'suspended' ? jobWords(job) : `${stateWord(job.state)}: ${jobWords(job)}`,
    ],
    ['', job.message],
    [vscode.l10n.t('Context'), context],
    [vscode.l10n.t('Namespace'), job.namespace],
    [vscode.l10n.t('Queue'), run?.queue ? `${job.queue}: ${queueWords(run.queue)}` : job.queue],
    [vscode.l10n.t('Ready at the start'), numberWords(job.depthAtStart)],
    ['completions', job.completions === undefined ? vscode.l10n.t('not set') : String(job.completions)],
    ['parallelism', String(job.parallelism)],
    ['backoffLimit', numberWords(spec.backoffLimit)],
    ['restartPolicy', spec.restartPolicy],
    [vscode.l10n.t('Indexes done'), spec.completedIndexes],
    [vscode.l10n.t('Indexes failed'), spec.failedIndexes],
    [
      'nodeSelector',
      entries(spec.nodeSelector)
        .map(entry => entry.join('='))
        .join(', ') || undefined,
    ],
    ['completionMode', spec.completionMode === 'NonIndexed' ? undefined : spec.completionMode],
    ['activeDeadlineSeconds', numberWords(spec.activeDeadlineSeconds)],
    ['ttlSecondsAfterFinished', numberWords(spec.ttlSecondsAfterFinished)],
    [vscode.l10n.t('Created'), clock(job.created, now)],
    // It differs where the Job was suspended.
    [
      vscode.l10n.t('Started'),
      job.started !== undefined && job.started - job.created > 1000 ? clock(job.started, now) : undefined,
    ],
    [vscode.l10n.t('Finished'), finished(job, now)],
    [vscode.l10n.t('Run'), job.run],
    [vscode.l10n.t('As of'), clock(now, now)],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[`  ${name}`, oneLine(value)]]));
}

function finished(job: JobDescription['job'], now: number): string | undefined {
  if (job.finished === undefined) return undefined;
  const took = duration(job.finished - (job.started ?? job.created));
  return vscode.l10n.t('{0}, after {1}', clock(job.finished, now), took);
}

function findings(run: Pick<Run, 'findings'> | undefined): string[] {
  return (run?.findings ?? []).flatMap(finding => {
    const { title, why } = findingText(finding);
    return [`! ${title}`, `  ${why}`, ...remediesOf(finding).map(remedy => `  → ${remedyLabel(remedy)}`)];
  });
}

function containers({ spec }: JobDescription): string[] {
  return spec.containers.flatMap(({ name, image, command, env, requests, limits, mounts }) => [
    `${name}: ${image}`,
    ...(command.length > 0 ? [`  ${oneLine(redact(command.join(' ')))}`] : []),
    ...amounts('requests', requests),
    ...amounts('limits', limits),
    ...env.map(({ name, value, from }) => `  ${name}=${from === undefined ? oneLine(redact(value)) : `(${from})`}`),
    ...mounts.map(({ path, kind, name }) => `  ${path}: ${[kind, name].join(' ').trim()}`),
  ]);
}

const amounts = (name: string, of: Record<string, string>) =>
  Object.keys(of).length === 0 ? [] : [`  ${name}: ${list(Object.entries(of).map(entry => entry.join(' ')))}`];

const numberWords = (value: number | undefined) => (value === undefined ? undefined : String(value));

const entries = (of: Record<string, string>): string[][] =>
  Object.entries(of).map(([name, value]) => [name, oneLine(redact(value))]);

// The ledger stands above, and what kubectl remembers of the manifest is the whole manifest.
const isOfPeople = ([name = '']: string[]) =>
  !name.startsWith('work-queue.vscode/') && name !== 'kubectl.kubernetes.io/last-applied-configuration';

/** Pods that the cluster has no more, and whether their logs are there. */
export function goneRows(pods: readonly PodRow[], kept: readonly KeptLog[]): string[][] {
  const there = new Set(pods.map(({ uid }) => uid));
  return kept
    .filter(({ podUid }) => !there.has(podUid))
    .map(({ pod, attempt, missed, exitCode }) => [
      attempt === 0 ? pod : `${pod} /${attempt + 1}`,
      exitCode === undefined ? '' : vscode.l10n.t('exit code {0}', exitCode),
      missed === undefined ? vscode.l10n.t('its log is kept: Show All Logs') : vscode.l10n.t('its log is lost'),
    ]);
}

function conditions({ conditions }: JobDescription): string[][] {
  return conditions.map(({ type, status, reason, message }) => [type, status, reason ?? '', oneLine(message ?? '')]);
}

function events({ events }: JobDescription, now: number): string[][] {
  return events.map(({ at, type, reason, object, message, count }) => [
    clock(at, now),
    type,
    reason,
    object,
    oneLine(message) + (count > 1 ? ` (×${count})` : ''),
  ]);
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
