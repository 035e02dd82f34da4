import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a local socket can listen that this user alone may reach; `remove` once nothing listens there any more. */
export interface SocketPlace {
  path: string;
  remove(): Promise<void>;
}

/**
 * Makes a place for a local socket: in a folder of mode 700, which is what keeps other users out on Linux and macOS; a
 * name that cannot be guessed on Windows.
 * @throws Error of the file system
 */
export async function makeSocketPlace(): Promise<SocketPlace> {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\kube-work-queue-${randomBytes(16).toString('hex')}`, remove: async () => {} };
  }
  await removeForsaken();
  // A socket's path may have no more than 103 bytes (macOS), and its temporary folder alone takes half of them.
  const folder = await mkdtemp(join(tmpdir(), `kwq-${process.pid}-`));
  return { path: join(folder, 's'), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Removes the places of programs that were killed before they could do it. */
async function removeForsaken(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const pid = /^kwq-(\d+)-\w{6}$/.exec(name)?.[1];
    // Another user's folder stays: the system does not let us.
    if (pid && !isAlive(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
