import * as vscode from 'vscode';
import type { Finding } from '../../workload/findings.ts';
import { duration, items, list, messages, pods } from '../text.ts';
import { imagePullText } from './imagePull.ts';
import { type Proof, sentences, type Words } from './proof.ts';

/** What a run has. */
export const OF_RUN = {
  'waiting-on-empty-queue': (proof, finding) => ({
    title: vscode.l10n.t(
      'Waiting on an empty queue: {0}, with {1} of {2} completions still to come.',
      pods(proof.number('active')),
      proof.number('owed'),
      proof.number('completions'),
    ),
    why: sentences(
      vscode.l10n.t('Nothing is ready and nothing is unacked, so the Job does not end by itself.'),
      waitCause(proof, finding.cause),
      vscode.l10n.t(
        'Delete the Job (what is done stays done: {0}), or publish {1}.',
        items(proof.number('succeeded')),
        items(proof.number('owed')),
      ),
    ),
  }),
  'failed-item-counted-as-done': proof => ({
    title:
      proof.number('items') === 1
        ? vscode.l10n.t('1 item came back to the queue although its Pod counted as done.')
        : vscode.l10n.t('{0} items came back to the queue although their Pods counted as done.', proof.number('items')),
    why: sentences(
      account(proof),
      vscode.l10n.t(
        'Most often the worker failed, and amqp-consume hid it: it exits 0 whatever its command does. Let the container fail when the worker fails, as the files of Create Worker do. A broker that is restarted can lose an acknowledgement, too.',
      ),
    ),
  }),
  'items-left-behind': (proof, { severity }) => ({
    title: proof.has('reason')
      ? vscode.l10n.t(
          'Kubernetes ended the Job at its deadline (activeDeadlineSeconds), with {0} left in the queue.',
          items(proof.number('items')),
        )
      : vscode.l10n.t('The Job is complete, with {0} left in the queue.', items(proof.number('items'))),
    why: sentences(
      account(proof),
      severity === 'worth-knowing'
        ? vscode.l10n.t('They were published while the Job ran.')
        : vscode.l10n.t('Nobody works on them until another Job takes them.'),
    ),
  }),
  'foreign-consumers': proof => ({
    title: vscode.l10n.t(
      'The queue has {0} consumers, and this Job has {1}.',
      proof.number('consumers'),
      pods(proof.has('others') ? proof.number('active') : proof.number('parallelism')),
    ),
    why: sentences(
      stranger(proof),
      vscode.l10n.t('Someone else takes messages that the Job counts on; its last Pods may then wait for ever.'),
    ),
  }),
  'pods-not-consuming': proof => ({
    title: vscode.l10n.t(
      'The queue was deleted and is there again: {0} of this Job wait on the old one, with {1} in the new.',
      pods(proof.number('active')),
      messages(proof.number('ready')),
    ),
    why: vscode.l10n.t('amqp-consume does not learn that its queue has gone. Delete the Job and run the rest.'),
  }),
  'items-too-short-for-a-pod': proof => ({
    title: vscode.l10n.t(
      'An item takes less time than its Pod takes to start: {0} s against {1} s, as seen of {2}.',
      seconds(proof.number('workMs')),
      seconds(proof.number('startUpMs')),
      pods(proof.number('pods')),
    ),
    why: vscode.l10n.t('Several lines in one message, or a worker that takes several messages, would be done sooner.'),
  }),
  'ack-timeout-risk': (proof, { severity }) => ({
    title:
      severity === 'has-gone-wrong'
        ? vscode.l10n.t(
            'Pod {0} worked for {1}, and the broker waits {2} for an acknowledgement.',
            proof.text('pod'),
            duration(proof.number('tookMs')),
            duration(proof.number('timeoutMs')),
          )
        : vscode.l10n.t(
            'Pod {0} has been at its item for {1}; the broker waits {2} for an acknowledgement.',
            proof.text('pod'),
            duration(proof.number('tookMs')),
            duration(proof.number('timeoutMs')),
          ),
    why: vscode.l10n.t('The broker then gives it to another Pod: the work is done twice, and the first Pod fails.'),
  }),
  'image-pull': imagePullText,
  'pod-unschedulable': proof => ({
    title: vscode.l10n.t('No node has room for {0}, first {1}.', pods(proof.number('pods')), proof.text('pod')),
    why: vscode.l10n.t('They start when room is free, or when they ask for less; Describe Job shows what is missing.'),
  }),
  'pods-not-created': proof => ({
    title:
      proof.number('active') === 0
        ? vscode.l10n.t('The cluster makes no Pods for the Job: {0}.', refusal(proof.text('cause')))
        : vscode.l10n.t(
            'The cluster makes {0} fewer than the Job asks for: {1}.',
            pods(proof.number('missing')),
            refusal(proof.text('cause')),
          ),
    why: vscode.l10n.t('It says: {0}', proof.text('message')),
  }),
  'backoff-exhausted': proof => ({
    title: proof.has('completions')
      ? vscode.l10n.t(
          'Kubernetes ended the Job after too many failed Pods ({0}), with {1} of {2} done.',
          proof.number('failed'),
          proof.number('succeeded'),
          proof.number('completions'),
        )
      : vscode.l10n.t(
          'Kubernetes ended the Job after too many failed Pods ({0}), with {1} done.',
          proof.number('failed'),
          proof.number('succeeded'),
        ),
    why: sentences(
      proof.has('ready') ? vscode.l10n.t('Still in the queue: {0}.', messages(proof.number('ready'))) : '',
      vscode.l10n.t('backoffLimit counts for the whole Job. Look at the log of a failed Pod before it is run again.'),
    ),
  }),
  'logs-lost-on-failure': proof =>
    proof.has('failed')
      ? {
          title: vscode.l10n.t('The failed Pods are gone ({0}), and their logs with them.', proof.number('failed')),
          why: vscode.l10n.t(
            'With restartPolicy OnFailure Kubernetes deletes them when it ends the Job. Never keeps them.',
          ),
        }
      : {
          // A Pod whose containers are started anew ends the Job at the limit, at the first failure where that is 0.
          title:
            proof.number('backoffLimit') <= 1
              ? vscode.l10n.t('After 1 failure Kubernetes ends the Job and deletes its Pods with their logs.')
              : vscode.l10n.t(
                  'After {0} failures Kubernetes ends the Job and deletes its Pods with their logs.',
                  proof.number('backoffLimit'),
                ),
          why: vscode.l10n.t('restartPolicy OnFailure does that. With Never the failed Pods and their logs stay.'),
        },
} satisfies Words;

