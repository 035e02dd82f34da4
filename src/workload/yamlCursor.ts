import type { AliasNode, MappingNode, Pair, Span, YamlNode } from './yamlTree.ts';
import { isMergeKey, keyText } from './yamlValue.ts';

/**
 * A place in a document as kubectl reads it: through aliases and merge keys.
 * borrowed: the alias by which the walk left what is written at this place; its text stands for all behind it.
 */
export interface Cursor {
  node: Exclude<YamlNode, AliasNode>;
  borrowed: Span | undefined;
  /** The pair of this key, where it is written; undefined for an element or a root. */
  pair: Pair | undefined;
}

/** The cursor at a document's root. */
export function cursorAt(root: YamlNode): Cursor {
  return arriveAt(root, undefined, undefined);
}

/** The value of the key, or the element of that index; undefined when there is none. */
export function step(from: Cursor, to: string | number): Cursor | undefined {
  if (typeof to === 'number') {
    const item = from.node.kind === 'sequence' ? from.node.items[to] : undefined;
    return item && arriveAt(item, from.borrowed, undefined);
  }
  return from.node.kind === 'mapping' ? lookUp(from.node, to, from.borrowed) : undefined;
}

/** One step after the other. */
export function walk(from: Cursor | undefined, ...path: (string | number)[]): Cursor | undefined {
  return path.reduce((at: Cursor | undefined, to) => at && step(at, to), from);
}

/** The text that stands for the place: the value itself, or the alias that it comes through. */
export function spanAt(at: Cursor): Span {
  if (at.borrowed) return at.borrowed;
  if (at.node.kind === 'scalar' && at.node.span) return at.node.span;
  const start = at.node.kind === 'scalar' ? keyEnd(at.pair) : at.node.start;
  return { start, end: start };
}

function keyEnd(pair: Pair | undefined): number {
  return pair?.key.kind === 'scalar' ? (pair.key.span?.end ?? 0) + pair.key.quote : 0;
}

function lookUp(node: MappingNode, key: string, borrowed: Span | undefined): Cursor | undefined {
  // The last one wins: a merge key overrides what is written before it.
  for (const pair of node.pairs.toReversed()) {
    if (!isMergeKey(pair.key)) {
      if (keyText(pair.key) === key) return arriveAt(pair.value, borrowed, pair);
      continue;
    }
    const merged = lookUpInMerge(pair.value, key, borrowed);
    if (merged) return merged;
  }
  return undefined;
}

function lookUpInMerge(source: YamlNode, key: string, borrowed: Span | undefined): Cursor | undefined {
  if (source.kind === 'alias') return lookUpInMerge(source.target, key, borrowed ?? source.span);
  if (source.kind === 'mapping') return lookUp(source, key, borrowed);
  if (source.kind !== 'sequence') return undefined;
  for (const each of source.items) {
    const found = lookUpInMerge(each, key, borrowed);
    if (found) return found;
  }
  return undefined;
}

function arriveAt(node: YamlNode, borrowed: Span | undefined, pair: Pair | undefined): Cursor {
  if (node.kind === 'alias') return arriveAt(node.target, borrowed ?? node.span, pair);
  return { node, borrowed, pair };
}
