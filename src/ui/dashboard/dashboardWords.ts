import * as vscode from 'vscode';
import type { EventRow } from '../../cluster/index.ts';
import type { Run } from '../../model/runs.ts';
import type { Severity } from '../../workload/findings.ts';
import { remediesOf } from '../../workload/remediesOf.ts';
import type { StartUp } from '../../workload/startup.ts';
import { findingText } from '../findingText.ts';
import { paceWords, runWords } from '../jobWords.ts';
import { label } from '../label.ts';
import { remedyAction, remedyLabel } from '../remedies.ts';
import { clock, duration, pods } from '../text.ts';
import { timelineTexts } from '../timelineTexts.ts';
import type { DashboardTexts, EventsCard, FindingCard, StartUpCard, Subject } from './protocol.ts';

/** More events than this are not shown. */
const EVENTS_AT_MOST = 30;

/** The words of a dashboard's page. */
export function dashboardTexts({ name, namespace }: Subject, queue: string | undefined): DashboardTexts {
  return {
    ...timelineTexts(vscode.l10n.t('Queue and Pods over time')),
    title: label(name),
    place:
      queue === undefined
        ? vscode.l10n.t('Namespace {0}', label(namespace))
        : vscode.l10n.t('Queue {0}, namespace {1}', label(queue), label(namespace)),
    queue: vscode.l10n.t('Queue (messages) and completions to come'),
    pods: vscode.l10n.t('Pods'),
    ready: vscode.l10n.t('Ready'),
    unacked: vscode.l10n.t('Unacked'),
    owed: vscode.l10n.t('Completions to come'),
    waiting: vscode.l10n.t('Waiting'),
    running: vscode.l10n.t('Running'),
    succeeded: vscode.l10n.t('Done'),
    failed: vscode.l10n.t('Failed'),
    findings: vscode.l10n.t('Findings'),
    noFindings: vscode.l10n.t('Nothing is wrong with this run, as far as is known.'),
    startUp: vscode.l10n.t('A Pod’s time: start-up and work'),
    events: vscode.l10n.t('Last events'),
    object: vscode.l10n.t('Object'),
    reason: vscode.l10n.t('Reason'),
    message: vscode.l10n.t('Message'),
    savePicture: vscode.l10n.t('Save as Picture…'),
    savePage: vscode.l10n.t('Save as Page…'),
  };
}

/** @returns how far a run is and how fast it goes */
export function headWords(run: Run): string {
  return [runWords(run), paceWords(run)].filter(words => words !== undefined).join(' · ');
}

/** The findings of a run, with what can be done as buttons where a command does it. */
export function findingCards({ job, findings }: Run): FindingCard[] {
  const subject = { job: job.uid, queue: job.queue };
  return findings.map(finding => ({
    code: finding.code,
    severity: finding.severity,
    severityWord: severityWord(finding.severity),
    ...findingText(finding),
    remedies: remediesOf(finding).map(remedy => ({
      label: remedyLabel(remedy),
      action: remedyAction(remedy, subject) ? remedy.action : undefined,
    })),
  }));
}

function severityWord(severity: Severity): string {
  switch (severity) {
    case 'has-gone-wrong':
      return vscode.l10n.t('Has gone wrong');
    case 'will-go-wrong':
      return vscode.l10n.t('Will go wrong');
    case 'worth-knowing':
      return vscode.l10n.t('Worth knowing');
  }
}

/** Start-up against work, and what it says about items and Pods. */
export function startUpCard(found: StartUp | undefined, { parallelism, peak }: { parallelism: number; peak: number }) {
  if (!found) {
    const note = vscode.l10n.t('Known when three Pods have started and ended while the editor watched.');
    return { bars: [], sentences: [note] } satisfies StartUpCard;
  }
  const { startUpMs, workMs, share, advice } = found;
  const percent = Math.round(share * 100);
  const bar = (key: 'start-up' | 'work', name: string, length: number) => ({ key, name, length, words: brief(length) });
  const sentences = [
    advice.grain === 'coarse'
      ? vscode.l10n.t('Start-up takes {0}% of a Pod’s time: one item for each Pod is well spent.', percent)
      : vscode.l10n.t(
          'Start-up takes {0}% of a Pod’s time: {1} items for each Pod would get more done (Create Worker has a worker that takes many).',
          percent,
          advice.itemsPerPod,
        ),
    ...(advice.room === 'full'
      ? [
          vscode.l10n.t(
            'The nodes have had room for {0} at once: more parallelism than that brings nothing.',
            pods(peak),
          ),
        ]
      : []),
    ...(advice.room === 'more'
      ? [
          vscode.l10n.t(
            'As many Pods as parallelism allows ({0}) ran at once: the nodes may have room for more.',
            parallelism,
          ),
        ]
      : []),
    vscode.l10n.t('Medians of {0} Pods.', found.pods),
  ];
  return {
    bars: [bar('start-up', vscode.l10n.t('Start-up'), startUpMs), bar('work', vscode.l10n.t('Work'), workMs)],
    sentences,
  } satisfies StartUpCard;
}

const brief = (milliseconds: number) =>
  milliseconds < 10_000 ? vscode.l10n.t('{0} s', Number((milliseconds / 1000).toFixed(1))) : duration(milliseconds);

/** The latest events, newest first; their texts are the cluster's. */
export function eventsCard(events: readonly EventRow[]): EventsCard {
  return {
    rows: events
      .slice(-EVENTS_AT_MOST)
      .toReversed()
      .map(({ at, type, reason, object, message, count }) => ({
        time: clock(at),
        object: label(object, 120),
        reason: label(count > 1 ? `${reason} × ${count}` : reason, 80),
        message: label(message, 400),
        warning: type === 'Warning',
      })),
    note: events.length === 0 ? vscode.l10n.t('The cluster has no events of this Job.') : '',
  };
}
