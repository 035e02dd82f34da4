import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { labUp } from './lab/up.ts';

/**
 * Runs the tests: all of them, or those of the parts that are named. Ends with the line `N passed, N failed`.
 * The parts go from the quickest to the one that takes the lab down and up again.
 */
const PARTS = ['unit', 'integration', 'e2e', 'faults'] as const;

const root = fileURLToPath(new URL('..', import.meta.url));
const { positionals, values } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string' } } });
const wanted = PARTS.filter(part => positionals.length === 0 || positionals.includes(part));
const named = positionals.filter(word => !PARTS.some(part => part === word));
if (wanted.length === 0 || (named.length > 0 && wanted.length !== 1)) {
  console.error(`Usage: npm test, or npm run test:${PARTS.join('|')} -- [--rounds N] [part of a file's name…]`);
  process.exit(2);
}
if (values.rounds !== undefined) process.env.ROUNDS = values.rounds;

let passed = 0;
let failed = 0;
const broken: string[] = [];

for (const part of wanted) {
  const files = globSync(`test/${part}/**/*.test.ts`, { cwd: root }).filter(
    file => named.length === 0 || named.some(word => file.includes(word)),
  );
  if (part !== 'unit') await labUp(line => console.log(line));
  console.log(`\n${part}: ${files.length} files`);
  await runFiles(files.sort(), part === 'unit');
}

for (const name of broken) console.log(`failed: ${name}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function runFiles(files: string[], together: boolean): Promise<void> {
  // Parts that share the lab and the two cores run one file after the other.
  const stream = run({ files, cwd: root, concurrency: together, timeout: 20 * 60_000 });
  stream.on('test:pass', event => {
    if (event.details.type !== 'suite' && event.skip === undefined && event.todo === undefined) passed++;
  });
  stream.on('test:fail', event => {
    if (event.details.type === 'suite') return;
    failed++;
    broken.push(`${event.file ? relative(root, event.file) : ''}: ${event.name}`);
  });
  for await (const text of stream.compose(new spec())) process.stdout.write(text);
}
