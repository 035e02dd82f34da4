import type { MessageCopy } from '../broker/index.ts';

/** Where a text is looked for in a message. */
export type FilterPlace = 'body' | 'headers';

/**
 * @param text upper and lower case are the same
 * @returns whether a message has the text in its body, or in its headers and properties: their names and their values
 */
export function messageFilter(place: FilterPlace, text: string): (message: MessageCopy) => boolean {
  const wanted = text.toLowerCase();
  const has = (value: string) => value.toLowerCase().includes(wanted);
  if (place === 'body') return ({ body }) => has(Buffer.from(body).toString());
  return ({ fields: { headers = {}, ...properties }, exchange, routingKey }) =>
    Object.entries({ ...properties, ...headers, exchange, routingKey }).some(
      ([name, value]) => value !== undefined && (has(name) || has(`${name}: ${valueText(value)}`)),
    );
}

/** A header's value in one line, as JSON where it is more than a text or number; bytes as text. */
export function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(value, (_name, inner: unknown) => {
    if (typeof inner === 'bigint') return String(inner);
    return isBufferJson(inner) ? Buffer.from(inner.data).toString() : inner;
  });
}

// JSON.stringify asks a Buffer for this before it asks the replacer.
const isBufferJson = (value: unknown): value is { data: number[] } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value;
