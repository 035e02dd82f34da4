import type { Finding, Remedy } from '../findings.ts';
import { imagePullTrouble } from '../imagePull.ts';
import type { PodLook, RunLook } from '../ledger.ts';
import { hasEnded } from '../looks.ts';

/** Pods that cannot start. */
export function podFindings(looks: readonly RunLook[]): Finding[] {
  const now = looks.at(-1);
  if (!now || hasEnded(now)) return [];
  const waiting = now.pods.filter(pod => pod.phase === 'waiting' && !pod.terminating);
  const running = now.pods.some(pod => pod.phase === 'running');
  return [
    ...imagePull(looks, now),
    // While other Pods run, the next ones may only have to wait for their place.
    ...stuck('pod-unschedulable', running ? 'worth-knowing' : 'has-gone-wrong', waiting.filter(isUnschedulable), []),
  ];
}

/** The longest message that is kept as proof, in characters. */
const MAX_WORDS = 300;

/** Pods that cannot get their image, or cannot make a container of it. */
function imagePull(looks: readonly RunLook[], now: RunLook): Finding[] {
  const pods = now.pods.filter(
    pod =>
      (pod.phase === 'waiting' || pod.phase === 'failed') &&
      !pod.terminating &&
      imagePullTrouble(pod.reason, pod.message) !== undefined,
  );
  const [first] = pods;
  if (!first) return [];
  const cause = causeOf(first, looks);
  const proof: Finding['proof'] = { pods: pods.length, pod: first.name, reason: first.reason ?? '', ...cause };
  const remedies: Remedy[] =
    cause.trouble === 'needs-object'
      ? []
      : [
          { action: 'build-and-push', numbers: {} },
          { action: 'set-image', numbers: {} },
        ];
  return [{ code: 'image-pull', severity: 'has-gone-wrong', proof, remedies }];
}

/** A kubelet that backs off may not repeat the cause: then the Pod's last message that told it counts. */
function causeOf({ name }: PodLook, looks: readonly RunLook[]): { trouble?: string; message?: string } {
  for (const look of looks.toReversed()) {
    const pod = look.pods.find(one => one.name === name);
    const trouble = pod && imagePullTrouble(pod.reason, pod.message)?.trouble;
    if (trouble !== undefined) return { trouble, ...words(pod?.message) };
  }
  return words(looks.at(-1)?.pods.find(one => one.name === name)?.message);
}

function words(message: string | undefined): { message?: string } {
  return message ? { message: message.slice(-MAX_WORDS) } : {};
}

function stuck(code: Finding['code'], severity: Finding['severity'], pods: PodLook[], remedies: Remedy[]): Finding[] {
  const [first] = pods;
  if (!first) return [];
  return [{ code, severity, proof: { pods: pods.length, pod: first.name, reason: first.reason ?? '' }, remedies }];
}

function isUnschedulable(pod: PodLook): boolean {
  return pod.reason === 'Unschedulable';
}
