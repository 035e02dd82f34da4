import type { RunResult } from './runHistory.ts';

const COLUMNS = {
  job: run => run.job,
  namespace: run => run.namespace,
  queue: run => run.queue,
  broker: run => run.broker,
  state: run => run.state,
  reason: run => run.reason,
  items: run => run.items,
  completions: run => run.completions,
  done: run => run.done,
  failed_pods: run => run.failed,
  left: run => run.left,
  started: run => new Date(run.started).toISOString(),
  finished: run => new Date(run.finished).toISOString(),
  seconds: run => (run.finished - run.started) / 1000,
  findings: run => run.findings.join(' '),
  uid: run => run.uid,
} satisfies Record<string, (run: RunResult) => string | number | undefined>;

/** @returns the results as CSV (RFC 4180); a text that a spreadsheet would take for a formula begins with an apostrophe */
export function historyCsv(results: readonly RunResult[]): string {
  const rows = results.map(result => Object.values(COLUMNS).map(read => cell(read(result))));
  return [Object.keys(COLUMNS), ...rows].map(row => `${row.join(',')}\r\n`).join('');
}

/** @returns the results as JSON, with times of ISO 8601 */
export function historyJson(results: readonly RunResult[]): string {
  const readable = results.map(run => ({
    ...run,
    started: new Date(run.started).toISOString(),
    finished: new Date(run.finished).toISOString(),
  }));
  return `${JSON.stringify(readable, null, 2)}\n`;
}

// https://owasp.org/www-community/attacks/CSV_Injection
function cell(value: string | number | undefined): string {
  if (typeof value === 'number') return String(value);
  const text = (value ?? '').replace(/^(?=[=+\-@\t\r])/, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
