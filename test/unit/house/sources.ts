import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The product's source files: path below src, text. */
export function sources(): { path: string; text: string }[] {
  return globSync('src/**/*.ts', { cwd: root }).map(path => ({
    path: path.slice('src/'.length),
    text: readFileSync(`${root}/${path}`, 'utf8'),
  }));
}

/** A JSON file of the project. */
export function json<T>(path: string): T {
  return JSON.parse(readFileSync(`${root}/${path}`, 'utf8'));
}
