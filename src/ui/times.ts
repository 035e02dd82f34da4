import * as vscode from 'vscode';

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

/** @returns how long ago something was: "3 min 20 s ago" */
export function ago(at: number, now = Date.now()): string {
  return vscode.l10n.t('{0} ago', duration(now - at));
}
