import type { JobState } from './ledger.ts';

/** How fast a run goes. */
export interface RunPace {
  perMinute: number;
  /** Milliseconds until the last completion at this pace; undefined when the Job takes until the queue is empty. */
  leftMs: number | undefined;
}

/** What the pace is reckoned from. Times in milliseconds since the epoch. */
export interface Progress {
  state: JobState;
  completions: number | undefined;
  succeeded: number;
  /** When the Job began, or was last resumed. */
  started: number | undefined;
  /** When the Pods that are known to have succeeded ended. */
  finished: number[];
}

/** With fewer, one slow start decides the figure. */
const ENOUGH = 2;

/**
 * The pace of a running Job since it began, or was resumed. undefined while too little is done to tell.
 * @param now milliseconds since the epoch
 */
export function paceOf(
  { state, completions, succeeded, started, finished }: Progress,
  now: number,
): RunPace | undefined {
  if (state !== 'running' || started === undefined) return undefined;
  // What was done before a suspension was not done in this time; of Pods that are gone nobody knows when they ended.
  const before = finished.filter(time => time < started).length;
  const done = succeeded - before;
  const elapsed = now - started;
  if (done < ENOUGH || elapsed <= 0) return undefined;
  const left = completions === undefined ? undefined : Math.max(0, completions - succeeded);
  return { perMinute: (done * 60_000) / elapsed, leftMs: left === undefined ? undefined : (left * elapsed) / done };
}
