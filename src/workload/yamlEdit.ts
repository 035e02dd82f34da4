import type { Cursor } from './yamlCursor.ts';
import type { MappingNode, Pair, ScalarNode, Span, YamlNode } from './yamlTree.ts';
import { isMergeKey, keyText } from './yamlValue.ts';

/** One replacement in a text. */
export interface TextEdit {
  span: Span;
  text: string;
}

/** The text after the edit. */
export function applied(text: string, edit: TextEdit): string {
  return text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
}

/**
 * The edit that gives a mapping's field a scalar, written where the field is written, or as a new field.
 * undefined when there is no mapping, or a collection in the field's place. What the edit does to the rest is for the
 * caller to check: behind an anchor it changes every place that uses the alias, and a block of text stays one.
 *
 * @param write the scalar's YAML, given the quote of the one it replaces ('' when there was none)
 * @param behind the fields that a new one goes behind, the last of those that are there; else it is the first
 */
export function fieldEdit(
  text: string,
  at: Cursor | undefined,
  field: string,
  write: (quote: string) => string,
  behind: readonly string[] = [],
): TextEdit | undefined {
  if (at?.node.kind !== 'mapping') return undefined;
  const own = at.node.pairs.find(pair => !isMergeKey(pair.key) && keyText(pair.key) === field);
  return own ? valueEdit(text, own, write) : additionTo(text, at.node, field, write(''), behind);
}

function valueEdit(text: string, { key, value }: Pair, write: (quote: string) => string): TextEdit | undefined {
  if (value.kind === 'alias') return { span: value.span, text: write('') };
  if (value.kind !== 'scalar' || key.kind !== 'scalar') return undefined;
  if (value.span === undefined) return fillIn(text, key, value, write(''));
  const span = { start: value.span.start - value.quote, end: value.span.end + value.quote };
  return { span, text: write(text.slice(span.start, value.span.start)) };
}

function fillIn(text: string, key: ScalarNode, value: ScalarNode, scalar: string): TextEdit {
  const keyEnd = (key.span?.end ?? 0) + key.quote;
  const colon = /^[ \t]*:/.exec(text.slice(keyEnd, keyEnd + 80))?.[0].length;
  if (value.propertiesEnd === undefined && colon === undefined) return insertion(keyEnd, `: ${scalar}`);
  return insertion(value.propertiesEnd ?? keyEnd + (colon ?? 0), ` ${scalar}`);
}

function additionTo(
  text: string,
  node: MappingNode,
  field: string,
  scalar: string,
  behind: readonly string[],
): TextEdit {
  // A merge key overrides what stands before it, so the field goes behind the last one.
  const merge = node.pairs.findLast(pair => isMergeKey(pair.key));
  if (merge) {
    const end = endOf(text, merge.value);
    if (node.flow) return insertion(end, `, ${field}: ${scalar}`);
    return lineBehind(text, node, end, `${field}: ${scalar}`);
  }
  const neighbour = node.pairs.findLast(({ key, value }) => behind.includes(keyText(key)) && isOneLine(value));
  if (neighbour && !node.flow) return lineBehind(text, node, endOf(text, neighbour.value), `${field}: ${scalar}`);
  if (!node.flow) {
    return insertion(node.start, `${field}: ${scalar}${lineBreakAfter(text, node.start)}${indentOf(text, node)}`);
  }
  const first = node.pairs[0]?.key;
  const name = first?.kind === 'scalar' && first.quote ? `"${field}"` : field;
  if (first === undefined) return insertion(node.start + 1, `${name}: ${scalar}`);
  const inside = node.start + 1 + (/\S/.exec(text.slice(node.start + 1))?.index ?? 0);
  return insertion(inside, `${name}: ${scalar}, `);
}

/** A new line behind the one in which something ends, as far in as the mapping's fields. */
function lineBehind(text: string, node: MappingNode, end: number, line: string): TextEdit {
  const lineEnd = end + (/[\r\n]/.exec(text.slice(end))?.index ?? text.length - end);
  return insertion(lineEnd, `${lineBreakAfter(text, node.start)}${indentOf(text, node)}${line}`);
}

function isOneLine(value: YamlNode): boolean {
  return value.kind === 'scalar' && value.span !== undefined && (value.plain || value.quote === 1);
}

function insertion(at: number, text: string): TextEdit {
  return { span: { start: at, end: at }, text };
}

/** How far in the mapping's fields stand. Only the first line may begin with something else than spaces, the `-` of a list. */
export function indentOf(text: string, node: MappingNode): string {
  return ' '.repeat(
    node.start - 1 - Math.max(text.lastIndexOf('\n', node.start - 1), text.lastIndexOf('\r', node.start - 1)),
  );
}

/** The line break behind the offset, else the text's first, else a line feed. */
export function lineBreakAfter(text: string, offset: number): string {
  const pattern = /\r\n|\n|\r/g;
  pattern.lastIndex = offset;
  return (pattern.exec(text) ?? /\r\n|\n|\r/.exec(text))?.[0] ?? '\n';
}

/** Where the text of the node ends, its quotes and brackets with it. */
export function endOf(text: string, node: YamlNode): number {
  if (node.kind === 'alias') return node.span.end;
  if (node.kind === 'scalar') return (node.span?.end ?? node.propertiesEnd ?? 0) + node.quote;
  const last = node.kind === 'sequence' ? node.items.at(-1) : node.pairs.at(-1)?.value;
  const inner = last ? endOf(text, last) : node.start + 1;
  const bracket = { '[': ']', '{': '}' }[text.charAt(node.start)];
  return bracket ? text.indexOf(bracket, inner) + 1 : inner;
}
