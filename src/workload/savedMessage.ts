import type { MessageFields } from './message.ts';

/** Bytes inside headers, which JSON does not have; names that begin with `$` get one more, so that no header is mistaken. */
const BYTES = '$base64';

/**
 * @returns one line of JSON that has all of a message: its body as text where it is UTF-8, else as base64, and its
 * properties
 */
export function formatSaved({ body, fields }: { body: Uint8Array; fields: MessageFields }): string {
  const text = textOf(body);
  const written = text === undefined ? { bodyBase64: toBase64(body) } : { body: text };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return JSON.stringify({
    ...written,
    ...Object.fromEntries(given.map(([name, value]) => [name, name === 'headers' ? toJson(value) : value])),
  });
}

/** @returns the message that a line has; undefined where it has none */
export function parseSaved(line: string): { body: string | Uint8Array; fields: MessageFields } | undefined {
  let saved: unknown;
  try {
    saved = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(saved)) return undefined;
  const { body: text, bodyBase64, ...rest } = saved;
  const body = bodyOf(text, bodyBase64);
  if (body === undefined) return undefined;
  const fields: MessageFields = {};
  for (const [name, value] of Object.entries(rest)) if (!setField(fields, name, value)) return undefined;
  return { body, fields };
}

function bodyOf(text: unknown, base64: unknown): string | Uint8Array | undefined {
  if (typeof text === 'string') return base64 === undefined && text.isWellFormed() ? text : undefined;
  return text === undefined && typeof base64 === 'string' ? fromBase64(base64) : undefined;
}

const TEXTS = [
  'contentType',
  'contentEncoding',
  'correlationId',
  'replyTo',
  'expiration',
  'messageId',
  'type',
  'appId',
] as const;
const NUMBERS = ['timestamp', 'priority'] as const;

/** False for what is no property of a message: a line of somebody else's JSON is no saved message. */
function setField(fields: MessageFields, name: string, value: unknown): boolean {
  const text = TEXTS.find(each => each === name);
  const number = NUMBERS.find(each => each === name);
  if (text && typeof value === 'string') fields[text] = value;
  else if (number && typeof value === 'number') fields[number] = value;
  else if (name === 'headers' && isRecord(value)) {
    fields.headers = Object.fromEntries(Object.entries(value).map(([key, each]) => [unescaped(key), fromJson(each)]));
  } else return false;
  return true;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [BYTES]: toBase64(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'bigint') return Number(value);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name.startsWith('$') ? `$${name}` : name, toJson(each)]),
  );
}

function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (!isRecord(value)) return value;
  const bytes = value[BYTES];
  if (typeof bytes === 'string') return fromBase64(bytes) ?? value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [unescaped(name), fromJson(each)]));
}

const unescaped = (name: string) => (name.startsWith('$$') ? name.slice(1) : name);

function textOf(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

function fromBase64(text: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0
    ? new Uint8Array(Buffer.from(text, 'base64'))
    : undefined;
}
