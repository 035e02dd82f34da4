import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemFormat } from '../../../src/workload/formats.ts';
import { MAX_ITEM_BYTES, parseItems } from '../../../src/workload/items.ts';
import { account, cut, read } from './chunks.ts';
import { Random } from './random.ts';

const LINES: ItemFormat = { kind: 'lines' };
const JSON_ARRAY: ItemFormat = { kind: 'json' };
const csv = (column: string | number, more: { header?: boolean; separator?: string } = {}): ItemFormat => ({
  kind: 'csv',
  column,
  header: typeof column === 'string',
  ...more,
});

type Case = [name: string, text: string, expected: unknown[]];
const all = (format: ItemFormat, cases: Case[]) => {
  for (const [name, text, expected] of cases) {
    test(name, async () => {
      assert.deepEqual(await account(text, format), expected);
      assert.deepEqual(await account([...text.split('')], format), expected, 'one character at a time');
    });
  }
};

all(LINES, [
  ['no text has no items', '', []],
  [
    'the last line needs no line break',
    'a\nb',
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  [
    'CRLF is one line break, wherever it is cut',
    'a\r\n\r\nb\r\n',
    [
      [1, 'a'],
      [2, { blank: true }],
      [3, 'b'],
    ],
  ],
  [
    'CR alone is one',
    'a\r\rb\r',
    [
      [1, 'a'],
      [2, { blank: true }],
      [3, 'b'],
    ],
  ],
  [
    'LF CR are two',
    'a\n\rb',
    [
      [1, 'a'],
      [2, { blank: true }],
      [3, 'b'],
    ],
  ],
  [
    'a byte order mark is no part of the first item',
    '\uFEFFa\n\uFEFFb',
    [
      [1, 'a'],
      [2, '\uFEFFb'],
    ],
  ],
  ['a text of a byte order mark only has no items', '\uFEFF', []],
  [
    'half an emoji is left out',
    'a\n\ud83d\n😀',
    [
      [1, 'a'],
      [2, { 'invalid-unicode': true }],
      [3, '😀'],
    ],
  ],
]);

all(JSON_ARRAY, [
  ['an empty array has no items', '[]', []],
  [
    'white space around everything is nothing',
    ' \t\r\n[ \n "a" , \n "b" ]\n ',
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  [
    'a string is its text',
    '["a b","ü","\\u00fc\\n\\"\\\\\\/\\t"]',
    [
      [1, 'a b'],
      [2, 'ü'],
      [3, 'ü\n"\\/\t'],
    ],
  ],
  [
    'a number keeps its digits',
    '[1.0,-0,1e+400,12345678901234567890]',
    [
      [1, '1.0'],
      [2, '-0'],
      [3, '1e+400'],
      [4, '12345678901234567890'],
    ],
  ],
  [
    'true, false and null are themselves',
    '[true,false,null]',
    [
      [1, 'true'],
      [2, 'false'],
      [3, 'null'],
    ],
  ],
  [
    'an object becomes one line, its strings as they are',
    '[{\n  "a" : [ 1 , 2 ],\n  "b" : "x  y\\u0041"\n}]',
    [[1, '{"a":[1,2],"b":"x  y\\u0041"}']],
  ],
  [
    'an empty object and array are items',
    '[{},[],[ ]]',
    [
      [1, '{}'],
      [2, '[]'],
      [3, '[]'],
    ],
  ],
  [
    'an empty string is left out',
    '["a",""," "]',
    [
      [1, 'a'],
      [2, { blank: true }],
      [3, { blank: true }],
    ],
  ],
  [
    'half an emoji in an escape is left out',
    '["\\ud83d","\\ud83d\\ude00"]',
    [
      [1, { 'invalid-unicode': true }],
      [2, '😀'],
    ],
  ],
  ['a byte order mark before it is nothing', '\uFEFF["a"]', [[1, 'a']]],
  ['a key may be anything', '[{"":1,"__proto__":2,"a\\"b":3}]', [[1, '{"":1,"__proto__":2,"a\\"b":3}']]],
  ['an object is no list', '{"a":1}', ['json-no-array at 1:1 {']],
  ['a text is no list', '\n  apple', ['json-no-array at 2:3 a']],
  ['an empty text is no list', '', ['json-unfinished at 1:1']],
  ['a missing comma is named by its place', '["a"\n "b"]', [[1, 'a'], 'json-syntax at 2:2 "']],
  ['a comma too many', '["a",]', [[1, 'a'], 'json-syntax at 1:6 ]']],
  ['a comma in an empty array', '[,]', ['json-syntax at 1:2 ,']],
  ['a comma too many in an object', '[{"a":1,}]', ['json-syntax at 1:9 }']],
  ['a key without quotes', '[{a:1}]', ['json-syntax at 1:3 a']],
  ['a key without a value', '[{"a"}]', ['json-syntax at 1:6 }']],
  ['single quotes', "['a']", ["json-syntax at 1:2 '"]],
  ['a line break inside a string', '["a\nb"]', ['json-syntax at 1:4 \n']],
  ['an unknown escape', '["\\x"]', ['json-syntax at 1:4 x']],
  ['a short hex escape', '["\\u12"]', ['json-syntax at 1:7 "']],
  ['a number with a leading zero', '[01]', [[1, '0'], 'json-syntax at 1:3 1']],
  ['a number that ends at its dot', '[1.]', ['json-syntax at 1:4 ]']],
  ['a minus alone', '[-]', ['json-syntax at 1:3 ]']],
  ['a plus sign', '[+1]', ['json-syntax at 1:2 +']],
  ['a word that is none', '[nul]', ['json-syntax at 1:5 ]']],
  ['NaN is no JSON', '[NaN]', ['json-syntax at 1:2 N']],
  ['a bracket of the other kind', '[{"a":1]]', ['json-syntax at 1:8 ]']],
  ['a comment', '["a", // b\n"c"]', [[1, 'a'], 'json-syntax at 1:7 /']],
  ['the end in the middle of the list', '["a",\n"b"', [[1, 'a'], [2, 'b'], 'json-unfinished at 2:4']],
  ['the end in the middle of a string', '["a', ['json-unfinished at 1:4']],
  ['something after the end', '["a"]\n["b"]', [[1, 'a'], 'json-after-end at 2:1 [']],
  ['columns after CRLF', '[\r\n"a" "b"]', [[1, 'a'], 'json-syntax at 2:5 "']],
  ['more depth than a list of items has', `[${'['.repeat(1001)}`, ['json-too-deep at 1:1002']],
]);

test('a JSON element names its line besides its number', async () => {
  const found = await read(['[\n"a", "b",\n"", {\n"c": 1}]'], JSON_ARRAY);
  assert.deepEqual(
    found.map(({ item, skipped, textLine }) => [(item ?? skipped)?.line, textLine]),
    [
      [1, 2],
      [2, 2],
      [3, 3],
      [4, 3],
    ],
  );
});

all(csv('name'), [
  [
    'a column by its name',
    'id,name\n1,apple\n2,fig\n',
    [
      [2, 'apple'],
      [3, 'fig'],
    ],
  ],
  [
    'a quoted field',
    'name\n"a,b"\n"c""d"\n',
    [
      [2, 'a,b'],
      [3, 'c"d'],
    ],
  ],
  [
    'a line break in a field; the next record knows its line',
    'name,x\r\n"a\r\nb",1\r\nc,2',
    [
      [2, 'a\r\nb'],
      [4, 'c'],
    ],
  ],
  ['a quoted header', '"id","name"\n1,a', [[2, 'a']]],
  ['a quote inside a field is text', 'name\na "b" c\n', [[2, 'a "b" c']]],
  ['spaces belong to the field', 'name\n  a \n', [[2, '  a ']]],
  [
    'an empty field, an empty line and an empty quoted field are blank',
    'name,x\n,1\n\n"",2\n',
    [2, 3, 4].map(line => [line, { blank: true }]),
  ],
  [
    'a short record has no such field',
    'x,name\n1\n2,b',
    [
      [2, { 'no-field': true }],
      [3, 'b'],
    ],
  ],
  ['a header without records', 'name\n', []],
  ['empty lines above the header', '\n\nname\na', [[4, 'a']]],
  ['a byte order mark is no part of the header', '\uFEFFname\na', [[2, 'a']]],
  ['a quoted field at the very end', 'name\n"a"', [[2, 'a']]],
  ['only quotes', 'name\n""""\n', [[2, '"']]],
  ['the first of two columns of one name', 'name,name\na,b', [[2, 'a']]],
  ['a quote that is never closed is named by where it opens', 'name\na\n"b\nc\n', [[2, 'a'], 'csv-open-quote at 3:1']],
  ['text after a closing quote', 'x,name\n1,"b"c\n', ['csv-after-quote at 2:6 c']],
  ['a missing column', 'id,title\n1,a', ['csv-no-column at 1:1 name']],
  ['a header that ends the text', 'id,title', ['csv-no-column at 1:1 name']],
]);

all(csv(2), [
  [
    'a column by its number',
    '1,a\n2,b',
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  [
    'a record of one field does not have the second',
    'a\n\nb,c',
    [
      [1, { 'no-field': true }],
      [2, { blank: true }],
      [3, 'c'],
    ],
  ],
  ['a separator at the end begins an empty field', 'a,\n', [[1, { blank: true }]]],
]);
all(csv(1, { header: true }), [['the header is no item', 'name\na', [[2, 'a']]]]);
all(csv('b', { separator: ';' }), [['semicolons', 'a;b\n1,5;x,y', [[2, 'x,y']]]]);
all(csv('b', { separator: '\t' }), [['tabs', 'a\tb\n1\tx y', [[2, 'x y']]]]);
all(csv(0), [['there is no column 0', 'a', ['csv-no-column at 1:1 0']]]);

all({ kind: 'messages' }, [
  [
    'a saved message is restored',
    '{"body":"a","type":"t"}\n{"body":""}\n',
    [
      [1, 'a'],
      [2, ''],
    ],
  ],
  ['bytes are restored', '{"bodyBase64":"//4="}', [[1, new Uint8Array([255, 254])]]],
  [
    'what is no message is left out',
    'apple\n{"body":1}\n\n[]\n{"body":"a"}',
    [
      [1, { 'not-a-message': true }],
      [2, { 'not-a-message': true }],
      [3, { blank: true }],
      [4, { 'not-a-message': true }],
      [5, 'a'],
    ],
  ],
]);

test('a saved message keeps its properties', async () => {
  const [found] = await read(['{"body":"a","headers":{"n":1},"priority":3}'], { kind: 'messages' });
  assert.deepEqual(found?.item, { body: 'a', line: 1, fields: { headers: { n: 1 }, priority: 3 } });
});

test('the lines of a selection with several cursors keep their numbers', async () => {
  const lines = [
    { from: 3, count: 2 },
    { from: 10, count: 1 },
    { from: 20, count: 2 },
  ];
  assert.deepEqual(await account('a\nb\nc\n\nd\n', LINES, { lines }), [
    [3, 'a'],
    [4, 'b'],
    [10, 'c'],
    [20, { blank: true }],
    [21, 'd'],
  ]);
  assert.deepEqual(await account('a\n"b', csv(1), { lines }), [[3, 'a'], 'csv-open-quote at 4:1']);
  assert.deepEqual(await account('[1,\n2 3]', JSON_ARRAY, { lines }), [[1, '1'], [2, '2'], 'json-syntax at 4:3 3']);
});

const LIMITS: [string, ItemFormat, string, unknown[]][] = [
  [
    'a line',
    LINES,
    `${'x'.repeat(10)}\n${'x'.repeat(11)}\n${'ü'.repeat(6)}\nb`,
    [
      [1, 'x'.repeat(10)],
      [2, { 'too-large': true }],
      [3, { 'too-large': true }],
      [4, 'b'],
    ],
  ],
  [
    'an element',
    JSON_ARRAY,
    `["${'x'.repeat(10)}","${'x'.repeat(11)}",[1,2,3,4,5],"b"]`,
    [
      [1, 'x'.repeat(10)],
      [2, { 'too-large': true }],
      [3, { 'too-large': true }],
      [4, 'b'],
    ],
  ],
  [
    'a field',
    csv(1),
    `${'x'.repeat(10)}\n"${'x'.repeat(11)}"\nb`,
    [
      [1, 'x'.repeat(10)],
      [2, { 'too-large': true }],
      [3, 'b'],
    ],
  ],
  [
    'a message',
    { kind: 'messages' },
    `{"body":"${'x'.repeat(10)}"}\n{"body":"${'x'.repeat(11)}"}\n{"body":"b"}`,
    [
      [1, 'x'.repeat(10)],
      [2, { 'too-large': true }],
      [3, 'b'],
    ],
  ],
];
for (const [what, format, text, expected] of LIMITS) {
  test(`${what} of exactly the limit is taken, a larger one left out, and the next one is whole`, async () => {
    assert.deepEqual(await account(text, format, { maxBytes: 10 }), expected);
    assert.deepEqual(await account([...text.split('')], format, { maxBytes: 10 }), expected);
  });
}

for (const [what, format, wrap] of [
  ['line', LINES, (text: string) => text],
  ['JSON string', JSON_ARRAY, (text: string) => `["${text}"]`],
  ['CSV field', csv(1), (text: string) => `"${text}"`],
] as const) {
  test(`a ${what} of 16 MiB is taken, one of a byte more is not`, async () => {
    const piece = 'x'.repeat(2 ** 20);
    const [whole] = await read(chunksOf(wrap('|'), '|', piece, 16), format);
    assert.equal(whole?.item?.body.length, MAX_ITEM_BYTES);
    const [large] = await read(chunksOf(wrap('|y'), '|', piece, 16), format);
    assert.deepEqual(large?.skipped, { line: 1, reason: 'too-large' });
  });
}

function* chunksOf(around: string, mark: string, piece: string, times: number): Generator<string> {
  const [before = '', after = ''] = around.split(mark);
  yield before;
  for (let i = 0; i < times; i++) yield piece;
  yield after;
}

const PIECES = [
  'a',
  'ü',
  '😀',
  ' ',
  '\n',
  '\r',
  '\r\n',
  '\ud83d',
  '\ude00',
  '"',
  '""',
  ',',
  ';',
  '[',
  ']',
  '{',
  '}',
  ':',
  '\\',
  '1',
  '-',
  '.',
  'e',
  'true',
  'null',
  '\uFEFF',
  '\0',
] as const;

for (const format of [LINES, JSON_ARRAY, csv('a'), csv(2), { kind: 'messages' } as const]) {
  test(`wherever a text of ${JSON.stringify(format)} is cut, it gives the same`, async () => {
    for (let seed = 0; seed < 400; seed++) {
      const random = new Random(seed);
      const text =
        (format.kind === 'json' ? '[' : '') +
        Array.from({ length: random.int(0, 30) }, () => random.pick(PIECES)).join('');
      const whole = await account(text, format, { maxBytes: 7 });
      assert.deepEqual(await account(cut(text, random), format, { maxBytes: 7 }), whole, `seed ${seed}`);
    }
  });
}

test('lines that are streamed are those of parseItems', async () => {
  for (let seed = 0; seed < 400; seed++) {
    const random = new Random(seed);
    const text = Array.from({ length: random.int(0, 30) }, () => random.pick(PIECES)).join('');
    const { items, skipped } = parseItems(text, { maxBytes: 7 });
    const streamed = await read(cut(text, random), LINES, { maxBytes: 7 });
    assert.deepEqual(
      streamed.flatMap(({ item }) => item ?? []),
      items,
      `seed ${seed}`,
    );
    assert.deepEqual(
      streamed.flatMap(one => one.skipped ?? []),
      skipped,
      `seed ${seed}`,
    );
  }
});

function randomValue(random: Random, depth: number): unknown {
  const kind = random.int(0, depth > 3 ? 4 : 6);
  if (kind <= 1)
    return Array.from({ length: random.int(1, 4) }, () =>
      random.pick(['a', 'ü', '😀', '"', '\\', '\n', ' ', '\u0001']),
    ).join('');
  if (kind === 2) return random.pick([0, -1, 1.5, 1e21, -2.5e-7, 123456789]);
  if (kind === 3) return random.pick([true, false, null]);
  if (kind === 4) return random.int(-1000, 1000);
  if (kind === 5) return Array.from({ length: random.int(0, 3) }, () => randomValue(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: random.int(0, 3) }, (_, i) => [`k${i}"`, randomValue(random, depth + 1)]),
  );
}

test('any JSON array gives its elements, as JSON.parse reads them', async () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = new Random(seed);
    const elements = Array.from({ length: random.int(0, 5) }, () => randomValue(random, 0));
    const text = JSON.stringify(
      elements,
      undefined,
      random.pick(['', '  ', '\t', '\r\n '].map(s => s) as [string, ...string[]]),
    );
    const found = await read(cut(text, random), JSON_ARRAY);
    const expected = elements.map((element, i) =>
      typeof element === 'string' && element.trim() === '' ? { line: i + 1, reason: 'blank' } : element,
    );
    const got = found.map(
      ({ item, skipped }, i) =>
        skipped ?? (typeof elements[i] === 'string' ? item?.body : JSON.parse(String(item?.body))),
    );
    assert.deepEqual(got, expected, `seed ${seed}`);
    for (const [i, { item }] of found.entries()) {
      if (item && typeof elements[i] !== 'string') assert.equal(item.body, JSON.stringify(elements[i]), 'on one line');
    }
  }
});

