/** What was to be said of one run, and what was said. */
export interface Row {
  name: string;
  expected: string;
  seen: string;
  passed: boolean;
}

const MARK = 'truth ';

/** A row as a line of a test's diagnostics. */
export function toDiagnostic(row: Row): string {
  return MARK + JSON.stringify(row);
}

/** The row that a line of diagnostics tells of; undefined: it tells of something else. */
export function ofDiagnostic(message: string): Row | undefined {
  return message.startsWith(MARK) ? (JSON.parse(message.slice(MARK.length)) as Row) : undefined;
}

/** Lines for a person: a run that was judged as it should have been, in one line, another with both. */
export function truthTable(rows: Row[]): string[] {
  const width = Math.max(8, ...rows.map(row => row.name.length));
  const line = (name: string, verdict: string, what: string) => `${name.padEnd(width)}  ${verdict.padEnd(7)}  ${what}`;
  return [
    line('scenario', 'verdict', 'expected = seen'),
    ...rows.flatMap(({ name, expected, seen, passed }) =>
      passed
        ? [line(name, 'right', expected)]
        : [line(name, 'WRONG', `expected ${expected}`), line('', '', `seen     ${seen}`)],
    ),
  ];
}
