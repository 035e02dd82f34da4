import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process as it was when we started it: a pid alone may have been given to another since. */
export interface KnownProcess {
  pid: number;
  /** Boot id and start time (clock ticks since boot). */
  started: string;
}

/** When a process began, as text that no other process of this or another boot shares with the same pid; undefined when it has ended (a zombie has). */
export function startedAt(pid: number): string | undefined {
  const stat = readStat(pid);
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${stat.startTicks}`;
}

export function isAlive(known: KnownProcess): boolean {
  return startedAt(known.pid) === known.started;
}

/** Sends SIGTERM, waits, sends SIGKILL after timeoutMs; returns when the process is gone. */
export async function endProcess(known: KnownProcess, timeoutMs: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isAlive(known)) return;
    signalProcess(known.pid, signal);
    for (const end = Date.now() + timeoutMs; isAlive(known) && Date.now() < end; ) await delay(50);
  }
}

/** Sends a signal; nothing happens when the process has ended meanwhile. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The pids of all living processes whose arguments satisfy a condition. */
export function findProcesses(matches: (argv: string[]) => boolean): number[] {
  const pids = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number);
  return pids.filter(pid => startedAt(pid) !== undefined && matches(argvOf(pid)));
}

function argvOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '').split('\0');
  } catch {
    return [];
  }
}

function readStat(pid: number): { state: string; startTicks: string } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name, in brackets, may itself hold blanks and brackets: count from its end (fields 3 and 22 of proc(5)).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
}
