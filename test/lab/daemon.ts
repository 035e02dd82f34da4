import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digest } from './cache.ts';
import { inHome, inLab, RUN } from './layout.ts';
import { endProcess, findProcesses, isAlive, type KnownProcess, startedAt } from './process.ts';

/** A program of the lab that runs in the background, with the files it reads. */
export interface Daemon {
  name: string;
  argv: string[];
  /** Path -> contents; written before the start. A change of argv or of a file starts the daemon anew. */
  files?: Record<string, string>;
  /** Paths of files that it reads and others write (certificates): a change starts it anew too. */
  reads?: string[];
}

interface PidFile extends KnownProcess {
  digest: string;
}

const PIDS = path.join(RUN, 'pids');
const DEBIAN_DAEMONS = ['/usr/bin/docker-registry', '/usr/bin/containerd', '/usr/sbin/dockerd'];
const LOG_LIMIT_BYTES = 32 * 1024 * 1024;
/** Long enough to end in order; the API server would wait a minute for the watches that its clients have open. */
const STOP_TIMEOUT_MS = 5_000;

/** The process that was started under this name, alive or not. */
export function readPid(name: string): KnownProcess | undefined {
  return readPidFile(name);
}

/** Whether the process that was started under this name still lives. */
export function daemonAlive(name: string): boolean {
  const known = readPidFile(name);
  return known !== undefined && isAlive(known);
}

/**
 * Makes sure that a daemon runs as described: left alone when it does, started (anew) when it does not.
 * Returns whether it was started. Says nothing of its being ready.
 */
export async function ensureDaemon(daemon: Daemon): Promise<boolean> {
  const files = Object.entries(daemon.files ?? {});
  const read = (daemon.reads ?? []).map(file => readFileSync(file, 'utf8'));
  const wanted = digest(...daemon.argv, ...files.flat(), ...read);
  const known = readPidFile(daemon.name);
  if (known !== undefined && isAlive(known)) {
    if (known.digest === wanted) return false;
    await endProcess(known, STOP_TIMEOUT_MS);
  }
  // A run that was killed between starting it and noting its pid.
  for (const pid of findProcesses(argv => argv.join('\0') === daemon.argv.join('\0'))) await endPid(pid);
  for (const [file, text] of files) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
  }
  const pid = startDetached(daemon);
  const started = startedAt(pid);
  if (started === undefined) throw new Error(`${daemon.name} ended at once\n${logTail(daemon.name)}`);
  mkdirSync(PIDS, { recursive: true });
  writeFileSync(pidPath(daemon.name), JSON.stringify({ pid, started, digest: wanted } satisfies PidFile));
  return true;
}

/** Throws, with the end of its log, when the daemon has ended. For waits on its being ready. */
export function assertAlive(name: string): void {
  if (!daemonAlive(name)) throw new Error(`${name} has ended; the end of its log:\n${logTail(name)}`);
}

/** Ends a daemon: SIGTERM, and SIGKILL after five seconds. Nothing happens when it does not run. */
export async function stopDaemon(name: string): Promise<void> {
  const known = readPidFile(name);
  if (known !== undefined) await endProcess(known, STOP_TIMEOUT_MS);
  rmSync(pidPath(name), { force: true });
}

/** Ends whatever else runs from the lab's programs or with its configuration: daemons without a pid file, forgotten port-forwards. */
export async function endStrays(): Promise<void> {
  await Promise.all(labProcesses().map(endPid));
}

/** The pids of all processes that run one of the lab's programs, or one of Debian's with the lab's configuration. */
export function labProcesses(): number[] {
  const [programs, configurations] = [`${inHome('bin')}/`, `${inLab('etc')}/`];
  return findProcesses(
    ([program = '', ...args]) =>
      program.startsWith(programs) ||
      (DEBIAN_DAEMONS.includes(program) && args.some(arg => arg.startsWith(configurations))),
  );
}

async function endPid(pid: number): Promise<void> {
  const started = startedAt(pid);
  if (started !== undefined) await endProcess({ pid, started }, STOP_TIMEOUT_MS);
}

function startDetached(daemon: Daemon): number {
  const log = logPath(daemon.name);
  mkdirSync(path.dirname(log), { recursive: true });
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const out = openSync(log, size > LOG_LIMIT_BYTES ? 'w' : 'a');
  const [file = '', ...args] = daemon.argv;
  // Its own session: no signal of our terminal reaches it.
  const child = spawn(file, args, { cwd: '/', detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  child.on('error', () => undefined);
  child.unref();
  if (child.pid === undefined) throw new Error(`${daemon.name}: ${file} cannot be started`);
  return child.pid;
}

function readPidFile(name: string): PidFile | undefined {
  try {
    return JSON.parse(readFileSync(pidPath(name), 'utf8')) as PidFile;
  } catch {
    // Missing, or cut short by a kill: the daemon counts as not running.
    return undefined;
  }
}

function pidPath(name: string): string {
  return path.join(PIDS, `${name}.json`);
}

/** The file with everything that a daemon printed. */
function logPath(name: string): string {
  return inLab('log', `${name}.log`);
}

function logTail(name: string): string {
  try {
    return readFileSync(logPath(name), 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  } catch {
    return '(no log)';
  }
}