test('a damaged JSON array is refused exactly where JSON.parse refuses it', async () => {
  let refused = 0;
  for (let seed = 0; seed < 3000; seed++) {
    const random = new Random(seed);
    const whole = JSON.stringify(Array.from({ length: random.int(0, 3) }, () => randomValue(random, 1)));
    const at = random.int(0, whole.length);
    const text =
      whole.slice(0, at) +
      random.pick(['', '"', ',', '[', ']', '{', '}', '\\', '0', '-', 'e', '.', 'n', ' ', '\n']) +
      whole.slice(at + random.int(0, 1));
    const result = await account(cut(text, random), JSON_ARRAY);
    const isRefused = typeof result.at(-1) === 'string';
    assert.equal(isRefused, !isJsonArray(text), `seed ${seed}: ${text}`);
    if (isRefused) refused++;
  }
  assert.ok(refused > 500);
});

function isJsonArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

test('any table written as CSV gives its column back', async () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = new Random(seed);
    const separator = random.pick([',', ';', '\t']);
    const field = () =>
      Array.from({ length: random.int(0, 4) }, () =>
        random.pick(['a', 'ü', '"', ',', ';', '\t', '\n', '\r\n', ' ', '😀']),
      ).join('');
    const columns = random.int(1, 4);
    const rows = Array.from({ length: random.int(1, 6) }, () => Array.from({ length: columns }, field));
    const quoted = (text: string) =>
      /[",;\t\r\n]/.test(text) || random.chance(0.3) ? `"${text.replaceAll('"', '""')}"` : text;
    const text = rows.map(row => row.map(quoted).join(separator)).join(random.pick(['\n', '\r\n']));
    const column = random.int(1, columns);
    const found = await read(cut(text, random), csv(column, { header: false, separator }));
    const bodies = found.flatMap(({ item }) => item?.body ?? []);
    assert.deepEqual(
      bodies,
      rows.flatMap(row => (row[column - 1]?.trim() ? [row[column - 1]] : [])),
      `seed ${seed}`,
    );
  }
});

test('a reader that reads ahead holds no more than one batch', async () => {
  let given = 0;
  function* endless(): Generator<string> {
    for (;;) {
      given++;
      yield 'apple\n'.repeat(100);
    }
  }
  for await (const _ of readForEver(endless())) if (given > 3) break;
  assert.ok(given <= 4, `${given} chunks were read for the items of 4`);
});

async function* readForEver(chunks: Iterable<string>) {
  const { readItems } = await import('../../../src/workload/readItems.ts');
  yield* readItems(chunks, LINES);
}
