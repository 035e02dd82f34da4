import { globSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { COVERED } from './faults/covered.ts';
import { faultTable, ofDiagnostic, type Round } from './faults/table.ts';
import { labUp } from './lab/up.ts';
import { packageExtension } from './package.ts';
import { type Ran, type Results, root, runFiles } from './runFiles.ts';
import { ofDiagnostic as rowOf, truthTable } from './truth/table.ts';

/**
 * Runs the tests: all of them, or those of the parts or files that are named. Ends with the line `N passed, N failed`.
 * Three at a time, for most of the time they wait; what takes the lab down and up again runs last and alone.
 */
const PARTS = ['unit', 'integration', 'e2e', 'faults', 'truth'] as const;
type Part = (typeof PARTS)[number];

const { positionals, values } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string' } } });
const parts = PARTS.filter(part => positionals.includes(part));
const words = positionals.filter(word => !PARTS.some(part => part === word));
if (values.rounds !== undefined) process.env.ROUNDS = values.rounds;
// The long ones are for those who ask for faults alone.
if (values.rounds !== undefined || words.length > 0 || parts.join() === 'faults') process.env.LONG_FAULTS = '1';
// All tests play only a telling few of the runs.
if (words.length > 0 || parts.join() === 'truth') process.env.ALL_RUNS = '1';

const named = (file: string) => words.length === 0 || words.some(word => file.includes(word));
const filesOf = (part: Part): string[] =>
  (parts.length === 0 || parts.includes(part) ? globSync(`test/${part}/**/*.test.ts`, { cwd: root }) : [])
    .filter(named)
    .sort();

const unit = filesOf('unit');
const editors = filesOf('e2e');
const faults = filesOf('faults');
const integration = filesOf('integration');
const truth = filesOf('truth');
const takesLabDown = (file: string) => file === 'test/faults/lab.test.ts';
const isWalk = (file: string) => file.endsWith('walk.test.ts');
// The faults that other parts' tests hold, when those parts do not run anyway.
const covered = COVERED.filter(one => faults.length > 0 && named(one.file));
const borrowed = [...new Set(covered.map(one => one.file))].filter(file => ![...unit, ...integration].includes(file));
const needsLab = [editors, faults, integration, truth].some(files => files.length > 0);
if (unit.length === 0 && !needsLab) {
  console.error(`No such tests. Parts: ${PARTS.join(', ')}; any other word is a part of a file's name.`);
  process.exit(2);
}

if (needsLab) await labUp(line => console.log(line));
if (editors.length > 0) process.env.WORK_QUEUE_VSIX = packageExtension();
const results: Results = { ran: [], diagnostics: [] };
const note = ({ ran, diagnostics }: Results) => {
  results.ran.push(...ran);
  results.diagnostics.push(...diagnostics);
};
const jobs = [
  ...(unit.length > 0 ? [() => runFiles(unit, { name: `${unit.length} files of test/unit`, concurrency: 2 })] : []),
  ...faults.filter(file => !takesLabDown(file)).map(file => () => runFiles([file])),
  ...borrowed.map(file => () => {
    const only = covered.filter(one => one.file === file).map(one => one.name);
    return runFiles([file], { only });
  }),
  ...integration.map(file => () => runFiles([file])),
  ...truth.map(file => () => runFiles([file])),
];
// Never more than two editors at once; the walk, which takes the longest, is the first.
const editorJobs = [...editors.filter(isWalk), ...editors.filter(file => !isWalk(file))].map(
  file => () => runFiles([file]),
);
const worker = async (...queues: (() => Promise<Results>)[][]) => {
  for (const queue of queues) for (let job = queue.shift(); job; job = queue.shift()) note(await job());
};
await Promise.all([worker(editorJobs, jobs), worker(editorJobs, jobs), worker(jobs)]);
const calm = await tryEditorsAgain();
for (const file of faults.filter(takesLabDown)) note(await runFiles([file]));

if (faults.length > 0) printFaults();
if (truth.length > 0) {
  const rows = results.diagnostics.map(rowOf).filter(row => row !== undefined);
  console.log(`\n${truthTable(rows).join('\n')}\n`);
}
const passed = results.ran.filter(one => one.passed);
const failed = results.ran.filter(one => !one.passed);
for (const name of calm) console.log(`calm only at the second try: ${name}`);
for (const one of failed) console.log(`failed: ${one.file}: ${one.name}`);
console.log(`${passed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 && passed.length > 0 ? 0 : 1);

/**
 * Runs the files once more, alone, in which an editor failed: a busy machine is no fault of the product. Returns the
 * names of the tests that then pass, for a person to see that they are not steady.
 */
async function tryEditorsAgain(): Promise<string[]> {
  const broken = results.ran.filter(one => !one.passed && editors.includes(one.file));
  const names: string[] = [];
  for (const file of new Set(broken.map(one => one.file))) {
    const again = (await runFiles([file], { name: `${file} again` })).ran;
    const before = results.ran.filter(one => one.file === file);
    const isSettled = (one: Ran) => before.some(other => other.passed && other.name === one.name);
    results.ran = [
      ...results.ran.filter(one => one.passed || one.file !== file),
      ...again.filter(one => !isSettled(one)),
    ];
    const stillBroken = again.filter(one => !one.passed).map(one => one.name);
    names.push(
      ...before.filter(one => !one.passed && !stillBroken.includes(one.name)).map(one => `${file}: ${one.name}`),
    );
  }
  return names;
}

function printFaults(): void {
  const rounds = results.diagnostics.map(ofDiagnostic).filter(round => round !== undefined);
  for (const { fault, file, name } of covered) {
    const ran = results.ran.find(one => one.file === file && one.name === name);
    // A test that was renamed must not take its fault out of the table unseen.
    if (!ran) results.ran.push({ file, name: `${name} (named in covered.ts, and not there)`, passed: false });
    rounds.push({ fault, name, account: { lost: 0, doubled: 0, unexplained: ran?.passed ? 0 : 1 } } satisfies Round);
  }
  console.log(`\n${faultTable(rounds).join('\n')}\n`);
}
