import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../../../src/workload/sourceText.ts';
import { Random } from './random.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (...values: (number | string)[]) =>
  Uint8Array.from(values.flatMap(value => (typeof value === 'number' ? [value] : [...utf8(value)])));

async function decoded(chunks: Iterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of textOf(chunks)) text += piece;
  return text;
}

const singly = (all: Uint8Array) => [...all].map(byte => Uint8Array.of(byte));

const CASES: [string, Uint8Array, string][] = [
  ['nothing', bytes(), ''],
  ['one letter', bytes('a'), 'a'],
  ['letters of one to four bytes', bytes('aü€😀'), 'aü€😀'],
  ['a byte order mark, which stays', bytes(0xef, 0xbb, 0xbf, 'a'), '\uFEFFa'],
  ['U+FFFD that the file has', bytes('a\ufffd'), 'a\ufffd'],
  ['a byte that is no text', bytes('a\nb', 0xff, 'c\nd'), 'a\nb\udc80c\nd'],
  ['a Latin-1 letter', bytes('caf', 0xe9, '\nü'), 'caf\udc80\nü'],
  ['a letter cut off at the end', bytes('a', 0xf0, 0x9f, 0x98), 'a\udc80'],
  ['a letter cut off in the middle', bytes('a', 0xe2, 0x82, '\nü'), 'a\udc80\nü'],
  ['UTF-16 as PowerShell writes it', bytes(0xff, 0xfe, 0x61, 0, 0x3d, 0xd8, 0x00, 0xde), '\uFEFFa😀'],
  ['UTF-16, the other byte first', bytes(0xfe, 0xff, 0, 0x61, 0xd8, 0x3d, 0xde, 0x00), '\uFEFFa😀'],
  ['UTF-16 with a byte too many', bytes(0xff, 0xfe, 0x61, 0, 0x62), '\uFEFFa\udc80'],
];
for (const [name, all, expected] of CASES) {
  test(name, async () => {
    assert.equal(await decoded([all]), expected);
    assert.equal((await decoded(singly(all))).replaceAll(/\udc80+/g, '\udc80'), expected, 'byte by byte');
  });
}

test('any text comes back, wherever its bytes are cut', async () => {
  for (let seed = 0; seed < 400; seed++) {
    const random = new Random(seed);
    const text = Array.from({ length: random.int(0, 30) }, () =>
      random.pick(['a', 'ü', '€', '😀', '\n', '\ufffd']),
    ).join('');
    const all = random.chance(0.5)
      ? utf8(text)
      : new Uint8Array([0xff, 0xfe, ...new Uint8Array(Buffer.from(text, 'utf16le'))]);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < all.length; ) {
      const length = random.int(0, 7);
      chunks.push(all.subarray(at, at + length));
      at += length;
    }
    const back = await decoded(chunks);
    assert.equal(back.replace(/^\uFEFF/, ''), text.replace(/^\uFEFF/, ''), `seed ${seed}`);
  }
});

test('whatever the bytes, a line that is text is not changed by those around it', async () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = new Random(seed);
    const lines = Array.from({ length: random.int(1, 8) }, () =>
      random.chance(0.4)
        ? Uint8Array.from({ length: random.int(1, 5) }, () => random.int(128, 255))
        : utf8(random.pick(['apple', 'ü€😀', 'x'])),
    );
    const all = bytes('.', ...lines.flatMap(line => ['\n', ...line]));
    const got = (await decoded(random.chance(0.5) ? [all] : singly(all))).split('\n').slice(1);
    for (const [i, line] of lines.entries()) {
      const text = (() => {
        try {
          return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
        } catch {
          return undefined;
        }
      })();
      if (text === undefined) assert.equal(got[i]?.isWellFormed(), false, `seed ${seed}`);
      else assert.equal(got[i], text, `seed ${seed}`);
    }
  }
});

test('pieces that all come in the same memory are read as if each had its own', async () => {
  const bytes = Buffer.from('äpfel\n€uro\n🍎\n');
  const memory = new Uint8Array(1);
  const pieces = function* () {
    for (const byte of bytes) {
      memory[0] = byte;
      yield memory;
    }
  };
  let text = '';
  for await (const piece of textOf(pieces())) text += piece;
  assert.equal(text, 'äpfel\n€uro\n🍎\n');
});
