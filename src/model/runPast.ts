import type { JobRow, PodRow } from '../cluster/index.ts';
import type { RunSample } from './runSamples.ts';

/** More moments than this tell no more in a picture. */
const MOMENTS_AT_MOST = 600;

/**
 * What the Pods that are there still tell of a run before anybody looked: how many waited, ran and had ended. What was in
 * the queue then is not known, and Pods that are gone are counted as the Job counts them, from the beginning.
 * @param now ms since the epoch; what the cluster's clock has after it is left out
 */
export function pastOf(job: JobRow, pods: readonly PodRow[], now: number): RunSample[] {
  const times = new Set([job.started ?? job.created]);
  for (const { created, started, finished } of pods) {
    for (const time of [created, started, finished]) if (time !== undefined && time < now) times.add(time);
  }
  const moments = [...times].sort((a, b) => a - b);
  const step = Math.ceil(moments.length / MOMENTS_AT_MOST);
  const gone = {
    succeeded: Math.max(0, job.succeeded - pods.filter(pod => pod.phase === 'succeeded').length),
    failed: Math.max(0, job.failed - pods.filter(pod => pod.phase === 'failed').length),
  };
  return moments
    .filter((_at, n) => n % step === 0 || n === moments.length - 1)
    .map(at => {
      const count = { waiting: 0, running: 0, ...gone };
      for (const pod of pods) {
        if (pod.created > at) continue;
        if (pod.finished !== undefined && pod.finished <= at) {
          if (pod.phase === 'succeeded' || pod.phase === 'failed') count[pod.phase]++;
        } else if (pod.started !== undefined && pod.started <= at && pod.phase !== 'waiting') count.running++;
        else count.waiting++;
      }
      const owed = job.completions === undefined ? undefined : Math.max(0, job.completions - count.succeeded);
      return { at, ready: undefined, unacked: undefined, owed, ...count };
    });
}
