import { DEFAULT_BACKOFF_LIMIT, fittingBackoffLimit, isBackoffLimitLow } from '../backoffLimit.ts';
import type { Finding, Remedy } from '../findings.ts';
import { asObject } from '../jsonObject.ts';
import type { JobInManifest } from '../manifest.ts';
import type { JsonObject } from '../yamlValue.ts';

/** Seconds: what is over is deleted after a day, when its result has been seen. */
const TTL = 86_400;

/** Seconds within which nobody looks at what a run has left. */
const TTL_TOO_SHORT = 60;

/**
 * What a Job's policies will come to.
 *
 * @param runs the completions that a run of the manifest will have; undefined: it has no number
 */
export function policies(manifest: JobInManifest, runs: number | undefined): Finding[] {
  const spec = asObject(manifest.body.spec);
  return [
    ...restartPolicy(manifest, spec),
    ...replacementPolicy(spec),
    ...backoffLimit(manifest, spec, runs),
    ...parallelism(manifest, runs),
    ...ttl(spec),
  ];
}

/** A Job must say Never or OnFailure, and a podFailurePolicy works with Never alone: the server refuses others. */
function restartPolicy({ restartPolicy: policy = '' }: JobInManifest, spec: JsonObject): Finding[] {
  const isJobs = policy === 'Never' || policy === 'OnFailure';
  if (policy === 'Never' || (isJobs && spec.podFailurePolicy === undefined)) return [];
  return [
    {
      code: 'policy-cannot-work',
      severity: 'will-go-wrong',
      proof: { policy: isJobs ? 'podFailurePolicy' : 'restartPolicy', restartPolicy: policy },
      remedies: [{ action: 'keep-failed-pods', numbers: {} }],
    },
  ];
}

/** With a podFailurePolicy a Pod is replaced only when it has failed for good. */
function replacementPolicy({ podFailurePolicy, podReplacementPolicy: policy }: JsonObject): Finding[] {
  if (podFailurePolicy === undefined || typeof policy !== 'string' || policy === 'Failed') return [];
  const proof = { policy: 'podReplacementPolicy', podReplacementPolicy: policy };
  const remedies: Remedy[] = [{ action: 'replace-failed-pods', numbers: {} }];
  return [{ code: 'policy-cannot-work', severity: 'will-go-wrong', proof, remedies }];
}

function backoffLimit({ backoffLimit: own }: JobInManifest, spec: JsonObject, runs = 0): Finding[] {
  const limit = own ?? DEFAULT_BACKOFF_LIMIT;
  if (spec.backoffLimitPerIndex !== undefined || !isBackoffLimitLow(limit, runs)) return [];
  const fitting = fittingBackoffLimit(runs);
  const proof = { backoffLimit: limit, completions: runs, fitting };
  const remedies: Remedy[] = [{ action: 'set-backoff-limit', numbers: { backoffLimit: fitting } }];
  return [{ code: 'backoff-limit-low', severity: 'worth-knowing', proof, remedies }];
}

function parallelism({ parallelism: own }: JobInManifest, runs = Number.POSITIVE_INFINITY): Finding[] {
  if (own === undefined || runs === 0 || own.value <= runs) return [];
  const proof = { parallelism: own.value, completions: runs };
  const remedies: Remedy[] = [{ action: 'set-parallelism', numbers: { parallelism: runs } }];
  return [{ code: 'parallelism-above-completions', severity: 'worth-knowing', proof, remedies }];
}

function ttl({ ttlSecondsAfterFinished: seconds }: JsonObject): Finding[] {
  const remedies: Remedy[] = [{ action: 'set-ttl', numbers: { seconds: TTL } }];
  if (seconds === undefined || seconds === null) {
    return [{ code: 'ttl-missing', severity: 'worth-knowing', proof: {}, remedies }];
  }
  if (typeof seconds !== 'number' || seconds >= TTL_TOO_SHORT) return [];
  return [{ code: 'ttl-too-short', severity: 'worth-knowing', proof: { seconds }, remedies }];
}
