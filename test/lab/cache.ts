import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for all that outlives a checkout; what lies below it is keyed by a hash of what it is made from. */
export function cacheDir(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kube-work-queue');
}
