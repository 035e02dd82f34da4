import * as vscode from 'vscode';
import type { BrokerError, QueueDifference, TlsReason } from '../broker/index.ts';
import type { ClusterError } from '../cluster/index.ts';
import type { NoBrokerError } from '../model/brokerPlaces.ts';
import { COMMANDS, type CommandId } from './ids.ts';
import { isUserError } from './userError.ts';

/** An error in words: what is wrong, why, what to do; with the commands that may mend it. */
export interface Explained {
  text: string;
  actions: { label: string; command: CommandId; args?: unknown[] }[];
}

/** Parts that are loaded late have their own copies of these classes: errors are known by name. */
const isNoBrokerError = (error: unknown): error is NoBrokerError =>
  error instanceof Error && error.name === 'NoBrokerError';
const isBrokerError = (error: unknown): error is BrokerError => error instanceof Error && error.name === 'BrokerError';
const isClusterError = (error: unknown): error is ClusterError =>
  error instanceof Error && error.name === 'ClusterError';

/** Puts any error into words for a person. */
export function explain(error: unknown): Explained {
  if (isUserError(error)) return { text: error.message, actions: [...(error.actions ?? [])] };
  if (isNoBrokerError(error)) return explainNoBroker(error);
  if (error instanceof Error && error.name === 'UntrustedError') return { text: untrusted(), actions: [] };
  if (isBrokerError(error)) return explainBroker(error);
  if (isClusterError(error)) return explainCluster(error);
  const detail = error instanceof Error ? error.message : String(error);
  return { text: vscode.l10n.t('That did not work: {0}', detail), actions: [] };
}

const untrusted = () => vscode.l10n.t('This workspace is not trusted, so nothing it names is connected to or run.');

function explainNoBroker({ reason, subject }: NoBrokerError): Explained {
  switch (reason) {
    case 'none':
      return {
        text: vscode.l10n.t(
          'No broker is known here. Start RabbitMQ in the cluster, or name your broker in the setting workQueue.broker or as BROKER_URL in job.yaml.',
        ),
        actions: [{ label: vscode.l10n.t('Start RabbitMQ in Cluster'), command: COMMANDS.startBroker }],
      };
    case 'untrusted':
      return { text: untrusted(), actions: [] };
    case 'needs-password':
      return {
        text: vscode.l10n.t('The broker {0} needs a password.', subject),
        actions: [{ label: vscode.l10n.t('Enter Password…'), command: COMMANDS.enterPassword }],
      };
    case 'secret-missing':
      return {
        text: vscode.l10n.t(
          'job.yaml reads BROKER_URL from the Secret {0}, which is not in this namespace or lacks that key.',
          subject,
        ),
        actions: [
          { label: vscode.l10n.t('Start RabbitMQ in Cluster'), command: COMMANDS.startBroker },
          { label: vscode.l10n.t('Choose Namespace…'), command: COMMANDS.chooseNamespace },
        ],
      };
    case 'no-file':
      return {
        text: vscode.l10n.t('The file {0}, which the setting workQueue.brokers names, cannot be read.', subject),
        actions: [],
      };
    case 'bad-url':
      return {
        text: vscode.l10n.t(
          'The broker URL cannot be read. It should look like amqp://user@host:5672 (amqps:// with TLS); special characters in a password are written as %XX.',
        ),
        actions: [],
      };
  }
}

function explainBroker({ code, detail, reason, difference }: BrokerError): Explained {
  const enterPassword: Explained['actions'][number] = {
    label: vscode.l10n.t('Enter Password…'),
    command: COMMANDS.enterPassword,
  };
  const test = { label: vscode.l10n.t('Test Broker'), command: COMMANDS.testBroker };
  switch (code) {
    case 'unreachable':
      return { text: vscode.l10n.t('The broker cannot be reached: {0}', detail), actions: [] };
    case 'timeout':
      return { text: vscode.l10n.t('The broker did not answer in time: {0}', detail), actions: [test] };
    case 'not-amqp':
      return {
        text: vscode.l10n.t(
          'What answers there is not RabbitMQ’s AMQP port, or it expects TLS (amqps://): {0}',
          detail,
        ),
        actions: [],
      };
    case 'refused':
      return {
        text: vscode.l10n.t('The broker refused the user name or password: {0}', detail),
        actions: [enterPassword],
      };
    case 'no-vhost':
      return { text: vscode.l10n.t('The broker does not have that virtual host: {0}', detail), actions: [] };
    case 'no-permission':
      return { text: vscode.l10n.t('The broker’s user may not do that: {0}', detail), actions: [] };
    case 'tls':
      return { text: tlsWords(reason, detail), actions: [] };
    case 'queue-missing':
      return {
        text: vscode.l10n.t('The queue does not exist: {0}', detail),
        actions: [{ label: vscode.l10n.t('Create Queue…'), command: COMMANDS.createQueue }],
      };
    case 'queue-differs':
      return {
        text: difference
          ? differenceWords(difference)
          : vscode.l10n.t('A queue of that name exists with other properties: {0}', detail),
        actions: [],
      };
    case 'queue-in-use':
      return { text: vscode.l10n.t('The queue is in use by another connection: {0}', detail), actions: [] };
    case 'closed':
      return { text: vscode.l10n.t('The connection to the broker was lost: {0}', detail), actions: [] };
    case 'management-off':
      return { text: vscode.l10n.t('The broker’s management API does not answer: {0}', detail), actions: [] };
    default:
      return { text: vscode.l10n.t('The broker said: {0}', detail), actions: [] };
  }
}

