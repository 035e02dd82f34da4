import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect, parseArgs } from 'node:util';
import { labUp } from './lab/up.ts';

/**
 * Runs the tests: all of them, or those of the parts or files that are named. Ends with the line `N passed, N failed`.
 * Two at a time, the longest first; what takes the lab down and up again runs last and alone.
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
const real = [
  ...filesOf('e2e').toSorted(byLength),
  ...faults.filter(file => !takesLabDown(file)),
  ...filesOf('integration'),
];
const alone = faults.filter(takesLabDown);
if (unit.length + real.length + alone.length === 0) {
  console.error(`No such tests. Parts: ${PARTS.join(', ')}; any other word is a part of a file's name.`);
  process.exit(2);
}

if (real.length + alone.length > 0) await labUp(line => console.log(line));
const [longest, ...others] = real;
const jobs = [...(longest ? [[longest]] : []), ...(unit.length > 0 ? [unit] : []), ...others.map(file => [file])];
const worker = async () => {
  for (let job = jobs.shift(); job; job = jobs.shift()) await runFiles(job);
};
await Promise.all([worker(), worker()]);
for (const file of alone) await runFiles([file]);

for (const name of broken) console.log(`failed: ${name}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

// The walk takes as long as the others together.
function byLength(a: string, b: string): number {
  return Number(b.endsWith('walk.test.ts')) - Number(a.endsWith('walk.test.ts'));
}

async function runFiles(files: string[]): Promise<void> {
  const start = Date.now();
  const name = files.length === 1 ? files[0] : `${files.length} files of test/unit`;
  let own = 0;
  const stream = run({ files, cwd: root, concurrency: 2, timeout: 20 * 60_000 });
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
