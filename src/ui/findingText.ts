import * as vscode from 'vscode';
import type { Finding, FindingCode } from '../workload/findings.ts';
import { plainText } from './plainText.ts';
import { items, list, messages, pods } from './text.ts';

/** A finding in words: what is so, with its numbers, in one sentence; and why it matters. */
export interface FindingText {
  title: string;
  why: string;
}

/** @returns the words for a finding, the same in every place */
export function findingText(finding: Finding): FindingText {
  return WORDS[finding.code](new Proof(finding.proof), finding);
}

/** The proof's numbers and texts by name; the texts come from cluster and broker and are made plain. */
class Proof {
  readonly #values: Finding['proof'];

  constructor(values: Finding['proof']) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  number(name: string): number {
    return Number(this.#values[name] ?? 0);
  }

  text(name: string): string {
    return plainText(String(this.#values[name] ?? ''));
  }
}

const WORDS: Record<FindingCode, (proof: Proof, finding: Finding) => FindingText> = {
  'completions-below-depth': proof => ({
    title: vscode.l10n.t(
      'completions is {0}, with {1} in the queue for this Job: {2} would stay there.',
      proof.number('completions'),
      messages(proof.number('needed')),
      proof.number('needed') - proof.number('completions'),
    ),
    why: sentences(
      claims(proof),
      vscode.l10n.t('Each completion takes one message, and the Job ends after the last one.'),
    ),
  }),
  'completions-above-depth': proof =>
    proof.number('needed') === 0
      ? {
          title: vscode.l10n.t(
            'completions is {0}, and the queue has no message for this Job now.',
            proof.number('completions'),
          ),
          why: sentences(
            claims(proof),
            vscode.l10n.t(
              'Run Job sets completions to what is ready at that moment. Created as it stands, the Job would wait for messages.',
            ),
          ),
        }
      : {
          title: vscode.l10n.t(
            'completions is {0}, with only {1} in the queue for this Job: it would never end.',
            proof.number('completions'),
            messages(proof.number('needed')),
          ),
          why: sentences(
            claims(proof),
            vscode.l10n.t('Each completion takes one message; the Pods beyond the last one wait for ever.'),
          ),
        },
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
        'The worker failed, and amqp-consume hid it: it exits 0 whatever its command does. Let the container fail when the worker fails, as the files of Create Worker do.',
      ),
    ),
  }),
  'items-left-behind': (proof, { severity }) => ({
    title: vscode.l10n.t('The Job is complete, with {0} left in the queue.', items(proof.number('items'))),
    why: sentences(
      account(proof),
      severity === 'worth-knowing'
        ? vscode.l10n.t('They were published while the Job ran.')
        : vscode.l10n.t('Nobody works on them until another Job takes them.'),
    ),
  }),
  'queue-missing': proof =>
    proof.has('queue')
      ? {
          title: vscode.l10n.t('Queue {0} does not exist.', proof.text('queue')),
          why: vscode.l10n.t('Without it every Pod fails at its start. Create it and publish the items first.'),
        }
      : {
          title: vscode.l10n.t(
            'The queue of this Job does not exist any more: {0} without work.',
            pods(proof.number('active')),
          ),
          why: vscode.l10n.t('Pods that waited on it wait for ever, and those that start fail.'),
        },
  'broker-unreachable': proof => ({
    title: vscode.l10n.t('The broker does not answer: {0}', proof.text('reason')),
    why: vscode.l10n.t('Without it no message is taken, and what is in the queues is not known.'),
  }),
  'depth-unknown': proof => ({
    title:
      proof.text('unknown') === 'ready'
        ? vscode.l10n.t('How many messages are ready in the queue is not known.')
        : vscode.l10n.t('How many messages are unacked in the queue is not known.'),
    why: proof.has('owed')
      ? vscode.l10n.t(
          'So nobody can tell whether the Pods work or wait for nothing. The broker’s management plugin knows it.',
        )
      : vscode.l10n.t('So nobody can tell which completions fit.'),
  }),
  'foreign-consumers': proof => ({
    title: vscode.l10n.t(
      'The queue has {0} consumers, and this Job has {1} at most.',
      proof.number('consumers'),
      pods(proof.number('parallelism')),
    ),
    why: vscode.l10n.t('Someone else takes messages that the Job counts on; its last Pods may then wait for ever.'),
  }),
  'ack-timeout-risk': () => ({
    title: vscode.l10n.t('An item may take longer than the broker waits for its acknowledgement.'),
    why: vscode.l10n.t('The broker then gives it to another Pod: the work is done twice, and the first Pod fails.'),
  }),
  'worker-hides-failures': proof => ({
    title: proof.has('line')
      ? vscode.l10n.t(
          'A worker that fails would count as done ({0}, line {1}).',
          proof.text('source'),
          proof.number('line'),
        )
      : vscode.l10n.t('A worker that fails would count as done.'),
    why: vscode.l10n.t(
      'amqp-consume exits 0 whatever its command does: the Pod succeeds, a completion is used up, and the item goes back. Create Worker writes a container that fails when the worker fails.',
    ),
  }),
  'placeholder-image': proof => ({
    title:
      proof.text('image') === ''
        ? vscode.l10n.t('The worker’s image is not named yet.')
        : vscode.l10n.t('The worker’s image is still a placeholder: {0}', proof.text('image')),
    why: vscode.l10n.t('No Pod can start with it. Build and Push asks for the image’s name and writes it here.'),
  }),
  'image-pull': proof => ({
    title: vscode.l10n.t(
      'The image cannot be had ({0}): {1} waiting, first {2}.',
      proof.text('reason'),
      pods(proof.number('pods')),
      proof.text('pod'),
    ),
    why: vscode.l10n.t('Push the image, or correct its name in job.yaml; the cluster tries again by itself.'),
  }),
  'pod-unschedulable': proof => ({
    title: vscode.l10n.t('No node has room for {0}, first {1}.', pods(proof.number('pods')), proof.text('pod')),
    why: vscode.l10n.t('They start when room is free, or when they ask for less; Describe Job shows what is missing.'),
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
  'plaintext-credentials': proof => ({
    title: vscode.l10n.t(
      'The password of broker user {0} at {1} is written in the file.',
      proof.text('user'),
      proof.text('host'),
    ),
    why: vscode.l10n.t('Who can read the file or the Job can read it. A Secret keeps it out of both (secretKeyRef).'),
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
          title: vscode.l10n.t(
            'After {0} failures Kubernetes ends the Job and deletes its Pods with their logs.',
            proof.number('backoffLimit'),
          ),
          why: vscode.l10n.t('restartPolicy OnFailure does that. With Never the failed Pods and their logs stay.'),
        },
  'items-too-short-for-a-pod': () => ({
    title: vscode.l10n.t('An item takes less time than its Pod takes to start.'),
    why: vscode.l10n.t('Several lines in one message, or a worker that takes several messages, would be done sooner.'),
  }),
};

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
      return vscode.l10n.t(
        'Done and acknowledged by a Pod that then ended badly, so it was not counted: {0}.',
        items(proof.number('missing')),
      );
    case 'taken-by-others':
      return vscode.l10n.t('Taken from the queue by someone else: {0}.', items(proof.number('missing')));
    case undefined:
      return '';
  }
}

function claims(proof: Proof): string {
  const claimed = proof.number('claimed');
  if (claimed === 0 || proof.number('ready') === 0) return '';
  return vscode.l10n.t('{0} ready, of which active Jobs take {1}.', messages(proof.number('ready')), claimed);
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

const sentences = (...parts: string[]) => parts.filter(part => part !== '').join(' ');
