import { formatJson } from './formatJson.ts';

/** A message's body as a document shows it. */
export interface BodyText {
  /** The editor's language id. */
  language: 'json' | 'xml' | 'yaml' | 'plaintext';
  text: string;
  /** It is no text: `text` is a hex dump. */
  binary: boolean;
  /** Bytes at the end that a hex dump leaves out. */
  left: number;
}

/** A dump has five characters for a byte; this is a long document already. */
const DUMP_BYTES = 64 * 2 ** 10;
/** Reading more would hold up the editor for longer than 50 ms. */
const READ_BYTES = 2 ** 18;

/**
 * What a body is, by its content alone, as a text. JSON is indented, its tokens are what they were; everything else is
 * shown as it is.
 */
export function bodyText(body: Uint8Array): BodyText {
  const text = decode(body);
  if (text === undefined) {
    const shown = body.subarray(0, DUMP_BYTES);
    return { language: 'plaintext', text: hexDump(shown), binary: true, left: body.length - shown.length };
  }
  const asIs = { text, binary: false, left: 0 };
  const trimmed = text.trim();
  if (/^[{[]/.test(trimmed) && /[}\]]$/.test(trimmed)) {
    // As long as it is, this is no proof, and only the colours depend on it.
    if (body.length > READ_BYTES) return { ...asIs, language: 'json' };
    const formatted = formatJson(trimmed);
    if (formatted !== undefined) return { ...asIs, language: 'json', text: formatted };
  }
  if (isXml(trimmed)) return { ...asIs, language: 'xml' };
  if (isYaml(trimmed)) return { ...asIs, language: 'yaml' };
  return { ...asIs, language: 'plaintext' };
}

/** Tab, line feed, form feed, carriage return and escape do occur in texts. */
const TEXT_CONTROLS = [0x09, 0x0a, 0x0c, 0x0d, 0x1b];

/** UTF-8 without the control characters that no text has. */
function decode(body: Uint8Array): string | undefined {
  // By index: of 16 MiB, an iterator takes a fifth of a second.
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] ?? 0;
    if (byte < 0x20 && !TEXT_CONTROLS.includes(byte)) return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function isXml(text: string): boolean {
  return text.endsWith('>') && /^<(\?xml\s|!DOCTYPE\s|!--|[\p{L}_][\p{L}\p{N}._:-]*(\s|\/?>))/iu.test(text);
}

/** Several lines, of which each that is not indented is a key, a list's item, a comment or a document's mark. */
function isYaml(text: string): boolean {
  const lines = text
    .slice(0, READ_BYTES)
    .split(/\r\n?|\n/)
    .filter(line => line.trim() !== '');
  if (lines.length < 2) return false;
  return lines.every(line => /^(\s|#|---(\s|$)|\.\.\.$|- |-$|[\w."'/-][\w ."'/-]*:(\s|$))/.test(line));
}

function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map(byte => byte.toString(16).padStart(2, '0')).join(' ');
    const plain = row.map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${plain}`);
  }
  return lines.join('\n');
}
