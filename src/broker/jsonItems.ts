/** Of one object: what is kept until its end comes. */
const MAX_OBJECT_BYTES = 2 ** 20;
const [QUOTE, BACKSLASH, OPEN, CLOSE, LIST, LIST_END, SPACE] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x20];

/**
 * The objects of a JSON array that arrives in pieces of UTF-8: after each piece those that it completes. An answer of
 * megabytes parsed in one go would stop everything else meanwhile.
 * @throws SyntaxError when it is no array of objects, or not all of one
 */
export async function* arrayItems(pieces: AsyncIterable<Buffer>): AsyncGenerator<unknown[]> {
  let rest = Buffer.alloc(0);
  let scanned = 0;
  let depth = 0;
  let inString = false;
  let ended = false;
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    // The objects that are whole now; a part of one follows.
    let [from, to] = [0, 0];
    let at = scanned;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (depth === 0 && byte !== LIST && byte !== undefined && byte > SPACE) throw new SyntaxError('it is no list');
      if (inString) {
        // What is escaped may be the first byte of the next piece.
        if (byte === BACKSLASH) at++;
        else if (byte === QUOTE) inString = false;
      } else if (byte === OPEN || byte === LIST) {
        depth++;
        if (depth === 1) from = at + 1;
      } else if (byte === CLOSE || byte === LIST_END) {
        depth--;
        if (depth === 1) to = at + 1;
        else if (depth === 0) ended = true;
      } else if (byte === QUOTE) inString = true;
    }
    to = Math.max(from, to);
    const text = bytes.toString('utf8', from, to).replace(/^\s*,/, '');
    rest = bytes.subarray(to);
    scanned = at - to;
    if (rest.length > MAX_OBJECT_BYTES) throw new SyntaxError(`an object of more than ${MAX_OBJECT_BYTES} bytes`);
    if (text !== '') yield JSON.parse(`[${text}]`) as unknown[];
  }
  if (!ended) throw new SyntaxError('it is not the whole of a list');
}
