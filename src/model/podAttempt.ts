import type { PodRow } from '../cluster/index.ts';

/** Whether a container of the Pod has run at least once: only then there is a log. */
export const hasStarted = (pod: PodRow): boolean =>
  pod.phase !== 'waiting' || pod.restarts > 0 || pod.exitCode !== undefined;

/** Whether this start of its container has ended, also where the Pod will start it anew. */
export const hasEnded = (pod: PodRow, attempt: number): boolean =>
  pod.phase === 'succeeded' ||
  pod.phase === 'failed' ||
  pod.restarts > attempt ||
  (pod.phase === 'waiting' && pod.exitCode !== undefined);

/** Whether its container has failed, also where the Pod will start it anew. */
export const hasFailed = (pod: PodRow): boolean =>
  pod.phase === 'failed' || (pod.phase === 'waiting' && (pod.exitCode ?? 0) !== 0);
