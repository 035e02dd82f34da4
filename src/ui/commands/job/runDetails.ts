import * as vscode from 'vscode';
import { messages, pods } from '../../text.ts';
import type { RunPlan } from './runPlan.ts';

/** @returns the lines below the question of a run: what is created where, why these numbers, and what may go wrong */
export function runDetails(plan: RunPlan, o: { changed: boolean; warning: string | undefined }): string[] {
  const { manifestCompletions, otherBroker, taken, restOf } = plan;
  return [
    ...(o.changed ? [vscode.l10n.t('The queue has changed meanwhile; these are the numbers now.')] : []),
    vscode.l10n.t('Context: {0}', plan.context),
    vscode.l10n.t('Namespace: {0}', plan.namespace),
    ...(restOf === undefined ? [] : [vscode.l10n.t('Like Job {0}, for what is left in its queue', restOf)]),
    ...(taken === undefined ? [] : [vscode.l10n.t('Name: {0}, as there is a Job {1} already', plan.name, taken)]),
    vscode.l10n.t('Queue: {0} ({1})', plan.queue, plan.broker),
    ...why(plan),
    vscode.l10n.t('parallelism: {0}', plan.parallelism),
    vscode.l10n.t('Image: {0}', plan.image),
    ...(manifestCompletions === undefined ? [] : [fileSays(plan, manifestCompletions)]),
    ...(otherBroker === undefined
      ? []
      : [vscode.l10n.t('The messages were counted there; the Pods take them from {0}.', otherBroker)]),
    ...(o.warning === undefined ? [] : [o.warning]),
    ...advice(plan),
  ];
}

function why(plan: RunPlan): string[] {
  const { completions, confirmed, ready, claimed } = plan;
  if (completions === undefined) {
    return [
      vscode.l10n.t('No completions: each Pod takes messages until there are no more. {0} ready now.', messages(ready)),
    ];
  }
  if (confirmed !== undefined)
    return [vscode.l10n.t('completions: {0}, as many as the broker confirmed', confirmed), ...others(plan, confirmed)];
  return [
    claimed === 0
      ? vscode.l10n.t('completions: {0}, one for each of the {1} ready', completions, messages(ready))
      : vscode.l10n.t('completions: {0}, of {1} ready less {2} for active Jobs', completions, messages(ready), claimed),
  ];
}

/** A queue is taken from its front: what was there before is this run's too, and leaves as much of its own behind. */
function others({ ready, claimed, queue }: RunPlan, confirmed: number): string[] {
  const more = ready - claimed - confirmed;
  return [
    ...(more > 0
      ? [
          vscode.l10n.t(
            '⚠ {0} held {1} besides. This Job takes {2}, the oldest first, so as many of the new ones stay behind: run again for the rest.',
            queue,
            messages(more),
            confirmed,
          ),
        ]
      : []),
    ...(claimed > 0 ? [vscode.l10n.t('⚠ Active Jobs will take {0} of {1}.', claimed, queue)] : []),
    ...(more < 0
      ? [
          vscode.l10n.t(
            '⚠ Only {0} left for it: others take messages from {1} too.',
            Math.max(0, ready - claimed),
            queue,
          ),
        ]
      : []),
  ];
}

function advice({ large }: RunPlan): string[] {
  if (!large) return [];
  const { backoffLimit, betterLimit, countsEvictions, staysForever } = large;
  return [
    ...(betterLimit === undefined
      ? []
      : [
          vscode.l10n.t(
            '⚠ backoffLimit is {0} for the whole Job: one more failed Pod ends it, whatever else succeeds.',
            backoffLimit,
          ),
        ]),
    ...(countsEvictions
      ? [vscode.l10n.t('Evicted Pods count as failed; a podFailurePolicy that ignores DisruptionTarget would not.')]
      : []),
    ...(staysForever
      ? [vscode.l10n.t('Its Pods stay until the Job is deleted; ttlSecondsAfterFinished would delete it in time.')]
      : []),
  ];
}

function fileSays({ completions = 0 }: RunPlan, manifestCompletions: number): string {
  const difference = completions - manifestCompletions;
  return difference > 0
    ? vscode.l10n.t(
        'The file says completions {0}: that would leave {1} behind. The file is not changed.',
        manifestCompletions,
        messages(difference),
      )
    : vscode.l10n.t(
        'The file says completions {0}: {1} would wait for messages that are not there. The file is not changed.',
        manifestCompletions,
        pods(-difference),
      );
}
