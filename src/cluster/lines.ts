/**
 * Splits a stream of bytes into lines of text without their newline; bytes after the last newline (a line cut off) are
 * dropped. Characters and lines may be spread over any number of pieces.
 * @param onPiece called for each piece of bytes: a sign of life
 */
export async function* wholeLines(bytes: AsyncIterable<Uint8Array>, onPiece: () => void): AsyncGenerator<string> {
  let begun: Uint8Array[] = [];
  for await (const piece of bytes) {
    onPiece();
    let from = 0;
    for (let at = piece.indexOf(0x0a); at !== -1; at = piece.indexOf(0x0a, from)) {
      begun.push(piece.subarray(from, at));
      yield Buffer.concat(begun).toString('utf8');
      begun = [];
      from = at + 1;
    }
    if (from < piece.length) begun.push(piece.subarray(from));
  }
}
