import { type MappingNode, type ScalarNode, StructureError, startOf, type YamlNode } from './yamlTree.ts';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** A few aliases can stand for billions of nodes; no manifest repeats itself this often. */
const MAX_ALIASED_NODES = 50_000;

/**
 * The node's value as kubectl sends it: YAML 1.1 read and turned into JSON by sigs.k8s.io/yaml.
 * Against YAML 1.1 itself: times and base-60 numbers stay text, `1e3` and `08` are numbers, and a merge key
 * overrides the keys written before it. Unlike kubectl, a key written twice is refused.
 * Throws StructureError.
 */
export function toJson(root: YamlNode): Json {
  const open = new Set<YamlNode>();
  let aliasDepth = 0;
  let aliasedNodes = 0;

  function convert(node: YamlNode): Json {
    if (node.kind === 'alias') return throughAlias(node.target, startOf(node), convert);
    if (aliasDepth > 0 && ++aliasedNodes > MAX_ALIASED_NODES) {
      throw new StructureError('too-many-aliases', startOf(node), String(MAX_ALIASED_NODES));
    }
    if (node.kind === 'scalar') return scalarValue(node);
    open.add(node);
    const value = node.kind === 'sequence' ? node.items.map(convert) : mapping(node);
    open.delete(node);
    return value;
  }

  function throughAlias<T>(target: YamlNode, at: number, use: (target: YamlNode) => T): T {
    if (open.has(target)) throw new StructureError('alias-of-itself', at);
    aliasDepth++;
    const result = use(target);
    aliasDepth--;
    return result;
  }

  function mapping(node: MappingNode): JsonObject {
    const object: JsonObject = {};
    const seen = new Set<string>();
    for (const { key, value } of node.pairs) {
      if (isMergeKey(key)) {
        merge(object, value);
        continue;
      }
      const name = keyText(key);
      if (seen.has(name)) throw new StructureError('key-twice', startOf(key), name);
      seen.add(name);
      put(object, name, convert(value));
    }
    return object;
  }

  function merge(object: JsonObject, source: YamlNode): void {
    if (source.kind === 'alias') throughAlias(source.target, startOf(source), target => merge(object, target));
    else if (source.kind === 'sequence') for (const each of source.items.toReversed()) merge(object, each);
    else if (source.kind === 'mapping')
      for (const [key, value] of Object.entries(mapping(source))) put(object, key, value);
    else throw new StructureError('merge-of-no-mapping', startOf(source));
  }

  return convert(root);
}

/** Is the key `<<`, written without quotes? */
export function isMergeKey(key: YamlNode): boolean {
  return key.kind === 'scalar' && key.plain && key.text === '<<' && key.tag === undefined;
}

/** The key as a JSON key. Throws StructureError when it cannot be one. */
export function keyText(key: YamlNode): string {
  const node = key.kind === 'alias' ? key.target : key;
  const value = node.kind === 'scalar' ? scalarValue(node) : null;
  if (value === null) throw new StructureError('key-no-text', startOf(key));
  return String(value);
}

/** Own property whatever the name: an assignment to `__proto__` would change the object's prototype. */
function put(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

const TYPED_TAGS = new Set(['!!int', '!!float', '!!bool', '!!null']);

function scalarValue(node: ScalarNode): Json {
  const { tag, text } = node;
  if (!text.isWellFormed()) throw new StructureError('half-character', startOf(node));
  if (tag === '!!binary') return decodeBinary(node);
  const typed = tag === undefined ? node.plain : TYPED_TAGS.has(tag);
  const value = typed ? resolvePlain(text) : text;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new StructureError('infinite', startOf(node));
  }
  return value;
}

function decodeBinary(node: ScalarNode): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(node.text), c => c.charCodeAt(0)));
  } catch {
    throw new StructureError('no-base64', startOf(node));
  }
}

const CONSTANTS = new Map<string, boolean | null | number>(
  [
    { value: null, texts: ['', '~', 'null', 'Null', 'NULL'] },
    { value: true, texts: ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'] },
    { value: false, texts: ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'] },
    { value: Number.POSITIVE_INFINITY, texts: ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'] },
    { value: Number.NEGATIVE_INFINITY, texts: ['-.inf', '-.Inf', '-.INF'] },
    { value: Number.NaN, texts: ['.nan', '.NaN', '.NAN'] },
  ].flatMap(({ value, texts }) => texts.map(text => [text, value] as const)),
);

const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** What an unquoted text stands for. */
export function resolvePlain(text: string): boolean | null | number | string {
  const constant = CONSTANTS.get(text);
  if (constant !== undefined) return constant;
  if (!/^[-+.0-9]/.test(text)) return text;
  const digits = text.replaceAll('_', '');
  if (INTEGER.test(digits)) {
    const negative = digits.startsWith('-');
    const magnitude = digits.replace(/^[-+]/, '');
    const value = Number(/^0[0-7]/.test(magnitude) ? `0o${magnitude.slice(1)}` : magnitude);
    // 64 bits at most: a longer one is read as a decimal fraction would be.
    if (value < 2 ** 64) return negative && value !== 0 ? -value : value;
  }
  const value = FLOAT.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(value) ? value + 0 : text;
}
