import type { Finding } from '../findings.ts';
import type { RunLook } from '../ledger.ts';
import { startUp } from '../startup.ts';

/** With fewer Pods a slow start of one of them, or of all the first at once, decides. */
const ENOUGH = 10;

/** Items that take less time than their Pods take to start: more than half of the run is spent on starting. */
export function tooShort(looks: readonly RunLook[]): Finding[] {
  const now = looks.at(-1);
  // Where a Pod takes any number of items, its time is not that of one.
  if (!now?.podTimes || now.job.completions === undefined) return [];
  const { completions, succeeded, parallelism } = now.job;
  const left = Math.max(0, completions - succeeded);
  const measured = startUp(now.podTimes, { parallelism, left: completions, peak: 0, unschedulable: 0 });
  if (!measured || measured.pods < ENOUGH || measured.workMs >= measured.startUpMs) return [];
  const { pods, startUpMs, workMs, advice } = measured;
  const proof = { pods, startUpMs, workMs, itemsPerPod: advice.itemsPerPod, left };
  return [{ code: 'items-too-short-for-a-pod', severity: 'worth-knowing', proof, remedies: [] }];
}
