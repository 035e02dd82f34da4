import * as vscode from 'vscode';
import type { Run } from '../model/runs.ts';
import type { Remedy } from '../workload/findings.ts';
import { failedQueueOf } from './failedQueue.ts';
import { label } from './label.ts';
import { items, pods } from './text.ts';

/**
 * What a remedy will do to a run, with the numbers as they are now; for one that no command does, what to do by hand.
 * A list cuts what is longer than a line.
 * @param run the Job with its Pods
 */
export function remedyPreview({ action, numbers }: Remedy, { job, pods: all }: Pick<Run, 'job' | 'pods'>): string {
  const { name } = job;
  const queue = label(job.queue ?? '');
  switch (action) {
    case 'run-rest':
      return vscode.l10n.t(
        'Creates a Job like {0} with completions {1}, for the rest of {2}.',
        name,
        numbers.completions ?? 0,
        queue,
      );
    case 'replace-job':
      return vscode.l10n.t(
        'Deletes Job {0} and creates it anew with completions {1}, for {2}.',
        name,
        numbers.completions ?? 0,
        queue,
      );
    case 'delete-job':
      return vscode.l10n.t(
        'Deletes Job {0}, {1} and their logs. Stays done: {2}.',
        name,
        pods(all.length),
        items(job.succeeded),
      );
    case 'stop-job':
      return vscode.l10n.t(
        'Ends Job {0} with {1} done; keeps it, {2} and their logs.',
        name,
        items(job.succeeded),
        pods(all.length),
      );
    case 'set-aside':
      return vscode.l10n.t(
        'Shows what failed in {0} and moves it to {1}; the rest stays.',
        queue,
        failedQueueOf(queue),
      );
    case 'add-missing':
      return vscode.l10n.t('Publishes {0} to {1} again, as the Pods’ logs have it.', items(numbers.items ?? 0), queue);
    case 'raise-ack-timeout':
      return vscode.l10n.t('Copies a rabbitmqctl command with a policy for {0}; nothing is changed.', queue);
    case 'show-log':
      return vscode.l10n.t('Opens the logs of all Pods of Job {0} as one; nothing is changed.', name);
    case 'create-queue':
      return vscode.l10n.t('Declares queue {0}, durable. Pods on the old one do not learn of it.', queue);
    case 'use-strict-worker':
      return vscode.l10n.t('Create Worker writes one, for the next run.');
    case 'publish-items':
      return vscode.l10n.t(
        'By hand: publish {0} to {1}; the Pods that wait take them.',
        items(numbers.items ?? 0),
        queue,
      );
    case 'build-and-push':
      return vscode.l10n.t('Builds the worker’s image and pushes it, for the next run.');
    case 'test-broker':
      return vscode.l10n.t('Checks the broker from here and from the cluster; nothing is changed.');
    default:
      return vscode.l10n.t('By hand in job.yaml, for the next run; there may be a quick fix.');
  }
}
