import * as vscode from 'vscode';
import type { Remedy, RemedyAction } from '../workload/findings.ts';
import { COMMANDS, type CommandId } from './ids.ts';
import { duration, items } from './text.ts';
import type { Action } from './userError.ts';

/** What a remedy is done to; what is not known is left out. */
export interface RemedySubject {
  /** The Job's uid. */
  job?: string;
  queue?: string;
  /** The manifest's file. */
  uri?: vscode.Uri;
}

const LABELS: Record<RemedyAction, (numbers: Remedy['numbers']) => string> = {
  'set-completions': ({ completions = 0 }) => vscode.l10n.t('Set completions to {0}', completions),
  'run-rest': ({ completions = 0 }) => vscode.l10n.t('Run a Job for the Rest ({0})', completions),
  'delete-job': () => vscode.l10n.t('Delete Job…'),
  'publish-items': ({ items: count = 0 }) => vscode.l10n.t('Publish {0}', items(count)),
  'create-queue': () => vscode.l10n.t('Create Queue'),
  'use-strict-worker': () => vscode.l10n.t('Use a worker container that fails when the worker fails'),
  'show-log': () => vscode.l10n.t('Show All Logs'),
  'set-image': () => vscode.l10n.t('Correct the image’s name in job.yaml'),
  'build-and-push': () => vscode.l10n.t('Build and Push'),
  'use-secret': () => vscode.l10n.t('Keep the URL in a Secret'),
  'test-broker': () => vscode.l10n.t('Test Broker'),
  'start-rabbitmq': () => vscode.l10n.t('Start RabbitMQ in Cluster'),
  'keep-failed-pods': () => vscode.l10n.t('Set restartPolicy to Never'),
  'make-broker-user': () =>
    vscode.l10n.t('Make a user of your own (rabbitmqctl add_user, set_permissions) and put its URL into BROKER_URL'),
  'allow-remote-login': () =>
    vscode.l10n.t('Or let this user log in from everywhere: loopback_users = none in rabbitmq.conf'),
  'use-service-variable': () =>
    vscode.l10n.t('Give the cluster its DNS back, or write the address of the variable into BROKER_URL'),
  'give-memory': () => vscode.l10n.t('Give the broker more memory, or have workers take messages from the queues'),
  'give-disk': () => vscode.l10n.t('Give the broker more disk space'),
  'tell-memory': ({ bytes = 0 }) =>
    vscode.l10n.t('Tell RabbitMQ its memory (total_memory_available_override_value = {0}), or raise the limit', bytes),
  'use-persistent-volume': () =>
    vscode.l10n.t('Keep /var/lib/rabbitmq on a persistent volume (volumeClaimTemplates of the StatefulSet)'),
  'replace-failed-pods': () => vscode.l10n.t('Set podReplacementPolicy to Failed'),
  'set-backoff-limit': ({ backoffLimit = 0 }) => vscode.l10n.t('Set backoffLimit to {0}', backoffLimit),
  'set-parallelism': ({ parallelism = 0 }) => vscode.l10n.t('Set parallelism to {0}', parallelism),
  'set-ttl': ({ seconds = 0 }) => vscode.l10n.t('Set ttlSecondsAfterFinished to {0}', seconds),
  'stop-job': () => vscode.l10n.t('Stop Job and Keep It…'),
  'replace-job': ({ completions = 0 }) => vscode.l10n.t('Replace the Job by One for {0}…', completions),
  'set-aside': () => vscode.l10n.t('Put Failed Items Aside…'),
  'add-missing': ({ items: count = 0 }) => vscode.l10n.t('Add {0} Back…', items(count)),
  'raise-ack-timeout': ({ milliseconds = 0 }) =>
    vscode.l10n.t('Copy the Command for an Ack Timeout of {0}', duration(milliseconds)),
};

/** @returns what can be done, in words */
export function remedyLabel({ action, numbers }: Remedy): string {
  return LABELS[action](numbers);
}

/** @returns what is offered beside the remedies of a run. @param uid the Job's */
export function describeAction(uid: string): Action {
  return { label: vscode.l10n.t('Describe Job'), command: COMMANDS.describeJob, args: [{ kind: 'job', uid }] };
}

/** @returns the remedy as a button; undefined where no command does it, or what it is done to is not known */
export function remedyAction(remedy: Remedy, { job, queue, uri }: RemedySubject): Action | undefined {
  const label = remedyLabel(remedy);
  const { numbers } = remedy;
  const onJob = (command: CommandId, ...more: unknown[]): Action | undefined =>
    job === undefined ? undefined : { label, command, args: [{ kind: 'job', uid: job }, ...more] };
  switch (remedy.action) {
    case 'run-rest':
      return onJob(COMMANDS.runRest);
    case 'delete-job':
      return onJob(COMMANDS.deleteJob);
    case 'stop-job':
      return onJob(COMMANDS.stopJob);
    case 'replace-job':
      return onJob(COMMANDS.replaceJob);
    case 'set-aside':
      return onJob(COMMANDS.setAside, numbers.items);
    case 'add-missing':
      return onJob(COMMANDS.addMissing);
    case 'raise-ack-timeout':
      return onJob(COMMANDS.copyAckTimeout, numbers.milliseconds);
    case 'show-log':
      return onJob(COMMANDS.showJobLog);
    case 'use-strict-worker':
      // A manifest's script is made strict where it stands.
      return job === undefined ? undefined : { label, command: COMMANDS.createWorker };
    case 'create-queue':
      return queue === undefined ? undefined : { label, command: COMMANDS.createQueue, args: [queue] };
    case 'build-and-push':
      return { label, command: COMMANDS.buildAndPush, args: uri ? [uri] : [] };
    case 'test-broker':
      return { label, command: COMMANDS.testBroker };
    case 'start-rabbitmq':
      return { label, command: COMMANDS.startBroker };
    default:
      return undefined;
  }
}
