import { createHash } from 'node:crypto';
import { existsSync, type FSWatcher, readFileSync, realpathSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Ending } from './emitter.ts';

const SETTLE_MS = 300;

/**
 * Calls when what is in one of the files is another text than before, also when a file comes or goes, be its folder
 * there or not.
 */
export function watchFiles(files: readonly string[], onChange: () => void): Ending {
  let watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let known = digest(files);
  const unwatch = () => {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  const arm = () => {
    unwatch();
    const names = Map.groupBy(files.flatMap(placesOf), place => place.folder);
    for (const [folder, places] of names) {
      const isOurs = (name: string | null) =>
        name === null || name === basename(folder) || places.some(place => place.name === name);
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          if (isOurs(name)) timer ??= setTimeout(look, SETTLE_MS);
        });
        watcher.on('error', () => watcher.close());
        watchers.push(watcher);
      } catch {
        // A folder that may not be watched; the files are read again at the next refresh.
      }
    }
  };
  const look = () => {
    timer = undefined;
    arm();
    const now = digest(files);
    if (now === known) return;
    known = now;
    onChange();
  };
  arm();
  return {
    dispose() {
      clearTimeout(timer);
      unwatch();
    },
  };
}

// A folder is watched, not the file: kubectl and cloud tools replace the file, which ends a watch on it. A link is
// watched at both its ends, and for a folder that is not there yet the one that it will be made in.
function placesOf(file: string): { folder: string; name: string }[] {
  let at = file;
  while (!existsSync(dirname(at)) && dirname(at) !== at) at = dirname(at);
  const ends = existsSync(file) ? [file, realpathSync(file)] : [at];
  return ends.map(end => ({ folder: dirname(end), name: basename(end) }));
}

function digest(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    try {
      hash.update(readFileSync(file)).update('\0');
    } catch {
      // It is not there, or not to be read: as good as none.
      hash.update('\n');
    }
  }
  return hash.digest('base64');
}