/** With one decimal. */
const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);

/** Why the cluster refuses to make a Pod. */
function refusal(cause: string): string {
  switch (cause) {
    case 'quota':
      return vscode.l10n.t('the namespace’s quota is used up');
    case 'limit-range':
      return vscode.l10n.t('they ask for more or less than the namespace allows');
    case 'pod-security':
      return vscode.l10n.t('the namespace’s security rules forbid them');
    case 'service-account':
      return vscode.l10n.t('their ServiceAccount is not there');
    default:
      return vscode.l10n.t('they are refused');
  }
}

function waitCause(proof: Proof, cause: Finding['cause']): string {
  switch (cause) {
    case 'too-many-completions':
      return vscode.l10n.t(
        'It was created with {0} completions for {1}: {2} too many.',
        proof.number('completions'),
        items(proof.number('depthAtStart') + proof.number('publishedSince')),
        proof.number('tooMany'),
      );
    case 'acked-without-success':
      return sentences(
        vscode.l10n.t(
          'Done and acknowledged by a Pod that then ended badly, so it was not counted: {0}.',
          items(proof.number('missing')),
        ),
        proof.has('pod') ? vscode.l10n.t('It was: {0}.', proof.text('pod')) : '',
      );
    case 'taken-by-others':
      return sentences(
        vscode.l10n.t('Taken from the queue by someone else: {0}.', items(proof.number('missing'))),
        stranger(proof),
      );
    case undefined:
      return '';
  }
}

/** Whose connection it is that takes messages. */
function stranger(proof: Proof): string {
  if (!proof.has('connection')) return '';
  const names = [proof.text('name'), proof.text('user')].filter(text => text !== '').join(', ');
  const who = names && ` (${names})`;
  return proof.number('others') === 1
    ? vscode.l10n.t('It is the connection from {0}{1}.', proof.text('connection'), who)
    : vscode.l10n.t(
        'There are {0} such connections, one from {1}{2}.',
        proof.number('others'),
        proof.text('connection'),
        who,
      );
}

/** The sum that a run's finding rests on. */
function account(proof: Proof): string {
  const parts: string[] = [];
  if (proof.has('depthAtStart')) parts.push(vscode.l10n.t('{0} at the start', proof.number('depthAtStart')));
  if (proof.number('publishedSince') > 0) {
    parts.push(vscode.l10n.t('{0} published since', proof.number('publishedSince')));
  }
  parts.push(vscode.l10n.t('{0} done', proof.number('succeeded')));
  if (proof.has('expected')) {
    parts.push(vscode.l10n.t('{0} should be left', Math.max(0, proof.number('expected'))));
  }
  parts.push(vscode.l10n.t('{0} ready', proof.number('ready')));
  if (proof.number('unacked') > 0) parts.push(vscode.l10n.t('{0} unacked', proof.number('unacked')));
  return vscode.l10n.t('In numbers: {0}.', list(parts));
}
