import { EVENT_ID, type Event, YAMLException } from 'js-yaml';
import type { YamlFault } from './yamlFault.ts';
import { parse, tabInIndentation } from './yamlParse.ts';
import { StructureError, TreeBuilder, type YamlNode } from './yamlTree.ts';
import { type Json, toJson } from './yamlValue.ts';

/** Something that keeps (a part of) the text from being read; line and column count from 1. */
export interface Problem {
  code: 'syntax' | 'structure';
  /** What is wrong: a YamlFault, or the parser's own words. */
  message: string;
  /** The name or number that it is about; empty where there is none. */
  about: string;
  line: number;
  column: number;
}

export interface YamlDocument {
  /** Place among the text's documents, those that cannot be read counted too. */
  index: number;
  root: YamlNode;
  value: Json;
}

/**
 * Beyond this a text is refused unread: reading costs up to half a second a MiB, and no single object
 * of more than 1.5 MiB fits into a cluster's store.
 */
const MAX_TEXT_LENGTH = 2 * 1024 * 1024;

/** A text with so many faults is not read to its end: each fault costs a scan of the text. */
const MAX_PROBLEMS = 50;

/** Reads the documents of a YAML text with the positions of their nodes. Never throws: what cannot be read is a problem. */
export function readYaml(text: string): { documents: YamlDocument[]; problems: Problem[] } {
  const documents: YamlDocument[] = [];
  if (text.length > MAX_TEXT_LENGTH) {
    return { documents, problems: [problemAt(text, 0, 'structure', 'too-long', String(MAX_TEXT_LENGTH))] };
  }
  const problems = linesThatKubectlRefuses(text);
  let index = 0;
  for (const part of partsThatParse(text)) {
    if (problems.length >= MAX_PROBLEMS) break;
    if ('error' in part) {
      problems.push(problemAt(text, part.error.offset, 'syntax', part.error.message));
      index++;
      continue;
    }
    for (const first of documentStarts(part.events)) {
      if (problems.length >= MAX_PROBLEMS) break;
      try {
        const root = new TreeBuilder(part.events, first, part.source, part.base).build();
        documents.push({ index, root, value: toJson(root) });
      } catch (error) {
        if (!(error instanceof StructureError)) throw error;
        problems.push(problemAt(text, error.offset, 'structure', error.message, error.about));
      }
      index++;
    }
  }
  return { documents, problems };
}

/** kubectl cuts a text at its `---` lines before it reads YAML, and takes less than YAML does. */
const REFUSED: [RegExp, YamlFault][] = [
  [/(?<=^---[ \t]*)(?![ \t#\r\n])./gm, 'text-after-dashes'],
  [/^\uFEFF?%(?:YAML|TAG)\b/gm, 'directive'],
  [/[\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]/g, 'control-character'],
  [/(?<!^)\uFEFF/g, 'byte-order-mark'],
];

function linesThatKubectlRefuses(text: string): Problem[] {
  return REFUSED.flatMap(([pattern, fault]) =>
    [...text.matchAll(pattern)].slice(0, MAX_PROBLEMS).map(({ index }) => problemAt(text, index, 'syntax', fault)),
  ).slice(0, MAX_PROBLEMS - 1);
}

/** A problem with the line and column of its offset. */
export function problemAt(text: string, offset: number, code: Problem['code'], message: string, about = ''): Problem {
  let line = 1;
  let lineStart = 0;
  for (const lineBreak of text.slice(0, offset).matchAll(/\r\n|\n|\r/g)) {
    line++;
    lineStart = lineBreak.index + lineBreak[0].length;
  }
  return { code, message, about, line, column: offset - lineStart + 1 };
}

type Part = { events: Event[]; source: string; base: number } | { error: { message: string; offset: number } };

/**
 * The whole text when it parses; otherwise each document by itself, cut at its `---` line as kubectl cuts,
 * so that an error in one does not hide the others.
 */
function partsThatParse(text: string): Iterable<Part> {
  const whole = parsePart(text, 0);
  if (!('error' in whole)) return [whole];
  const cuts = [0];
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) {
    const before = cuts.at(-1) ?? 0;
    // Comments and directives ahead of the line belong to the document that it begins.
    if (!/^\uFEFF?(?:[ \t]*(?:[%#].*)?(?:\r\n|\n|\r))*$/.test(text.slice(before, index))) cuts.push(index);
  }
  return cuts.length === 1 ? [whole] : eachPart(text, cuts);
}

function* eachPart(text: string, cuts: number[]): Generator<Part> {
  for (const [i, start] of cuts.entries()) yield parsePart(text.slice(start, cuts[i + 1]), start);
}

function parsePart(source: string, base: number): Part {
  try {
    const events = parse(source);
    const tab = tabInIndentation(source, events);
    if (tab !== undefined) return { error: { message: 'tab' satisfies YamlFault, offset: base + tab } };
    return { events, source, base };
  } catch (error) {
    const reason = error instanceof YAMLException ? error.reason : String(error);
    const position = error instanceof YAMLException ? (error.mark?.position ?? 0) : 0;
    return { error: { message: reason, offset: base + position } };
  }
}

/** For each document, the place of the first event of its content. */
function documentStarts(events: Event[]): number[] {
  return events.flatMap((event, i) => (event.type === EVENT_ID.DOCUMENT ? [i + 1] : []));
}
