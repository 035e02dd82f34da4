import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import type { YamlFault } from './yamlFault.ts';

/** A range of the text in UTF-16 offsets, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

export interface ScalarNode {
  kind: 'scalar';
  text: string;
  plain: boolean;
  /** 0, or 1 for the quote on each side of the span. */
  quote: 0 | 1;
  tag: string | undefined;
  /** The value without its quotes; undefined when nothing is written. */
  span: Span | undefined;
  /** Where the node's tag or anchor ends, when it has one. */
  propertiesEnd: number | undefined;
}

export interface MappingNode {
  kind: 'mapping';
  pairs: Pair[];
  /** Offset of the first key, or of the brace. */
  start: number;
  flow: boolean;
}

export interface Pair {
  key: YamlNode;
  value: YamlNode;
}

export interface SequenceNode {
  kind: 'sequence';
  items: YamlNode[];
  start: number;
}

export interface AliasNode {
  kind: 'alias';
  target: YamlNode;
  /** The alias with its asterisk. */
  span: Span;
}

export type YamlNode = ScalarNode | MappingNode | SequenceNode | AliasNode;

/**
 * The text is YAML, but says nothing that could be sent to a cluster: its message is a YamlFault.
 * offset: where, in UTF-16 units; about: the name or number that it is about.
 */
export class StructureError extends Error {
  readonly offset: number;
  readonly about: string;

  constructor(fault: YamlFault, offset: number, about = '') {
    super(fault);
    this.offset = offset;
    this.about = about;
  }
}

/** Where the node begins. */
export function startOf(node: YamlNode): number {
  if (node.kind === 'scalar') return node.span?.start ?? node.propertiesEnd ?? 0;
  return node.kind === 'alias' ? node.span.start : node.start;
}

/** The events of one document, from the one after its DOCUMENT on, made into a tree with positions. */
export class TreeBuilder {
  readonly #events: Event[];
  readonly #source: string;
  readonly #base: number;
  readonly #anchors = new Map<string, YamlNode>();
  #next: number;

  /** @param base offset of `source`, which the events speak of, in the whole text */
  constructor(events: Event[], first: number, source: string, base: number) {
    this.#events = events;
    this.#next = first;
    this.#source = source;
    this.#base = base;
  }

  /** Builds the next node. Throws StructureError for an alias of an unknown anchor. */
  build(): YamlNode {
    const event = this.#events[this.#next++];
    if (event?.type === EVENT_ID.SCALAR) return this.#anchored(event, this.#scalar(event));
    if (event?.type === EVENT_ID.SEQUENCE) {
      const node: SequenceNode = { kind: 'sequence', items: [], start: this.#base + event.start };
      // Known by its name before it is full: an alias inside may name it.
      this.#anchored(event, node);
      while (!this.#closed()) node.items.push(this.build());
      return node;
    }
    if (event?.type === EVENT_ID.MAPPING) {
      const flow = event.style === COLLECTION_STYLE.FLOW;
      const node: MappingNode = { kind: 'mapping', pairs: [], start: this.#base + event.start, flow };
      this.#anchored(event, node);
      while (!this.#closed()) node.pairs.push({ key: this.build(), value: this.build() });
      return node;
    }
    if (event?.type === EVENT_ID.ALIAS) {
      const name = this.#source.slice(event.anchorStart, event.anchorEnd);
      const span = this.#span(event.anchorStart - 1, event.anchorEnd);
      const target = this.#anchors.get(name);
      if (target === undefined) throw new StructureError('no-anchor', span.start, name);
      return { kind: 'alias', target, span };
    }
    throw new StructureError('no-content', this.#base);
  }

  #scalar(event: ScalarEvent): ScalarNode {
    const propertiesEnd = Math.max(event.tagEnd, event.anchorEnd);
    return {
      kind: 'scalar',
      text: getScalarValue(this.#source, event),
      plain: event.style === SCALAR_STYLE.PLAIN,
      quote: event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0,
      tag: event.tagStart < 0 ? undefined : this.#source.slice(event.tagStart, event.tagEnd),
      span: event.valueStart < 0 ? undefined : this.#span(event.valueStart, event.valueEnd),
      propertiesEnd: propertiesEnd < 0 ? undefined : this.#base + propertiesEnd,
    };
  }

  #anchored<T extends YamlNode>(event: { anchorStart: number; anchorEnd: number }, node: T): T {
    if (event.anchorStart >= 0) this.#anchors.set(this.#source.slice(event.anchorStart, event.anchorEnd), node);
    return node;
  }

  #closed(): boolean {
    if (this.#events[this.#next]?.type !== EVENT_ID.POP) return false;
    this.#next++;
    return true;
  }

  #span(start: number, end: number): Span {
    return { start: this.#base + start, end: this.#base + end };
  }
}
