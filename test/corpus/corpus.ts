import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobInManifest } from '../../src/workload/manifest.ts';

/** A manifest of the corpus; its first line, or its name, says what it is there for. */
export interface CorpusFile {
  /** From the corpus's folder. */
  file: string;
  path: string;
  text: string;
}

/** The figures of a Job that matter here, as Kubernetes completes them. */
export interface JobFigures {
  name: string | null;
  queue: string | null;
  image: string | null;
  completions: number | null;
  parallelism: number;
}

/** What kubectl makes of a file. refused: it could not read (all of) it, or the server did not take (all of) it. */
export interface KubectlSays {
  jobs: JobFigures[];
  refused?: 'reading' | 'checking';
}

const folder = import.meta.dirname;

/** All manifests of the corpus, by name. */
export function corpus(): CorpusFile[] {
  return globSync('*/*.yaml', { cwd: folder })
    .sort()
    .map(file => ({ file, path: join(folder, file), text: readFileSync(join(folder, file), 'utf8') }));
}

/** What kubectl was found to make of each file; the integration test holds it against kubectl. */
export function recorded(): Record<string, KubectlSays> {
  const lines = readFileSync(join(folder, 'kubectl.jsonl'), 'utf8').trimEnd().split('\n');
  return Object.fromEntries(lines.map(line => JSON.parse(line) as [string, KubectlSays]));
}

/** The figures of a Job as it was read here. Kubernetes takes 1 where neither number is given. */
export function figuresOf(job: JobInManifest): JobFigures {
  return {
    name: job.name ?? null,
    // A variable without a value and one with an empty text are the same there.
    queue: job.queue?.value || null,
    image: job.image?.value ?? null,
    completions: job.completions?.value ?? (job.parallelism ? null : 1),
    parallelism: job.parallelism?.value ?? 1,
  };
}

/** Refused here though kubectl reads them: of a key written twice it silently takes the last. */
export const STRICTER = [
  'duplicates/completions.yaml',
  'duplicates/env-key.yaml',
  'duplicates/far-apart.yaml',
  'duplicates/in-other-document.yaml',
  'duplicates/label.yaml',
  'duplicates/quoted-and-plain.yaml',
  'line-ends/bom-in-the-middle.yaml',
];

/** Read here though kubectl refuses them, or, as a List in a List, passes them over: there is one way to understand them. */
export const WIDER = ['lists/nested.yaml', 'other-kinds/no-api-version.yaml'];
