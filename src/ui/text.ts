import * as vscode from 'vscode';
import type { JobRow, PodRow } from '../cluster/index.ts';
import type { QueueLook } from '../workload/ledger.ts';
import { podReason } from './podReason.ts';

/** @returns "1 message", "8 messages" */
export function messages(count: number): string {
  return count === 1 ? vscode.l10n.t('1 message') : vscode.l10n.t('{0} messages', count);
}

/** @returns "1 item", "8 items" */
export function items(count: number): string {
  return count === 1 ? vscode.l10n.t('1 item') : vscode.l10n.t('{0} items', count);
}

/** @returns "1 Pod", "8 Pods" */
export function pods(count: number): string {
  return count === 1 ? vscode.l10n.t('1 Pod') : vscode.l10n.t('{0} Pods', count);
}

/** @returns an amount of data in its largest unit: "512 B", "16 MiB", "1.5 GiB" */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, count)) / 10)));
  const value = count / 2 ** (10 * step);
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${units[step]}`;
}

/** @returns the parts as one phrase: "5 of 8 done, 2 running" */
export function list(parts: string[]): string {
  return parts.join(vscode.l10n.t(', '));
}

/** @returns how far a Job is: "5 of 8 done, 2 running" */
export function jobWords(
  job: Pick<JobRow, 'state' | 'reason' | 'completions' | 'succeeded' | 'failed' | 'active'>,
): string {
  const parts: string[] = [];
  if (job.state === 'failed') {
    parts.push(job.reason ? vscode.l10n.t('failed ({0})', job.reason) : vscode.l10n.t('failed'));
  }
  if (job.state === 'suspended') parts.push(vscode.l10n.t('suspended'));
  parts.push(
    job.completions === undefined
      ? vscode.l10n.t('{0} done', job.succeeded)
      : vscode.l10n.t('{0} of {1} done', job.succeeded, job.completions),
  );
  if (job.active > 0) parts.push(vscode.l10n.t('{0} running', job.active));
  if (job.failed > 0) {
    parts.push(job.failed === 1 ? vscode.l10n.t('1 Pod failed') : vscode.l10n.t('{0} Pods failed', job.failed));
  }
  return list(parts);
}

/** @returns a queue's figures: "8 ready, 2 unacked, 1 consumer"; what is not known is said to be unknown */
export function queueWords(queue: Pick<QueueLook, 'ready' | 'unacked' | 'consumers'>): string {
  const { ready, unacked, consumers } = queue;
  return list([
    ready === undefined ? vscode.l10n.t('ready unknown') : vscode.l10n.t('{0} ready', ready),
    unacked === undefined ? vscode.l10n.t('unacked unknown') : vscode.l10n.t('{0} unacked', unacked),
    consumers === undefined
      ? vscode.l10n.t('consumers unknown')
      : consumers === 1
        ? vscode.l10n.t('1 consumer')
        : vscode.l10n.t('{0} consumers', consumers),
  ]);
}

/**
 * @param now milliseconds since the epoch
 * @returns a Pod's state and age: "running for 12 s", "failed (Error, exit code 1) after 3 s"
 */
export function podWords(
  pod: Pick<PodRow, 'phase' | 'reason' | 'exitCode' | 'restarts' | 'terminating' | 'created' | 'started' | 'finished'>,
  now = Date.now(),
): string {
  const parts = [podState(pod, now)];
  if (pod.terminating) parts.push(vscode.l10n.t('being deleted'));
  if (pod.restarts > 0) {
    parts.push(pod.restarts === 1 ? vscode.l10n.t('1 restart') : vscode.l10n.t('{0} restarts', pod.restarts));
  }
  return list(parts);
}

function podState(pod: Parameters<typeof podWords>[0], now: number): string {
  const begun = pod.started ?? pod.created;
  const took = duration((pod.finished ?? now) - begun);
  const why: string[] = [];
  const words = podReason(pod.reason);
  if (words) why.push(words);
  if (pod.phase === 'failed' && pod.exitCode !== undefined) why.push(vscode.l10n.t('exit code {0}', pod.exitCode));
  const reason = list(why);
  switch (pod.phase) {
    case 'waiting':
      return reason
        ? vscode.l10n.t('waiting ({0}) for {1}', reason, duration(now - pod.created))
        : vscode.l10n.t('waiting for {0}', duration(now - pod.created));
    case 'running':
      return reason
        ? vscode.l10n.t('running ({0}) for {1}', reason, duration(now - begun))
        : vscode.l10n.t('running for {0}', duration(now - begun));
    case 'succeeded':
      return pod.finished === undefined ? vscode.l10n.t('succeeded') : vscode.l10n.t('succeeded after {0}', took);
    case 'failed':
      if (pod.finished === undefined) return reason ? vscode.l10n.t('failed ({0})', reason) : vscode.l10n.t('failed');
      return reason ? vscode.l10n.t('failed ({0}) after {1}', reason, took) : vscode.l10n.t('failed after {0}', took);
  }
}

/** @returns a length of time in its two largest units: "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h" */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return vscode.l10n.t('{0} d {1} h', days, hours % 24);
  if (hours > 0) return vscode.l10n.t('{0} h {1} min', hours, minutes % 60);
  if (minutes > 0) return vscode.l10n.t('{0} min {1} s', minutes, seconds % 60);
  return vscode.l10n.t('{0} s', seconds);
}

/**
 * @param at milliseconds since the epoch
 * @param now the same; the day is said only when it is another one
 * @returns the local time of day: "13:04:22", or "2026-03-01 13:04:22"
 */
export function clock(at: number, now = Date.now()): string {
  const time = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = (t: Date) => `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`;
  const hour = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return day(time) === day(new Date(now)) ? hour : `${day(time)} ${hour}`;
}

/** @returns "since 13:04:22" */
export function since(at: number, now = Date.now()): string {
  return vscode.l10n.t('since {0}', clock(at, now));
}
