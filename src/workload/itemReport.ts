/** What a worker's log says about one item. */
export interface ItemReport {
  /** The beginning of the item's body, at most REPORTED characters. */
  item: string;
  /** `unknown`: the log ends, or the next item begins, before the worker said how this one went. */
  outcome: 'done' | 'failed' | 'unknown';
  exitCode?: number;
  seconds?: number;
  /** When it began, ms since 1970; only where the log's lines begin with their times. */
  at?: number;
}

/** Characters of an item's body that a worker reports; one that has as many may go on. */
export const REPORTED = 200;
/** REPORTED characters, each at most a pair of `\uXXXX`, and the quotes. A longer line is none of ours. */
const LONGEST_LINE = 3000;
const ITEM = /^work-queue item ("(?:[^"\\]|\\.)*")$/;
/** As the kubelet writes a line's time, and the space behind it; no longer than STAMP_AT_MOST. */
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) $/;
const STAMP_AT_MOST = 40;
const END = /^work-queue (?:done|failed (\d{1,3})) (\d{1,9}\.\d)s$/;

/**
 * Reads the lines that the workers of Create Worker print: `work-queue item <JSON string>` before an item, and
 * `work-queue done <seconds>s` or `work-queue failed <exit code> <seconds>s` after it. All else is the program's own.
 * A log is untrusted text: nothing in it makes this throw.
 * @param log with or without the time at the beginning of each line
 */
export function parseReport(log: string): ItemReport[] {
  const reports: ItemReport[] = [];
  let open: ItemReport | undefined;
  for (const { line, at } of ownLines(log)) {
    const item = readItem(line);
    if (item !== undefined) {
      open = { item, outcome: 'unknown', ...(at === undefined ? {} : { at }) };
      reports.push(open);
      continue;
    }
    const end = open && END.exec(line);
    if (!open || !end) continue;
    const [, exitCode, seconds] = end;
    open.outcome = exitCode === undefined ? 'done' : 'failed';
    if (exitCode !== undefined) open.exitCode = Number(exitCode);
    open.seconds = Number(seconds);
    open = undefined;
  }
  return reports;
}

/** @returns whether a report has the whole body: bytes that are no text come as U+FFFD, or as halves of a pair */
export const isWhole = (item: string): boolean =>
  [...item].length < REPORTED && !item.includes('\uFFFD') && item.isWellFormed();

function* ownLines(log: string): Generator<{ line: string; at: number | undefined }> {
  const mark = 'work-queue ';
  for (let from = log.indexOf(mark); from >= 0; from = log.indexOf(mark, from + mark.length)) {
    const before = log.slice(Math.max(0, from - STAMP_AT_MOST - 1), from);
    const start = before.slice(before.lastIndexOf('\n') + 1);
    const [, stamp] = STAMP.exec(start) ?? [];
    if (start !== '' && stamp === undefined) continue;
    const newline = log.indexOf('\n', from);
    const end = newline < 0 ? log.length : newline;
    if (end - from > LONGEST_LINE) continue;
    const at = stamp === undefined ? Number.NaN : Date.parse(stamp);
    yield { line: log.slice(from, end).replace(/\r$/, ''), at: Number.isNaN(at) ? undefined : at };
  }
}

function readItem(line: string): string | undefined {
  const text = ITEM.exec(line)?.[1];
  if (text === undefined) return undefined;
  try {
    const item: unknown = JSON.parse(text);
    return typeof item === 'string' ? item.slice(0, 400) : undefined;
  } catch {
    return undefined;
  }
}
