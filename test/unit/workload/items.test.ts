import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ITEM_BYTES, parseItems } from '../../../src/workload/items.ts';
import { Random } from './random.ts';

const FRUITS = ['apple', 'banana', 'cherry', 'date', 'fig', 'grape', 'lemon', 'melon'];

const bodies = (text: string) => parseItems(text).items.map(item => item.body);

test('the eight fruits become eight items on lines 1 to 8', () => {
  assert.deepEqual(parseItems(`${FRUITS.join('\n')}\n`), {
    items: FRUITS.map((body, i) => ({ body, line: i + 1 })),
    skipped: [],
  });
});

const LINES: [string, string, string[]][] = [
  ['an empty text has no items', '', []],
  ['a text without a last line break keeps its last line', 'a\nb', ['a', 'b']],
  ['Windows line ends belong to no item', 'a\r\nb\r\n', ['a', 'b']],
  ['a lone carriage return ends a line, as in the editor', 'a\rb', ['a', 'b']],
  ['mixed line ends', 'a\r\nb\nc\rd', ['a', 'b', 'c', 'd']],
  ['a byte order mark is no part of the first item', '\uFEFFa\nb', ['a', 'b']],
  ['a byte order mark further on is the text of its item', 'a\n\uFEFFb', ['a', '\uFEFFb']],
  ['spaces and tabs around an item are its own', '  a\t\n', ['  a\t']],
  ['quotes, commas and backslashes are text', '"a,b"\\n\n', ['"a,b"\\n']],
  ['an emoji is whole', 'a😀b', ['a😀b']],
  ['the line separators of Unicode do not end a line', 'a\u2028b\u0085c', ['a\u2028b\u0085c']],
  ['a NUL is text', 'a\0b', ['a\0b']],
];
for (const [name, text, expected] of LINES) test(name, () => assert.deepEqual(bodies(text), expected));

const SKIPPED: [string, string, { line: number; reason: string }[]][] = [
  ['an empty line is left out and named', 'a\n\nb\n', [{ line: 2, reason: 'blank' }]],
  ['a line of spaces is blank', 'a\n \t \nb', [{ line: 2, reason: 'blank' }]],
  ['a line of a no-break space is blank', 'a\n\u00a0\nb', [{ line: 2, reason: 'blank' }]],
  ['the last line break makes no blank line', 'a\n', []],
  [
    'empty lines at the end are named, but for the last break',
    'a\n\n\n',
    [2, 3].map(line => ({ line, reason: 'blank' })),
  ],
  ['a text of one line break is one blank line', '\n', [{ line: 1, reason: 'blank' }]],
  ['half an emoji is left out', 'a\n\ud83d\nb', [{ line: 2, reason: 'invalid-unicode' }]],
  ['the other half too', 'a\n\ude00b', [{ line: 2, reason: 'invalid-unicode' }]],
];
for (const [name, text, expected] of SKIPPED) test(name, () => assert.deepEqual(parseItems(text).skipped, expected));

test('the numbers of a selection are the lines of the document', () => {
  const { items, skipped } = parseItems('a\n\nb', { firstLine: 41 });
  assert.deepEqual([items.map(item => item.line), skipped], [[41, 43], [{ line: 42, reason: 'blank' }]]);
});

const SIZES: [string, string, number, boolean][] = [
  ['a body of exactly the limit is taken', 'x'.repeat(10), 10, true],
  ['one byte more is not', 'x'.repeat(11), 10, false],
  ['the limit counts bytes, not letters', 'ü'.repeat(5), 10, true],
  ['six two-byte letters are too much for ten bytes', 'ü'.repeat(6), 10, false],
  ['an emoji counts four bytes', '😀😀', 8, true],
  ['an emoji does not fit into three bytes', '😀', 3, false],
];
for (const [name, text, maxBytes, taken] of SIZES) {
  test(name, () => {
    const { items, skipped } = parseItems(text, { maxBytes });
    assert.deepEqual(skipped, taken ? [] : [{ line: 1, reason: 'too-large' }]);
    assert.equal(items.length, taken ? 1 : 0);
  });
}

test("the limit is RabbitMQ's 16 MiB unless told", () => {
  const { items, skipped } = parseItems(`${'x'.repeat(MAX_ITEM_BYTES)}\n${'y'.repeat(MAX_ITEM_BYTES + 1)}\nz`);
  assert.deepEqual([items.map(item => item.line), skipped], [[1, 3], [{ line: 2, reason: 'too-large' }]]);
});

test('a hundred thousand lines are read with their numbers', () => {
  const { items } = parseItems(Array.from({ length: 100_000 }, (_, i) => `item ${i}`).join('\r\n'));
  assert.equal(items.length, 100_000);
  assert.deepEqual(items.at(-1), { body: 'item 99999', line: 100_000 });
});

test('whatever the text, each line is an item or skipped, once and in order, and no item is changed', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = new Random(seed);
    const lines = Array.from({ length: random.int(1, 12) }, () =>
      Array.from({ length: random.int(0, 6) }, () =>
        random.pick(['a', 'ü', '😀', ' ', '\t', '\ud83d', '\0', '#']),
      ).join(''),
    );
    const text = lines.join(random.pick(['\n', '\r\n', '\r']));
    const { items, skipped } = parseItems(text, { maxBytes: 9 });
    const shown = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
    const numbers = [...items, ...skipped].map(each => each.line).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      shown.map((_, i) => i + 1),
      `seed ${seed}`,
    );
    for (const item of items) assert.equal(item.body, shown[item.line - 1], `seed ${seed}`);
  }
});
