import * as vscode from 'vscode';
import type { Run } from '../model/runs.ts';
import type { Remedy } from '../workload/findings.ts';
import { failedQueueOf } from './failedQueue.ts';
import { label } from './label.ts';
import { duration, items, pods } from './text.ts';

/**
 * What a remedy will do to a run, with the numbers as they are now; for one that no command does, what to do by hand.
 * @param run the Job with its Pods
 */
export function remedyPreview({ action, numbers }: Remedy, { job, pods: all }: Pick<Run, 'job' | 'pods'>): string {
  const { name } = job;
  const queue = label(job.queue ?? '');
  switch (action) {
    case 'run-rest':
      return vscode.l10n.t(
        'Creates a Job like {0} with completions {1}: one for each message ready in {2} that no active Job takes.',
        name,
        numbers.completions ?? 0,
        queue,
      );
    case 'replace-job':
      return vscode.l10n.t(
        'Deletes Job {0} and {1}, then creates it anew with completions {2}: as many as {3} has messages when its Pods have ended.',
        name,
        pods(all.length),
        numbers.completions ?? 0,
        queue,
      );
    case 'delete-job':
      return vscode.l10n.t(
        'Deletes Job {0}, {1} and their logs. What is done stays done ({2}); messages are not touched.',
        name,
        pods(all.length),
        items(job.succeeded),
      );
    case 'stop-job':
      return vscode.l10n.t(
        'Ends Job {0} as it stands, with {1} done, and ends {2}. The Job, its Pods and their logs are kept.',
        name,
        items(job.succeeded),
        pods(job.active),
      );
    case 'set-aside':
      return vscode.l10n.t(
        'Looks through {0}, shows which messages failed, and moves those to {1}. All others stay in their places.',
        queue,
        failedQueueOf(queue),
      );
    case 'add-missing':
      return vscode.l10n.t(
        'Publishes to {0} again what the Pods had acknowledged that were not counted, as their logs say: {1}.',
        queue,
        items(numbers.items ?? 0),
      );
    case 'raise-ack-timeout':
      return vscode.l10n.t(
        'Copies a rabbitmqctl command that gives queue {0} a policy with consumer-timeout {1}. Nothing is changed from here.',
        queue,
        duration(numbers.milliseconds ?? 0),
      );
    case 'show-log':
      return vscode.l10n.t('Opens the logs of all Pods of Job {0} as one, kept ones too. Nothing is changed.', name);
    case 'create-queue':
      return vscode.l10n.t('Declares queue {0}, durable. Pods that waited on the old one do not learn of it.', queue);
    case 'use-strict-worker':
      return vscode.l10n.t(
        'Create Worker writes such a container; for a script around amqp-consume, job.yaml has a quick fix. It holds from the next run on.',
      );
    case 'publish-items':
      return vscode.l10n.t(
        'By hand: publish {0} to {1}, from a file or from selected lines. The Pods that wait take them.',
        items(numbers.items ?? 0),
        queue,
      );
    case 'build-and-push':
      return vscode.l10n.t('Builds the worker’s image and pushes it. It holds from the next run on.');
    case 'test-broker':
      return vscode.l10n.t('Checks the broker from here and from the cluster. Nothing is changed.');
    default:
      return vscode.l10n.t(
        'By hand, in job.yaml: a quick fix writes it where there is one. It holds from the next run on.',
      );
  }
}
