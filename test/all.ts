import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect, parseArgs } from 'node:util';
import { labUp } from './lab/up.ts';
import { packageExtension } from './package.ts';

/**
 * Runs the tests: all of them, or those of the parts or files that are named. Ends with the line `N passed, N failed`.
 * Three at a time, for most of the time they wait; what takes the lab down and up again runs last and alone.
 */
const PARTS = ['unit', 'integration', 'e2e', 'faults'] as const;
type Part = (typeof PARTS)[number];

const root = fileURLToPath(new URL('..', import.meta.url));
const { positionals, values } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string' } } });
const parts = PARTS.filter(part => positionals.includes(part));
const words = positionals.filter(word => !PARTS.some(part => part === word));
if (values.rounds !== undefined) process.env.ROUNDS = values.rounds;

const filesOf = (part: Part): string[] =>
  (parts.length === 0 || parts.includes(part) ? globSync(`test/${part}/**/*.test.ts`, { cwd: root }) : [])
    .filter(file => words.length === 0 || words.some(word => file.includes(word)))
    .sort();

let passed = 0;
let failed = 0;
const broken: string[] = [];

const unit = filesOf('unit');
const faults = filesOf('faults');
const takesLabDown = (file: string) => file === 'test/faults/lab.test.ts';
const alone = faults.filter(takesLabDown);
const needsLab = (['integration', 'e2e', 'faults'] as const).some(part => filesOf(part).length > 0);
if (unit.length === 0 && !needsLab) {
  console.error(`No such tests. Parts: ${PARTS.join(', ')}; any other word is a part of a file's name.`);
  process.exit(2);
}

if (needsLab) await labUp(line => console.log(line));
// Never more than two editors at once: the walk, which takes the longest, and one for the others in turn.
const editors = filesOf('e2e');
if (editors.length > 0) process.env.WORK_QUEUE_VSIX = packageExtension();
const jobs = [
  editors.filter(isWalk),
  editors.filter(file => !isWalk(file)),
  unit,
  ...[...faults.filter(file => !takesLabDown(file)), ...filesOf('integration')].map(file => [file]),
].filter(files => files.length > 0);
const worker = async () => {
  for (let job = jobs.shift(); job; job = jobs.shift()) await runFiles(job);
};
await Promise.all([worker(), worker(), worker()]);
for (const file of alone) await runFiles([file]);

for (const name of broken) console.log(`failed: ${name}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function isWalk(file: string): boolean {
  return file.endsWith('walk.test.ts');
}

async function runFiles(files: string[]): Promise<void> {
  const start = Date.now();
  const [first = ''] = files;
  const isUnit = first.startsWith('test/unit/');
  const name = isUnit ? `${files.length} files of test/unit` : files.join(', ');
  let own = 0;
  const stream = run({ files, cwd: root, concurrency: isUnit ? 2 : 1, timeout: 20 * 60_000 });
  stream.on('test:stderr', ({ message }) => process.stderr.write(message));
  stream.on('test:pass', ({ details, skip, todo }) => {
    if (details.type === 'suite' || skip !== undefined || todo !== undefined) return;
    own++;
    passed++;
  });
  stream.on('test:fail', ({ name, file, details }) => {
    if (details.type === 'suite') return;
    failed++;
    broken.push(`${file ? relative(root, file) : ''}: ${name}`);
    console.log(`✖ ${name}\n${inspect(details.error.cause ?? details.error)}`);
  });
  for await (const _ of stream);
  console.log(`${name}: ${own} passed, ${((Date.now() - start) / 1000).toFixed(0)} s`);
}
