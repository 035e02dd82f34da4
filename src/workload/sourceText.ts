/** Half of a character pair stands for bytes that are no text, so that the lines that have them are left out. */
const NO_TEXT = '\udc80';
const FEED = 0x0a;

/**
 * Bytes that come in chunks, cut anywhere, as text: UTF-8, or UTF-16 where a byte order mark says so (what PowerShell's
 * `>` writes). The mark stays. Bytes that are no text become a lone surrogate instead of U+FFFD, which could not be
 * told from a character that the file has.
 *
 * @param chunks may be the same memory again and again: nothing is kept of a chunk when the next one is asked for
 */
export async function* textOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  let decode: Decoder | undefined;
  let head: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = decode ? chunk : joined(head, chunk);
    if (!decode && bytes.length < 2) {
      head = bytes.slice();
      continue;
    }
    decode ??= decoderOf(bytes);
    yield decode(bytes, false);
  }
  yield (decode ?? utf8())(decode ? new Uint8Array() : head, true);
}

type Decoder = (bytes: Uint8Array, last: boolean) => string;

function decoderOf([first, second]: Uint8Array): Decoder {
  if (first === 0xff && second === 0xfe) return utf16(true);
  if (first === 0xfe && second === 0xff) return utf16(false);
  return utf8();
}

function utf8(): Decoder {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest: Uint8Array = new Uint8Array();
  return (bytes, last) => {
    const all = joined(rest, bytes);
    const end = last ? all.length : all.length - unfinished(all);
    rest = all.slice(end);
    const whole = all.subarray(0, end);
    try {
      return strict.decode(whole);
    } catch {
      return piecewise(whole, strict);
    }
  };
}

/** Line by line, so that what is no text spoils no other line. */
function piecewise(bytes: Uint8Array, strict: InstanceType<typeof TextDecoder>): string {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(FEED, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    const line = bytes.subarray(start, end);
    try {
      text += strict.decode(line);
    } catch {
      text += lenient.decode(line).replaceAll('\ufffd', NO_TEXT);
    }
    start = end;
  }
  return text;
}

/** How many bytes at the end begin a character whose other bytes are still to come. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

function utf16(littleEndian: boolean): Decoder {
  let rest: Uint8Array = new Uint8Array();
  return (bytes, last) => {
    const all = joined(rest, bytes);
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    const units = new Uint16Array(all.length >> 1);
    for (let i = 0; i < units.length; i++) units[i] = view.getUint16(i * 2, littleEndian);
    rest = all.slice(units.length * 2);
    let text = '';
    // The arguments of one call have room on the stack for some ten thousand.
    for (let i = 0; i < units.length; i += 8192) text += String.fromCharCode(...units.subarray(i, i + 8192));
    return last && rest.length > 0 ? text + NO_TEXT : text;
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
