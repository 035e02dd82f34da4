import { DEFAULT_BACKOFF_LIMIT } from '../backoffLimit.ts';
import { parseBrokerUrl } from '../brokerUrl.ts';
import { type Claim, completionsFor } from '../completions.ts';
import type { Finding, Remedy, State } from '../findings.ts';
import { isPlaceholderImage } from '../image.ts';
import { asObject } from '../jsonObject.ts';
import type { QueueLook } from '../ledger.ts';
import type { JobInManifest } from '../manifest.ts';
import { brokerPlace } from './brokerPlace.ts';
import { policies } from './policies.ts';

/** What a manifest will do if it is run now. */
export function beforeRun({ manifest, queue, claims, services }: State): Finding[] {
  if (!manifest) return [];
  return [
    ...(queue ? beforeQueue(manifest, queue, claims ?? []) : []),
    ...placeholderImage(manifest),
    ...plaintextCredentials(manifest),
    ...brokerPlace({ manifest, services }),
    ...logsLost(manifest),
    ...policies(manifest, runsOf(manifest, queue, claims ?? [])),
  ];
}

function beforeQueue(manifest: JobInManifest, queue: QueueLook, claims: Claim[]): Finding[] {
  const completions = completionsOf(manifest);
  if (!queue.exists) {
    const publish: Remedy[] = completions ? [{ action: 'publish-items', numbers: { items: completions } }] : [];
    const remedies: Remedy[] = [{ action: 'create-queue', numbers: {} }, ...publish];
    const proof = { queue: manifest.queue?.value ?? '' };
    return [{ code: 'queue-missing', severity: 'will-go-wrong', proof, remedies }];
  }
  if (queue.ready === undefined) {
    return [{ code: 'depth-unknown', severity: 'worth-knowing', proof: { unknown: 'ready' }, remedies: [] }];
  }
  if (completions === undefined) return [];
  const wanted = completionsFor({ ready: queue.ready, claims, unacked: queue.unacked });
  const proof = { completions, needed: wanted.completions, ...wanted.explanation };
  const set: Remedy = { action: 'set-completions', numbers: { completions: wanted.completions } };
  if (completions < wanted.completions) {
    return [{ code: 'completions-below-depth', severity: 'will-go-wrong', proof, remedies: [set] }];
  }
  if (completions === wanted.completions) return [];
  const publish: Remedy = { action: 'publish-items', numbers: { items: completions - wanted.completions } };
  // An empty queue is most often one that is still to be filled, and 0 completions are no run.
  if (wanted.completions === 0) {
    return [{ code: 'completions-above-depth', severity: 'worth-knowing', proof, remedies: [publish] }];
  }
  return [{ code: 'completions-above-depth', severity: 'will-go-wrong', proof, remedies: [set, publish] }];
}

/** Kubernetes takes 1 when neither completions nor parallelism is there; with parallelism alone a Job has no number. */
function completionsOf(manifest: JobInManifest): number | undefined {
  const written = asObject(manifest.body.spec).completions;
  // What is written and is no number is another fault.
  if (written !== undefined && written !== null) return manifest.completions?.value;
  return manifest.parallelism ? undefined : 1;
}

/** What a run of the manifest will have: the file's number, or more where the queue has more for it. */
function runsOf(manifest: JobInManifest, queue: QueueLook | undefined, claims: Claim[]): number | undefined {
  const completions = completionsOf(manifest);
  if (completions === undefined || queue?.ready === undefined) return completions;
  return Math.max(completions, completionsFor({ ready: queue.ready, claims, unacked: queue.unacked }).completions);
}

function placeholderImage({ image }: JobInManifest): Finding[] {
  const reference = image?.value ?? '';
  if (!isPlaceholderImage(reference)) return [];
  return [
    {
      code: 'placeholder-image',
      severity: 'will-go-wrong',
      proof: { image: reference },
      remedies: [
        { action: 'build-and-push', numbers: {} },
        { action: 'set-image', numbers: {} },
      ],
    },
  ];
}

function plaintextCredentials({ broker }: JobInManifest): Finding[] {
  if (!broker || !('url' in broker.value)) return [];
  const parsed = parseBrokerUrl(broker.value.url);
  // A `$(NAME)` is filled in by the kubelet from another variable.
  if (!('address' in parsed) || !parsed.address.password || /^\$\(\w+\)$/.test(parsed.address.password)) return [];
  const proof = { user: parsed.address.user ?? '', host: parsed.address.host };
  const remedies: Remedy[] = [{ action: 'use-secret', numbers: {} }];
  return [{ code: 'plaintext-credentials', severity: 'worth-knowing', proof, remedies }];
}

/** With OnFailure the Pods, and their logs with them, are deleted when the Job's limit of failures is reached. */
function logsLost({ restartPolicy, backoffLimit, body }: JobInManifest): Finding[] {
  // Such a Job is refused for another reason.
  const hasFailurePolicy = asObject(body.spec).podFailurePolicy !== undefined;
  if (restartPolicy !== 'OnFailure' || hasFailurePolicy) return [];
  const proof = { backoffLimit: backoffLimit ?? DEFAULT_BACKOFF_LIMIT };
  const remedies: Remedy[] = [{ action: 'keep-failed-pods', numbers: {} }];
  return [{ code: 'logs-lost-on-failure', severity: 'worth-knowing', proof, remedies }];
}
