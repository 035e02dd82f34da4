import { DEFAULT_BACKOFF_LIMIT, fittingBackoffLimit } from '../../../workload/backoffLimit.ts';
import type { JobInManifest } from '../../../workload/manifest.ts';

/** From so many items on, some are likely to fail for reasons of their own. */
const LARGE = 100;

/** What a large run is better given, each undefined or false where the manifest does not need it. */
export interface LargeRunAdvice {
  /** What the manifest says, or Kubernetes takes. */
  backoffLimit: number;
  betterLimit: number | undefined;
  /** Evicted Pods count as failed ones. */
  countsEvictions: boolean;
  /** Its Pods stay until somebody deletes it. */
  staysForever: boolean;
}

/** @returns advice for a run of so many items; undefined where it is not large */
export function largeRunAdvice(
  { body, backoffLimit, restartPolicy }: JobInManifest,
  items: number,
): LargeRunAdvice | undefined {
  if (items < LARGE) return undefined;
  const spec = (body.spec ?? {}) as Record<string, unknown>;
  const limit = backoffLimit ?? DEFAULT_BACKOFF_LIMIT;
  return {
    backoffLimit: limit,
    betterLimit: limit > DEFAULT_BACKOFF_LIMIT ? undefined : fittingBackoffLimit(items),
    // A podFailurePolicy needs restartPolicy Never.
    countsEvictions: restartPolicy === 'Never' && spec.podFailurePolicy === undefined,
    staysForever: spec.ttlSecondsAfterFinished === undefined,
  };
}
