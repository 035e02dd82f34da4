import { COLLECTION_STYLE, EVENT_ID, type Event, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';

/** Nested collections; a Job's own fields need about 12. */
const MAX_DEPTH = 64;

/** Characters parsed anew, all in all, for the sake of lines that js-yaml alone refuses. */
const MAX_REPARSED = 4 * 1024 * 1024;

/**
 * The events of a YAML text. Wider than js-yaml in one point, as kubectl's reader is: within brackets a line may be
 * indented by less than its neighbours or by tabs, as in a list whose closing bracket stands below its key.
 * Throws YAMLException.
 */
export function parse(source: string): Event[] {
  let text = source;
  const joined: number[] = [];
  for (let left = MAX_REPARSED; ; left -= source.length) {
    try {
      const events = parseEvents(text, { maxDepth: MAX_DEPTH });
      if (joined.some(at => events.some(event => isWithin(event, at)))) parseEvents(source, { maxDepth: MAX_DEPTH });
      return events;
    } catch (error) {
      const at = error instanceof YAMLException ? error.mark?.position : undefined;
      if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation' || at === undefined)
        throw error;
      const blank = left > 0 ? blankBefore(text, at) : undefined;
      if (!blank) throw error;
      joined.push(blank.start);
      text = text.slice(0, blank.start) + ' '.repeat(blank.end - blank.start) + text.slice(blank.end);
    }
  }
}

/**
 * What is blanked, length for length, to satisfy js-yaml: the tabs before the place, else the line break before its line
 * with the comment that would swallow the line.
 */
function blankBefore(text: string, at: number): { start: number; end: number } | undefined {
  const before = text.slice(0, at);
  const gap = /[ \t]*$/.exec(before)?.index ?? at;
  if (before.slice(gap).includes('\t')) return { start: gap, end: at };
  const lineBreak = /(?:\r\n|\n|\r)$/.exec(before.slice(0, gap));
  if (!lineBreak) return undefined;
  const lineStart =
    Math.max(before.lastIndexOf('\n', lineBreak.index - 1), before.lastIndexOf('\r', lineBreak.index - 1)) + 1;
  const line = before
    .slice(lineStart, lineBreak.index)
    .replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, quoted => 'x'.repeat(quoted.length));
  const comment = /(?:^|[ \t])#.*$/.exec(line);
  return { start: comment ? lineStart + comment.index : lineBreak.index, end: gap };
}

/** A text over lines would be read with other spaces than it has. */
function isWithin(event: Event, at: number): boolean {
  return event.type === EVENT_ID.SCALAR && event.valueStart <= at && at < event.valueEnd;
}

/**
 * Where a line begins with a tab and has nothing more than a comment: js-yaml takes it for blank, kubectl's reader
 * refuses it, unless it is within brackets, quotes or a block of text.
 */
export function tabInIndentation(source: string, events: Event[]): number | undefined {
  for (const { index } of source.matchAll(/^\t[ \t]*(?=#|$)/gm)) {
    if (!isInText(events, index) && !isInBrackets(source, events, index)) return index;
  }
  return undefined;
}

function isInText(events: Event[], at: number): boolean {
  return events.some(
    event => event.type === EVENT_ID.SCALAR && event.style !== SCALAR_STYLE.PLAIN && isWithin(event, at),
  );
}

function isInBrackets(source: string, events: Event[], at: number): boolean {
  if (/^[\s,]*[\]}]/.test(source.slice(at, at + 1000))) return true;
  const open: boolean[] = [];
  for (const event of events) {
    const start = startOf(event);
    if (start !== undefined && start > at) return open.includes(true);
    if (event.type === EVENT_ID.POP) open.pop();
    else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      open.push(event.style === COLLECTION_STYLE.FLOW);
    } else if (event.type === EVENT_ID.DOCUMENT) open.push(false);
  }
  return false;
}

function startOf(event: Event): number | undefined {
  if (event.type === EVENT_ID.SCALAR) return event.valueStart < 0 ? undefined : event.valueStart;
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE ? event.start : undefined;
}
