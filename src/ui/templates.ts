import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of media/templates. */
export type TemplateName =
  | 'worker/worker.py'
  | 'worker/worker.mjs'
  | 'worker/worker.sh'
  | 'worker/take-item.sh'
  | 'worker/take-items.py'
  | 'worker/job.yaml'
  | 'worker/job-many-items.yaml'
  | 'rabbitmq.yaml';

/** Reads a template as it is shipped; `extension` is the extension's own folder. */
export function readTemplate(extension: string, name: TemplateName): Promise<string> {
  return readFile(join(extension, 'media/templates', name), 'utf8');
}

/**
 * Puts values in place of a template's `${NAME}`s. Texts stand inside double-quoted YAML, and the values are
 * escaped for that (whatever JSON escapes, YAML reads back), so that a queue named `12` or `a"b` stays a text.
 * Throws when a name has no value or a value no place: template and code have gone different ways.
 */
export function fillTemplate(text: string, values: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(values));
  const filled = text.replace(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The template asks for ${name}, which has no value.`);
    unused.delete(name);
    return JSON.stringify(value).slice(1, -1);
  });
  if (unused.size > 0) throw new Error(`The template has no place for ${[...unused].join(', ')}.`);
  return filled;
}
