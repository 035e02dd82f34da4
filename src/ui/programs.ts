import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { PlainText } from './plainText.ts';

/** How a program ended: `exitCode` undefined when a signal ended it. */
export interface Ended {
  exitCode: number | undefined;
  /** The end of what it printed. */
  output: string;
}

/** The end of the output that is kept to learn from why a program failed, in characters. */
const KEPT = 8000;
const UNTIL_KILLED_MS = 5000;

/** Whether a program could not be started because it is not there. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/**
 * Runs a program to its end and gives what it prints line by line, as plain text. There is no limit in time: a person
 * watches it and can end it.
 * @param o.argv the program and its arguments, as they are, without a shell
 * @param o.input what it reads on its standard input
 * @throws the system's error when it cannot be started (code ENOENT: it is not in PATH); the signal's reason when it aborts
 */
export async function runProgram(o: {
  argv: readonly string[];
  cwd?: string;
  input?: string;
  write: (line: string) => void;
  signal: AbortSignal;
}): Promise<Ended> {
  const [program = '', ...args] = o.argv;
  o.signal.throwIfAborted();
  const child = spawn(program, args, { cwd: o.cwd, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  // A program need not read all of its input, nor any.
  child.stdin.on('error', () => {});
  child.stdin.end(o.input ?? '');
  let output = '';
  const write = (line: string) => {
    output = `${output}${line}\n`.slice(-KEPT);
    o.write(line);
  };
  const texts = Promise.all([readLines(child.stdout, write), readLines(child.stderr, write)]);
  const kill = endsWith(child);
  o.signal.addEventListener('abort', kill, { once: true });
  try {
    const ended = Promise.withResolvers<number | null>();
    child.on('error', ended.reject);
    child.on('close', ended.resolve);
    const exitCode = await ended.promise;
    await texts;
    o.signal.throwIfAborted();
    return { exitCode: exitCode ?? undefined, output };
  } finally {
    o.signal.removeEventListener('abort', kill);
  }
}

/** @returns asks the program to end, and ends it when it has not done so in time */
function endsWith(child: ReturnType<typeof spawn>): () => void {
  return () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), UNTIL_KILLED_MS);
    child.once('close', () => clearTimeout(timer));
  };
}

async function readLines(stream: Readable, write: (line: string) => void): Promise<void> {
  const plain = new PlainText();
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) write(line);
  };
  for await (const chunk of stream) take(plain.push(decoder.write(chunk as Buffer)));
  take(plain.push(decoder.end()) + plain.end());
  if (rest !== '') write(rest);
}
