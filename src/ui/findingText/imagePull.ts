import * as vscode from 'vscode';
import type { ImageTrouble } from '../../workload/imageTrouble.ts';
import { pods } from '../text.ts';
import type { FindingText, Proof } from './proof.ts';

/** The words for Pods that cannot have their image: the cause, who waits, and what mends it. */
export function imagePullText(proof: Proof): FindingText {
  const trouble = proof.text('trouble') as ImageTrouble | '';
  const who = vscode.l10n.t(
    '{0}: {1}, first {2}.',
    proof.text('reason'),
    pods(proof.number('pods')),
    proof.text('pod'),
  );
  const { cause, mend } = words(trouble, proof.text('message').replace(/\s+/g, ' '));
  return { title: `${cause} ${who}`, why: mend };
}

function words(trouble: ImageTrouble | '', message: string): { cause: string; mend: string } {
  switch (trouble) {
    case 'not-found':
      return {
        cause: vscode.l10n.t('The registry does not have the image.'),
        mend: vscode.l10n.t('Push it, or correct its name and tag in job.yaml; the cluster tries again by itself.'),
      };
    case 'no-access':
      return {
        cause: vscode.l10n.t('The registry does not give the cluster the image.'),
        mend: vscode.l10n.t(
          'It is private, or it is not there: registries do not tell the two apart. Push it first. If it is private, create a Secret with “kubectl create secret docker-registry NAME --docker-server=… --docker-username=… --docker-password=…”, and name it in imagePullSecrets of job.yaml.',
        ),
      };
    case 'certificate':
      return {
        cause: vscode.l10n.t('The nodes do not trust the registry’s certificate.'),
        mend: vscode.l10n.t(
          'Give each node the certificate authority (for containerd below /etc/containerd/certs.d), or use a registry with a public certificate. The cluster says: {0}',
          message,
        ),
      };
    case 'plain-http':
      return {
        cause: vscode.l10n.t('The registry speaks HTTP, and the nodes insist on HTTPS.'),
        mend: vscode.l10n.t(
          'Allow it on each node (for containerd in /etc/containerd/certs.d/HOST/hosts.toml), or use a registry with HTTPS.',
        ),
      };
    case 'unreachable':
      return {
        cause: vscode.l10n.t('The nodes cannot reach the registry.'),
        mend: vscode.l10n.t(
          'Is its name right, seen from the nodes? localhost there is the node itself, not this computer. The cluster says: {0}',
          message,
        ),
      };
    case 'throttled':
      return {
        cause: vscode.l10n.t('The registry has had too many requests.'),
        mend: vscode.l10n.t(
          'The cluster tries again by itself. A login (imagePullSecrets in job.yaml) or a registry of your own has higher limits.',
        ),
      };
    case 'registry-failed':
      return {
        cause: vscode.l10n.t('The registry itself fails.'),
        mend: vscode.l10n.t('The cluster tries again by itself. It says: {0}', message),
      };
    case 'no-space':
      return {
        cause: vscode.l10n.t('A node has no space left for the image.'),
        mend: vscode.l10n.t('Free some there, or make the image smaller.'),
      };
    case 'wrong-architecture':
      return {
        cause: vscode.l10n.t('The image is for another architecture than the node’s.'),
        mend: vscode.l10n.t('Build and Push builds it for the nodes of this cluster.'),
      };
    case 'bad-name':
      return {
        cause: vscode.l10n.t('The image’s name is no name of an image.'),
        mend: vscode.l10n.t('Correct it in job.yaml. The cluster says: {0}', message),
      };
    case 'never-pulled':
      return {
        cause: vscode.l10n.t('The image is not on the node, and imagePullPolicy Never forbids to pull it.'),
        mend: vscode.l10n.t('Load it into the cluster, or set imagePullPolicy to IfNotPresent and push it.'),
      };
    case 'needs-object':
      return {
        cause: vscode.l10n.t('The Pods need something that is not in the namespace.'),
        mend: vscode.l10n.t('Create it, or correct its name in job.yaml. The cluster says: {0}', message),
      };
    case 'not-started':
      return {
        cause: vscode.l10n.t('No container can be started from the image.'),
        mend: vscode.l10n.t('The cluster says: {0}', message),
      };
    default:
      return {
        cause: vscode.l10n.t('The image cannot be had.'),
        mend:
          message === ''
            ? vscode.l10n.t('Push the image, or correct its name in job.yaml; the cluster tries again by itself.')
            : vscode.l10n.t('The cluster says: {0}', message),
      };
  }
}
