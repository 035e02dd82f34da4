import { spawn } from 'node:child_process';

export interface CommandOptions {
  /** Text for standard input. */
  input?: string;
  env?: Record<string, string>;
  cwd?: string;
  /** Default: one minute. */
  timeoutMs?: number;
  /** Called with each line of standard output and error as it comes. */
  onLine?: (line: string) => void;
}

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, without a shell. Never throws on a bad exit code, which it returns; a program that is missing has code 127, one out of time 124. */
export async function attempt(argv: string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [file = '', ...args] = argv;
  const { promise, resolve } = Promise.withResolvers<CommandResult>();
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...process.env, LC_ALL: 'C', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let timedOut = false;
  const timeoutMs = options.timeoutMs ?? 60_000;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    let rest = '';
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) options.onLine?.(line);
    });
  }
  // A program that ends without reading its input is judged by its exit code.
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  child.on('error', error => {
    clearTimeout(timer);
    resolve({ code: 127, stdout: '', stderr: error.message });
  });
  child.on('close', code => {
    clearTimeout(timer);
    if (timedOut)
      resolve({ code: 124, stdout: text.stdout, stderr: `${text.stderr}\nnot done after ${timeoutMs / 1000} s` });
    else resolve({ code: code ?? 1, ...text });
  });
  return await promise;
}

/**
 * Runs a program to its end and returns its standard output.
 * @throws Error with the command and the end of its error output when its exit code is not 0
 */
export async function run(argv: string[], options: CommandOptions = {}): Promise<string> {
  const result = await attempt(argv, options);
  if (result.code === 0) return result.stdout;
  const words = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-15).join('\n');
  throw new Error(`${argv.join(' ')}: exit code ${result.code}\n${words}`);
}
