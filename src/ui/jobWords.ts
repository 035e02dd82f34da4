import * as vscode from 'vscode';
import type { Run } from '../model/runs.ts';
import type { JobState } from '../workload/ledger.ts';
import { paceOf, type RunPace } from '../workload/runPace.ts';
import { duration, items, jobWords } from './text.ts';

/** @returns a Job's state in one word */
export function stateWord(state: JobState): string {
  switch (state) {
    case 'running':
      return vscode.l10n.t('active');
    case 'complete':
      return vscode.l10n.t('complete');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'suspended':
      return vscode.l10n.t('suspended');
  }
}

/**
 * @param now milliseconds since the epoch
 * @returns how far a run is, since when, and when it will be done: "5 of 8 done, 2 running · 3 min 20 s · about 2 min left"
 */
export function runWords({ job, pods, findings }: Run, now = Date.now()): string {
  const begun = job.started ?? job.created;
  const words = [jobWords(job)];
  if (job.finished !== undefined) words.push(vscode.l10n.t('took {0}', duration(job.finished - begun)));
  else if (job.state === 'running') words.push(duration(now - begun));
  const left = paceOfRun({ job, pods }, now)?.leftMs;
  // What waits for nothing is never done, whatever its pace was.
  const stuck = findings.some(({ code }) => code === 'waiting-on-empty-queue' || code === 'queue-missing');
  if (left !== undefined && left > 0 && !stuck) words.push(vscode.l10n.t('about {0} left', duration(left)));
  return words.join(' · ');
}

/** @returns how fast a run goes: "12 items a minute"; undefined while that is not known */
export function paceWords(run: Run, now = Date.now()): string | undefined {
  const pace = paceOfRun(run, now);
  return pace && vscode.l10n.t('{0} a minute', items(Number(pace.perMinute.toPrecision(2))));
}

function paceOfRun({ job, pods }: Pick<Run, 'job' | 'pods'>, now: number): RunPace | undefined {
  const finished = pods.flatMap(pod => (pod.phase === 'succeeded' && pod.finished) || []);
  return paceOf({ ...job, finished }, now);
}
