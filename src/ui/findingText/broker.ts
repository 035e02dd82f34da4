import * as vscode from 'vscode';
import { bytes } from '../text.ts';
import { type Proof, sentences, type Words } from './proof.ts';

/** What a broker has. */
export const OF_BROKER = {
  'broker-unreachable': proof => ({
    title: vscode.l10n.t('The broker does not answer: {0}', proof.text('reason')),
    why: vscode.l10n.t('Without it no message is taken, and what is in the queues is not known.'),
  }),
  'login-from-loopback-only': proof => ({
    title: vscode.l10n.t(
      'Works from here, fails from Pods: user {0} may log in from the broker’s own machine only.',
      proof.text('user'),
    ),
    why: vscode.l10n.t(
      'From here the way leads through a port-forward, so the broker sees 127.0.0.1; from a Pod it sees the Pod’s address and refuses the same user and password (loopback_users). Every worker would fail at its start.',
    ),
  }),
  'unreachable-from-pods': proof => ({
    title: vscode.l10n.t('Works from here, fails from Pods: {0}', unreachableTitle(proof)),
    why: unreachableWhy(proof),
  }),
  'broker-node-down': proof => ({
    title: vscode.l10n.t(
      'Down: {0} of {1} nodes of the broker, first {2}.',
      proof.number('down'),
      proof.number('nodes'),
      proof.text('node'),
    ),
    why: vscode.l10n.t(
      'Queues whose leader was there are away until it is back, or until their other members choose a new one.',
    ),
  }),
  'broker-alarm': proof => ({
    title: alarmTitle(proof),
    why: vscode.l10n.t('Until it ends the broker takes no message from anybody: publishing waits. Consumers go on.'),
  }),
  'broker-oom-killed': proof => ({
    title: proof.has('limit')
      ? vscode.l10n.t(
          'The broker’s Pod {0} was ended for want of memory (limit {1}, restarts: {2}).',
          proof.text('pod'),
          size(proof, 'limit'),
          proof.number('restarts'),
        )
      : vscode.l10n.t(
          'The broker’s Pod {0} was ended for want of memory (restarts: {1}).',
          proof.text('pod'),
          proof.number('restarts'),
        ),
    why: vscode.l10n.t('Every connection was lost, and what was not yet on disk with it.'),
  }),
  'memory-limit-below-watermark': proof => ({
    title: vscode.l10n.t(
      'The broker’s Pod {0} may use {1}, but RabbitMQ holds publishers back only from {2}.',
      proof.text('pod'),
      size(proof, 'limit'),
      size(proof, 'watermark'),
    ),
    why: vscode.l10n.t('When the queues grow, the kernel ends the broker before its memory alarm can protect it.'),
  }),
  'data-on-emptydir': proof => ({
    title:
      proof.text('volume') === 'container'
        ? vscode.l10n.t(
            'The broker’s messages are kept on no volume (Pod {0}): a restart of the container loses them.',
            proof.text('pod'),
          )
        : vscode.l10n.t(
            'The broker’s messages are kept on an emptyDir (Pod {0}): they go with the Pod.',
            proof.text('pod'),
          ),
    why: vscode.l10n.t(
      'Durable queues and persistent messages outlive a crash of RabbitMQ, but not the deletion of the Pod or the loss of its node.',
    ),
  }),
  'guest-credentials': proof => ({
    title: vscode.l10n.t('{0} is used with user guest and password guest.', proof.text('host')),
    why: vscode.l10n.t('Everybody knows them: who reaches the port may read and delete every queue.'),
  }),
  'broker-version': proof => ({
    title: vscode.l10n.t(
      'RabbitMQ {0}: a message may have {1} at most.',
      proof.text('version'),
      bytes(proof.number('maxMessageBytes')),
    ),
    why: sentences(
      proof.has('deliveryLimit')
        ? vscode.l10n.t(
            'On a quorum queue a message that came back {0} times is dropped or dead-lettered.',
            proof.number('deliveryLimit'),
          )
        : vscode.l10n.t(
            'From 4.0 on it is 16 MiB, and quorum queues drop or dead-letter a message that came back 20 times.',
          ),
      proof.has('refusesTransient')
        ? vscode.l10n.t(
            'Queues that are not durable are refused (amqp-declare-queue needs -d), and to look at a queue’s depth a user needs the right to configure it.',
          )
        : vscode.l10n.t(
            'From 4.3 on queues that are not durable are refused (amqp-declare-queue needs -d), and to look at a queue’s depth a user needs the right to configure it.',
          ),
    ),
  }),
} satisfies Words;

function size(proof: Proof, name: string): string {
  return proof.has(name) ? bytes(proof.number(name)) : vscode.l10n.t('unknown');
}

function alarmTitle(proof: Proof): string {
  const disk = proof.text('alarm') === 'disk';
  const node = proof.text('node');
  if (node === '') {
    return disk
      ? vscode.l10n.t('Disk alarm: the broker holds publishers back.')
      : vscode.l10n.t('Memory alarm: the broker holds publishers back.');
  }
  const limit = size(proof, 'limit');
  return disk
    ? vscode.l10n.t('Disk alarm on {0}: {1} free, and RabbitMQ wants {2}.', node, size(proof, 'free'), limit)
    : vscode.l10n.t(
        'Memory alarm on {0}: {1} in use, and publishers are held back from {2}.',
        node,
        size(proof, 'used'),
        limit,
      );
}

function unreachableTitle(proof: Proof): string {
  switch (proof.text('name')) {
    case 'loopback':
      return vscode.l10n.t('{0} is, in a Pod, the Pod itself.', proof.text('host'));
    case 'unknown':
      return vscode.l10n.t('the name {0} does not resolve there.', proof.text('host'));
    default:
      return vscode.l10n.t('nothing answers at {0} there.', proof.text('host'));
  }
}

function unreachableWhy(proof: Proof): string {
  switch (proof.text('name')) {
    case 'loopback':
      return vscode.l10n.t('Workers need a name that means the broker in the cluster, such as that of its Service.');
    case 'unknown':
      return proof.has('address')
        ? vscode.l10n.t(
            'The cluster’s DNS does not work, or does not know it. The environment of the Pod does: {0} is {1}.',
            proof.text('variable'),
            proof.text('address'),
          )
        : vscode.l10n.t('No Service of that name is in the namespace of the Pods, or the cluster’s DNS does not work.');
    default:
      return vscode.l10n.t(
        'A NetworkPolicy may keep Pods away, or the Service’s port is another one; a port-forward goes past both.',
      );
  }
}