function differenceWords({ argument, wanted, found }: QueueDifference): string {
  const none = vscode.l10n.t('none');
  return vscode.l10n.t(
    'A queue of that name exists already, and it differs: its {0} is {1}, not {2}. It was left as it is; take another name, or delete it first.',
    argument,
    found ?? none,
    wanted ?? none,
  );
}

function tlsWords(reason: TlsReason | undefined, detail: string): string {
  switch (reason) {
    case 'expired':
      return vscode.l10n.t(
        'The broker’s certificate has expired; whoever runs the broker has to renew it. {0}',
        detail,
      );
    case 'not-yet-valid':
      return vscode.l10n.t('The broker’s certificate is not valid yet; look at this machine’s clock. {0}', detail);
    case 'unknown-authority':
      return vscode.l10n.t(
        'The broker’s certificate comes from an authority that is not known here. If it is one of your own, name its PEM file as `ca` in the setting workQueue.brokers. {0}',
        detail,
      );
    case 'wrong-host':
      return vscode.l10n.t('The broker’s certificate is for another host than the URL names. {0}', detail);
    case 'not-tls':
      return vscode.l10n.t(
        'That port does not speak TLS: use amqp:// there, or the port for amqps:// (5671). {0}',
        detail,
      );
    case 'needs-tls':
      return vscode.l10n.t('That port speaks TLS only: use amqps:// there. {0}', detail);
    case 'client-certificate-wanted':
      return vscode.l10n.t(
        'The broker wants a client certificate: name its PEM files as `cert` and `key` in the setting workQueue.brokers. {0}',
        detail,
      );
    case 'client-certificate-refused':
      return vscode.l10n.t('The broker does not accept the client certificate. {0}', detail);
    case 'passphrase':
      return vscode.l10n.t('The client certificate’s key is encrypted; give a key without a passphrase. {0}', detail);
    case 'own-files':
      return vscode.l10n.t(
        'The PEM files named in the setting workQueue.brokers cannot be used, or certificate and key are not of each other. {0}',
        detail,
      );
    default:
      return vscode.l10n.t('The broker’s TLS certificate was not accepted: {0}', detail);
  }
}

function explainCluster({ code, detail }: ClusterError): Explained {
  const choose = { label: vscode.l10n.t('Choose Context…'), command: COMMANDS.chooseContext };
  switch (code) {
    case 'no-kubeconfig':
      return {
        text: vscode.l10n.t(
          'No usable kubeconfig: {0}. Set KUBECONFIG, create ~/.kube/config, or name the file in the setting workQueue.kubeconfig.',
          detail,
        ),
        actions: [],
      };
    case 'no-context':
      return { text: vscode.l10n.t('The kubeconfig has no such context: {0}', detail), actions: [choose] };
    case 'unreachable':
      return { text: vscode.l10n.t('The cluster cannot be reached: {0}', detail), actions: [choose] };
    case 'timeout':
      return { text: vscode.l10n.t('The cluster did not answer in time: {0}', detail), actions: [] };
    case 'unauthorized':
      return {
        text: vscode.l10n.t('The cluster does not accept your credentials; log in to it again. It said: {0}', detail),
        actions: [choose],
      };
    case 'forbidden':
      return { text: vscode.l10n.t('You may not do that in this cluster: {0}', detail), actions: [choose] };
    case 'not-found':
      return { text: vscode.l10n.t('The cluster does not have it (any more): {0}', detail), actions: [] };
    case 'conflict':
      return { text: vscode.l10n.t('It exists already, or was changed by someone else: {0}', detail), actions: [] };
    case 'invalid':
      return { text: vscode.l10n.t('The cluster refused it: {0}', detail), actions: [] };
    case 'credentials':
      return {
        text: vscode.l10n.t('The program that gets your cluster credentials failed: {0}', detail),
        actions: [choose],
      };
    case 'tls':
      return { text: vscode.l10n.t('The cluster’s certificate was not accepted: {0}', detail), actions: [choose] };
    case 'not-ready':
      return { text: vscode.l10n.t('It did not become ready: {0}', detail), actions: [] };
    case 'throttled':
      return { text: vscode.l10n.t('The cluster is busy and asks to wait: {0}', detail), actions: [] };
    default:
      return { text: vscode.l10n.t('The cluster answered with an error: {0}', detail), actions: [] };
  }
}
