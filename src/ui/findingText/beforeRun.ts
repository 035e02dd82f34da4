import * as vscode from 'vscode';
import { messages, pods } from '../text.ts';
import { type Proof, sentences, type Words } from './proof.ts';

/** What a manifest and its queue have. */
export const BEFORE_RUN = {
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
  'queue-missing': proof =>
    proof.has('queue')
      ? {
          title: vscode.l10n.t('Queue {0} does not exist.', proof.text('queue')),
          why: vscode.l10n.t('Without it every Pod fails at its start. Create it and publish the items first.'),
        }
      : {
          title:
            proof.number('active') === 0
              ? vscode.l10n.t('The Job failed, and its queue does not exist.')
              : vscode.l10n.t(
                  'The queue of this Job does not exist any more: {0} without work.',
                  pods(proof.number('active')),
                ),
          why: vscode.l10n.t('Pods that waited on it wait for ever, and those that start fail.'),
        },
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
  'plaintext-credentials': proof => ({
    title: vscode.l10n.t(
      'The password of broker user {0} at {1} is written in the file.',
      proof.text('user'),
      proof.text('host'),
    ),
    why: vscode.l10n.t('Who can read the file or the Job can read it. A Secret keeps it out of both (secretKeyRef).'),
  }),
  'broker-not-here': proof => ({
    title:
      proof.text('cause') === 'loopback'
        ? vscode.l10n.t('{0} is, in a Pod, the Pod itself: no broker is there.', proof.text('host'))
        : vscode.l10n.t(
            'No Service {0} is seen from namespace {1}: Pods would not find the broker.',
            proof.text('host'),
            proof.text('namespace'),
          ),
    why: vscode.l10n.t('Without the broker every Pod fails at its start.'),
  }),
  'policy-cannot-work': proof => ({
    title: policyTitle(proof.text('policy')),
    why: vscode.l10n.t('Kubernetes refuses this Job.'),
  }),
  'backoff-limit-low': proof => ({
    title: vscode.l10n.t(
      'With backoffLimit {0}, the failure of {1} among {2} ends the whole Job.',
      proof.number('backoffLimit'),
      pods(proof.number('backoffLimit') + 1),
      proof.number('completions'),
    ),
    why: vscode.l10n.t(
      'backoffLimit counts for the whole Job, however large it is: what is left then stays in the queue.',
    ),
  }),
  'parallelism-above-completions': proof => ({
    title: vscode.l10n.t(
      'parallelism is {0}, with only {1} to complete.',
      proof.number('parallelism'),
      proof.number('completions'),
    ),
    why: vscode.l10n.t('Kubernetes never starts more Pods than are still to complete.'),
  }),
  'ttl-missing': () => ({
    title: vscode.l10n.t('The Job and its Pods stay in the cluster until somebody deletes them.'),
    why: vscode.l10n.t('With ttlSecondsAfterFinished Kubernetes deletes them that many seconds after the end.'),
  }),
  'ttl-too-short': proof => ({
    title: vscode.l10n.t('The Job, its Pods and their logs are deleted {0} s after the end.', proof.number('seconds')),
    why: vscode.l10n.t('What failed and why can hardly be looked at before.'),
  }),
} satisfies Words;

function policyTitle(policy: string): string {
  switch (policy) {
    case 'podFailurePolicy':
      return vscode.l10n.t('podFailurePolicy works with restartPolicy Never only.');
    case 'podReplacementPolicy':
      return vscode.l10n.t('With podFailurePolicy, podReplacementPolicy can only be Failed.');
    default:
      return vscode.l10n.t('The restartPolicy of a Job must be Never or OnFailure.');
  }
}

function claims(proof: Proof): string {
  const claimed = proof.number('claimed');
  if (claimed === 0 || proof.number('ready') === 0) return '';
  return vscode.l10n.t('{0} ready, of which active Jobs take {1}.', messages(proof.number('ready')), claimed);
}
