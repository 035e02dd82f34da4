import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from '../../../src/ui/programs.ts';

const never = new AbortController().signal;
const node = (script: string, ...args: string[]) => [process.execPath, '-e', script, ...args];

test('a program reads its input and its arguments as they are, and its lines come plain', async () => {
  const lines: string[] = [];
  const script = `process.stdin.on('data', d => process.stdout.write('\\x1b[31m' + d + '|' + process.argv[1] + '\\nend'))`;
  const argv = node(script, '$(id) "x"; y');
  const ended = await runProgram({ argv, input: 'a\u202e;`b`', write: line => lines.push(line), signal: never });
  assert.deepEqual(lines, ['a;`b`|$(id) "x"; y', 'end']);
  assert.deepEqual(ended, { exitCode: 0, output: 'a;`b`|$(id) "x"; y\nend\n' });
});

test('a program that reads nothing is no failure, however long its input', async () => {
  const ended = await runProgram({
    argv: node('process.exit(3)'),
    input: 'x'.repeat(1_000_000),
    write: () => {},
    signal: never,
  });
  assert.equal(ended.exitCode, 3);
});

test('of a long output the end is kept', async () => {
  const argv = node(`for (let i = 0; i < 20000; i++) console.log('line ' + i)`);
  const { output } = await runProgram({ argv, write: () => {}, signal: never });
  assert.ok(output.endsWith('line 19998\nline 19999\n'));
  assert.ok(output.length <= 8000);
});

test('a program that is not there is known by its code', async () => {
  const missing = runProgram({ argv: ['no-such-program-here'], write: () => {}, signal: never });
  await assert.rejects(missing, { code: 'ENOENT' });
});

test('a program ends when it is aborted', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const running = runProgram({
    argv: node(`console.log('up'); setInterval(() => {}, 1000)`),
    write: () => abort.abort(reason),
    signal: abort.signal,
  });
  await assert.rejects(running, reason);
});
