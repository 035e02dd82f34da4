import { relative } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

export const root = fileURLToPath(new URL('..', import.meta.url));

const FILE_TIMEOUT_MS = 8 * 60_000;

/** One test that has run. */
export interface Ran {
  /** From the project's folder. */
  file: string;
  name: string;
  passed: boolean;
}

/** The tests that ran (none that is skipped), and their lines of diagnostics. */
export interface Results {
  ran: Ran[];
  diagnostics: string[];
}

/**
 * Runs test files, each in a process of its own, and prints what fails as it does so, then a line for all of them.
 * @param options.concurrency of the files, default 1
 * @param options.only run no test but those with one of these names
 */
export async function runFiles(
  files: string[],
  options: { name?: string; concurrency?: number; only?: string[] } = {},
): Promise<Results> {
  const start = Date.now();
  const results: Results = { ran: [], diagnostics: [] };
  const stream = run({
    files,
    cwd: root,
    concurrency: options.concurrency ?? 1,
    // Of a file: a test that fails may leave something open that keeps its process alive.
    timeout: FILE_TIMEOUT_MS * Number(process.env.ROUNDS ?? 1),
    ...(options.only
      ? { testNamePatterns: options.only.map(name => new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)) }
      : {}),
  });
  stream.on('test:stderr', ({ message }) => process.stderr.write(message));
  stream.on('test:diagnostic', ({ message }) => results.diagnostics.push(message));
  // A test that another file has registered for this one still belongs to this one.
  const fileOf = (file = '') => (files.length === 1 ? (files[0] ?? '') : relative(root, file));
  const note = (name: string, file: string | undefined, passed: boolean) =>
    results.ran.push({ file: fileOf(file), name, passed });
  stream.on('test:pass', ({ name, file, details, skip, todo }) => {
    if (details.type !== 'suite' && skip === undefined && todo === undefined) note(name, file, true);
  });
  stream.on('test:fail', ({ name, file, details }) => {
    if (details.type === 'suite') return;
    note(name, file, false);
    console.log(`✖ ${name}\n${inspect(details.error.cause ?? details.error)}`);
  });
  for await (const _ of stream);
  const passed = results.ran.filter(one => one.passed).length;
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(`${options.name ?? files.join(', ')}: ${passed} passed, ${seconds} s`);
  return results;
}
