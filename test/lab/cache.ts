import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The one folder for everything that outlives a checkout (binaries, images, the editor under test).
 * What lies below it is named by a digest of what it is made from, so that clones share it.
 */
export function cacheDir(): string {
  const base = process.env.XDG_CACHE_HOME;
  return path.join(
    base !== undefined && path.isAbsolute(base) ? base : path.join(homedir(), '.cache'),
    'kube-work-queue',
  );
}

/** A short digest (16 hex digits) of texts, in the order given. */
export function digest(...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    // The length keeps ('ab', 'c') apart from ('a', 'bc').
    hash.update(`${part.length}:`).update(part);
  }
  return hash.digest('hex').slice(0, 16);
}

/** A digest of the names and contents of every file below a folder, or of one file. */
export function digestOf(place: string): string {
  if (!statSync(place).isDirectory()) return digest(readFileSync(place));
  const names = readdirSync(place).sort();
  return digest(...names.flatMap(name => [name, digestOf(path.join(place, name))]));
}
