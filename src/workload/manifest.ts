export { completionsEdit, setCompletions, setImage } from './manifestEdit.ts';

/** A range of the text in UTF-16 offsets, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** A value and the text it comes from: for an alias or a merged key, the alias. */
export interface Located<T> {
  value: T;
  span: Span;
}

/** Something that keeps (a part of) the text from being read; line and column count from 1. */
export interface Problem {
  code: 'syntax' | 'structure';
  message: string;
  line: number;
  column: number;
}

/** A Job of the manifest that is a run: one of its containers has QUEUE or BROKER_URL in its environment. */
export interface JobInManifest {
  document: number;
  span: Span;
  name: string | undefined;
  namespace: string | undefined;
  queue: Located<string> | undefined;
  broker: Located<BrokerReference> | undefined;
  image: Located<string> | undefined;
  completions: Located<number> | undefined;
  parallelism: Located<number> | undefined;
  restartPolicy: string | undefined;
  backoffLimit: number | undefined;
  command: string[];
  body: Record<string, unknown>;
}

/** Where BROKER_URL comes from: written out, or a key of a Secret. */
export type BrokerReference = { url: string } | { secret: string; key: string };

/** A cheap test, without parsing: is the text worth a call of readManifest? */
export function looksLikeRun(text: string): boolean {
  return /\bkind\b["']?\s*:\s*["']?Job\b/.test(text) && /\b(?:QUEUE|BROKER_URL)\b/.test(text);
}

/** Reads the Jobs of a manifest that are runs; never throws. */
export function readManifest(_text: string): { jobs: JobInManifest[]; problems: Problem[] } {
  return { jobs: [], problems: [] };
}
