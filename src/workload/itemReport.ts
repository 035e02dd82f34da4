/** What a worker's log says about one item. */
export interface ItemReport {
  /** The beginning of the item's body, at most 200 characters. */
  item: string;
  /** `unknown`: the log ends, or the next item begins, before the worker said how this one went. */
  outcome: 'done' | 'failed' | 'unknown';
  exitCode?: number;
  seconds?: number;
}

/** 200 characters, each at most a pair of `\uXXXX`, and the quotes. A longer line is none of ours. */
const LONGEST_LINE = 3000;
const ITEM = /^work-queue item ("(?:[^"\\]|\\.)*")$/;
const END = /^work-queue (?:done|failed (\d{1,3})) (\d{1,9}\.\d)s$/;

/**
 * Reads the lines that the workers of Create Worker print: `work-queue item <JSON string>` before an item, and
 * `work-queue done <seconds>s` or `work-queue failed <exit code> <seconds>s` after it. All else is the program's own.
 * A log is untrusted text: nothing in it makes this throw.
 */
export function parseReport(log: string): ItemReport[] {
  const reports: ItemReport[] = [];
  let open: ItemReport | undefined;
  for (const line of ownLines(log)) {
    const item = readItem(line);
    if (item !== undefined) {
      open = { item, outcome: 'unknown' };
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

function* ownLines(log: string): Generator<string> {
  const mark = 'work-queue ';
  for (let at = log.indexOf(mark); at >= 0; at = log.indexOf(mark, at + mark.length)) {
    if (at > 0 && log[at - 1] !== '\n') continue;
    const newline = log.indexOf('\n', at);
    const end = newline < 0 ? log.length : newline;
    if (end - at <= LONGEST_LINE) yield log.slice(at, end).replace(/\r$/, '');
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
