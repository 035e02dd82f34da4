import type { Finding, Remedy } from '../findings.ts';
import type { PodLook, RunLook } from '../ledger.ts';
import { hasEnded } from '../looks.ts';

/** The kubelet's words for an image that it cannot get. */
const IMAGE_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** Pods that cannot start. */
export function podFindings(looks: readonly RunLook[]): Finding[] {
  const now = looks.at(-1);
  if (!now || hasEnded(now)) return [];
  const waiting = now.pods.filter(pod => pod.phase === 'waiting' && !pod.terminating);
  const running = now.pods.some(pod => pod.phase === 'running');
  return [
    ...stuck(
      'image-pull',
      'has-gone-wrong',
      waiting.filter(pod => IMAGE_REASONS.has(pod.reason ?? '')),
      [
        { action: 'build-and-push', numbers: {} },
        { action: 'set-image', numbers: {} },
      ],
    ),
    // While other Pods run, the next ones may only have to wait for their place.
    ...stuck('pod-unschedulable', running ? 'worth-knowing' : 'has-gone-wrong', waiting.filter(isUnschedulable), []),
  ];
}

function stuck(code: Finding['code'], severity: Finding['severity'], pods: PodLook[], remedies: Remedy[]): Finding[] {
  const [first] = pods;
  if (!first) return [];
  return [{ code, severity, proof: { pods: pods.length, pod: first.name, reason: first.reason ?? '' }, remedies }];
}

function isUnschedulable(pod: PodLook): boolean {
  return pod.reason === 'Unschedulable';
}
