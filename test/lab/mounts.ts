import { readFileSync } from 'node:fs';
import { attempt } from './command.ts';
import { home, RUN } from './layout.ts';

/** Mount points below the lab's folders, innermost first. */
export function labMounts(): string[] {
  // Field 2; blanks and the like are written as octal escapes, see proc(5).
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map(line =>
      (line.split(' ')[1] ?? '').replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    );
  return points
    .filter(point => [RUN, home()].some(folder => point.startsWith(`${folder}/`)))
    .sort()
    .reverse();
}

/** Takes all of them away that lie below a folder, also those that a process still uses. */
export async function removeMounts(folder = '/'): Promise<void> {
  for (const point of labMounts()) if (point.startsWith(folder)) await attempt(['umount', '--lazy', point]);
}
