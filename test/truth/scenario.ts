import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { openStage, type Said, type Stage } from './stage.ts';
import { type Row, toDiagnostic } from './table.ts';

/**
 * What is to be said of a run, and nothing else; with a ? at its end it may be said, for it depends on how fast the run
 * is. Without an end the run is one that does not end by itself.
 */
export interface Expected {
  before?: string[];
  during?: string[];
  end?: string[];
}

/** A real run, and what the extension is to say of it. */
export interface Scenario {
  name: string;
  /** One of the few that are played with all tests. */
  telling?: true;
  /** Starts a broker of the scenario's own; its URL. */
  broker?: (t: TestContext) => Promise<string>;
  queue?: { arguments?: object } | 'none';
  play: (stage: Stage, t: TestContext) => Promise<void>;
  expected: Expected;
  /** Of the run `other`. */
  expectedOfOther?: Expected;
}

const ALL = process.env.ALL_RUNS === '1';
/** Milliseconds in which nothing else may be said, once all is that should be: a second sample has then come. */
const QUIET = 7000;

/** Plays the scenarios of a file, three at a time: most of the time they wait. */
export function scenarios(title: string, all: Scenario[]): void {
  describe(title, { concurrency: 3 }, () => {
    for (const scenario of all) {
      const skip = !ALL && !scenario.telling && 'only with the others of its kind';
      test(scenario.name, { skip, timeout: 240_000 }, t => played(scenario, t));
    }
  });
}

async function played(scenario: Scenario, t: TestContext): Promise<void> {
  const { name, expected, expectedOfOther } = scenario;
  const rows: Row[] = [];
  try {
    const broker = await scenario.broker?.(t);
    const stage = await openStage(t, { ...(broker && { broker }), ...(scenario.queue && { queue: scenario.queue }) });
    try {
      await scenario.play(stage, t);
      if (expected.end) await stage.settled();
      if (expectedOfOther?.end) await stage.settled('other');
      await stage.quiet(QUIET);
    } finally {
      rows.push(rowOf(name, expected, said(stage, 'run')));
      if (expectedOfOther) rows.push(rowOf(`${name}: the other run`, expectedOfOther, said(stage, 'other')));
      if (rows.some(row => !row.passed)) console.error(`${name}: ${stage.proofs()}`);
    }
  } catch (error) {
    if (rows.length === 0) rows.push(rowOf(name, expected, { before: [], during: ['did not start'], end: undefined }));
    for (const row of rows) t.diagnostic(toDiagnostic({ ...row, passed: false }));
    throw error;
  }
  for (const row of rows) t.diagnostic(toDiagnostic(row));
  for (const row of rows) if (!row.passed) assert.equal(row.seen, row.expected, row.name);
}

function said(stage: Stage, name: string): Said {
  try {
    return stage.said(name);
  } catch {
    return { before: [], during: ['was not run'], end: undefined };
  }
}

function rowOf(name: string, { before = [], during = [], end }: Expected, seen: Said): Row {
  const wanted = { before, during, end };
  const [expected, was] = [told(wanted), told(seen)];
  const isRight =
    fits(before, seen.before) &&
    fits(during, seen.during) &&
    (end === undefined) === (seen.end === undefined) &&
    fits(end ?? [], seen.end ?? []);
  return { name, expected, seen: was, passed: isRight };
}

function fits(wanted: string[], seen: string[]): boolean {
  const must = wanted.filter(key => !key.endsWith('?'));
  return must.every(key => seen.includes(key)) && seen.every(key => must.includes(key) || wanted.includes(`${key}?`));
}

const told = ({ before, during, end }: Said) =>
  [stage('before', before), stage('during', during), end ? stage('end', end) : 'goes on'].join(' | ');

const stage = (name: string, keys: string[]) => `${name}: ${[...keys].sort().join(', ') || '-'}`;
