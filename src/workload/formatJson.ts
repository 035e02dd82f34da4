/** Deeper than a person reads; and what one byte of `[` may cost is limited by it. */
const MAX_DEPTH = 100;

/**
 * JSON with a line for each member, every token as it is written: JSON.stringify(JSON.parse(text)) would round large
 * numbers, drop a key that is there twice, and put numeric keys first.
 * @returns undefined when the text is no JSON, or too deep to be read
 */
export function formatJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  let out = '';
  let depth = 0;
  let isFirst = false;
  const newLine = () => `\n${'  '.repeat(depth)}`;
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    const isClosing = token === ']' || token === '}';
    if (isClosing) depth--;
    // An empty list stays together.
    if (isClosing !== isFirst) out += newLine();
    isFirst = token === '[' || token === '{';
    if (isFirst && ++depth > MAX_DEPTH) return undefined;
    out += token;
    if (token === ',') out += newLine();
    else if (token === ':') out += ' ';
  }
  return out;
}
