import { type ImageTrouble, troubleOf } from './imageTrouble.ts';

/** The kubelet's words for an image that it cannot get, and for a container that it cannot make of it. */
const REASONS = new Map<string, ImageTrouble | undefined>([
  ['ErrImagePull', undefined],
  ['ImagePullBackOff', undefined],
  ['ImageInspectError', undefined],
  ['SignatureValidationFailed', undefined],
  ['RegistryUnavailable', 'unreachable'],
  ['InvalidImageName', 'bad-name'],
  ['ErrImageNeverPull', 'never-pulled'],
  ['CreateContainerConfigError', 'not-started'],
  ['CreateContainerError', 'not-started'],
  ['RunContainerError', 'not-started'],
]);

/**
 * What keeps a Pod from running its image: the kubelet's reason, and the cause when its message tells it. undefined when
 * it is something else. After the first failures older kubelets only say that they back off: the cause is undefined then.
 */
export function imagePullTrouble(
  reason: string | undefined,
  message: string | undefined,
): { trouble: ImageTrouble | undefined } | undefined {
  const said = message === undefined ? undefined : troubleOf(message);
  // The program itself cannot be started: whatever the Pod's reason is, the image is of another architecture.
  if (said === 'wrong-architecture') return { trouble: said };
  if (reason === undefined || !REASONS.has(reason)) return undefined;
  const own = REASONS.get(reason);
  if (own !== 'not-started') return { trouble: own ?? said };
  return { trouble: /\b(?:secret|configmap) .*not found|couldn't find key/.test(message ?? '') ? 'needs-object' : own };
}
