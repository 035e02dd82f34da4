import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Report } from './progress.ts';

/** Machine-wide, as the lab is; outside its run folder, which `down` removes. */
const LOCK_FILE = '/run/kube-work-queue.lock';
const WAIT_S = 1800;

/**
 * Does something while no other up or down runs on this machine, waiting for the other to end.
 * The kernel holds the lock for a child that ends with us, even after SIGKILL, so that no stale lock can exist.
 * @throws Error when the other has not ended after half an hour
 */
export async function withLock<T>(report: Report, work: () => Promise<T>): Promise<T> {
  const free = await takeLock(0);
  if (free === undefined) report('waiting for another up or down on this machine to end');
  const release = free ?? (await takeLock(WAIT_S));
  if (release === undefined) throw new Error(`another up or down has held ${LOCK_FILE} for ${WAIT_S / 60} minutes`);
  try {
    return await work();
  } finally {
    release();
  }
}

async function takeLock(waitS: number): Promise<(() => void) | undefined> {
  // `cat` ends when its standard input closes: when we release the lock or die.
  const holder = spawn('flock', ['--wait', String(waitS), LOCK_FILE, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Ctrl-C in the terminal must not free the lock before we have ended.
    detached: true,
  });
  const held = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    once(holder, 'close').then(() => false),
  ]);
  if (!held) return undefined;
  return () => holder.stdin.end();
}
