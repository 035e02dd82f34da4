import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYaml } from '../../../src/workload/yaml.ts';

const value = (text: string) => {
  const { documents, problems } = readYaml(text);
  assert.deepEqual(problems, []);
  return documents[0]?.value;
};

// What sigs.k8s.io/yaml 1.6.0, kubectl's reader, makes of `a: TEXT`.
const SCALARS: [string, unknown][] = [
  ['yes', true],
  ['on', true],
  ['y', true],
  ['Y', true],
  ['TRUE', true],
  ['tRUE', 'tRUE'],
  ['n', false],
  ['Off', false],
  ['nO', 'nO'],
  ['~', null],
  ['Null', null],
  ['', null],
  ['8', 8],
  ['+5', 5],
  ['-5', -5],
  ['-0', 0],
  ['00', 0],
  ['0644', 420],
  ['+0644', 420],
  ['-010', -8],
  ['08', 8],
  ['08.5', 8.5],
  ['0o17', 15],
  ['0o8', '0o8'],
  ['0o', '0o'],
  ['0x1F', 31],
  ['-0x10', -16],
  ['0x_1', 1],
  ['0x', '0x'],
  ['0b11', 3],
  ['0b2', '0b2'],
  ['1_000', 1000],
  ['-1_0', -10],
  ['0_7', 7],
  ['_1', '_1'],
  ['1:30', '1:30'],
  ['22:22', '22:22'],
  ['1e3', 1000],
  ['1.5e+3', 1500],
  ['1e', '1e'],
  ['.5', 0.5],
  ['5.', 5],
  ['8.0', 8],
  ['.', '.'],
  ['+', '+'],
  ['1e400', '1e400'],
  ['0777777777777777777777777', 7.777777777777778e23],
  ['123456789012345678901234567890', 1.2345678901234568e29],
  ['2020-01-01', '2020-01-01'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'],
  ['=', '='],
  ['<<', '<<'],
  ['x:y', 'x:y'],
  ['b#c', 'b#c'],
  ['b # c', 'b'],
  ['"8"', '8'],
  ["'yes'", 'yes'],
  ["'it''s'", "it's"],
  ['"\\u0041\\t"', 'A\t'],
  ['|\n  x\n   y', 'x\n y\n'],
  ['>-\n  x\n  y', 'x y'],
  ['!!str 8', '8'],
  ['! 8', '8'],
  ['!!int "8"', 8],
  ['!!bool yes', true],
  ['!!float 1', 1],
  ['!!binary aGk=', 'hi'],
  ['!!timestamp 2020-01-01', '2020-01-01'],
  ['!mine b', 'b'],
  ['{b: 1,}', { b: 1 }],
  ['[1, 2,]', [1, 2]],
  ['!!set {x}', { x: null }],
];
for (const [text, expected] of SCALARS) {
  test(`a: ${JSON.stringify(text)} is read as kubectl reads it`, () =>
    assert.deepEqual(value(`a: ${text}\n`), { a: expected }));
}

const TEXTS: [string, string, unknown][] = [
  ['keys that are no text', 'on: 1\n8: 2\n1.5: 3', { true: 1, 8: 2, 1.5: 3 }],
  [
    'a merge key before the key that overrides it',
    'x: &x {c: 1, d: 2}\nz:\n  <<: *x\n  c: 9',
    { x: { c: 1, d: 2 }, z: { c: 9, d: 2 } },
  ],
  ['a merge key overrides the key before it', 'x: &x {c: 1}\nz:\n  c: 9\n  <<: *x', { x: { c: 1 }, z: { c: 1 } }],
  [
    'of a list of merges the first wins',
    'x: &x {c: 1}\nw: &w {c: 2}\nz: {<<: [*x, *w]}',
    { x: { c: 1 }, w: { c: 2 }, z: { c: 1 } },
  ],
  [
    'of two merge keys the last wins',
    'x: &x {c: 1}\nw: &w {c: 2}\nz:\n  <<: *x\n  <<: *w',
    { x: { c: 1 }, w: { c: 2 }, z: { c: 2 } },
  ],
  [
    'a merge through a merge',
    'x: &x {c: 1}\nw: &w {<<: *x, d: 2}\nz: {<<: *w}',
    { x: { c: 1 }, w: { c: 1, d: 2 }, z: { c: 1, d: 2 } },
  ],
  ['a merge of a mapping written there', 'z: {<<: {c: 1}}', { z: { c: 1 } }],
  ['a merge key in quotes is a key', 'z: {"<<": 1}', { z: { '<<': 1 } }],
  ['an alias of a scalar', 'a: &b 1\nb: *b', { a: 1, b: 1 }],
  ['an anchor that is named again', 'a: &x 1\nb: *x\nc: &x 2\nd: *x', { a: 1, b: 1, c: 2, d: 2 }],
  ['an alias for a key', 'a: &x k\n*x : 1', { a: 'k', k: 1 }],
  ['a byte order mark', '\uFEFFa: 1', { a: 1 }],
  ['Windows line ends', 'a: 1\r\nb: |\r\n  x\r\n', { a: 1, b: 'x\n' }],
  ['lone carriage returns', 'a: 1\rb: 2', { a: 1, b: 2 }],
  ['JSON', '{"a": {"b": [true, null, "x"]}}', { a: { b: [true, null, 'x'] } }],
  ['JSON that is indented with tabs', '{\n\t"a": {\n\t\t"b":\t1\n\t}\n}\n', { a: { b: 1 } }],
  ['an emoji', 'a: 😀 # 😀\nb: "\\U0001F600"', { a: '😀', b: '😀' }],
];
for (const [name, text, expected] of TEXTS) test(name, () => assert.deepEqual(value(text), expected));

test('the prototype of no object is changed', () => {
  const read = value('__proto__: {polluted: 1}\nconstructor: 2');
  assert.equal(JSON.stringify(read), '{"__proto__":{"polluted":1},"constructor":2}');
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
  assert.ok(!('polluted' in {}));
});

test('a merged __proto__ is an ordinary key as well', () => {
  assert.equal(JSON.stringify(value('x: &x {__proto__: 1}\nz: {<<: *x}')), '{"x":{"__proto__":1},"z":{"__proto__":1}}');
});

test('places that share an alias share no object', () => {
  const read = value('a: &x {size: 1}\nb: *x') as { a: { size: number }; b: { size: number } };
  read.a.size = 2;
  assert.equal(read.b.size, 1);
});

const EMPTY: [string, string, unknown[]][] = [
  ['an empty text has no document', '', []],
  ['a comment has no document', '# nothing\n', []],
  ['a separator alone is an empty document', '---\n', [null]],
  ['a separator between two documents', 'a: 1\n---\nb: 2', [{ a: 1 }, { b: 2 }]],
  ['a document on the line of its separator', '--- {a: 1}\n--- 2', [{ a: 1 }, 2]],
  ['a document that ends with dots', 'a: 1\n...\n---\nb: 2', [{ a: 1 }, { b: 2 }]],
];
for (const [name, text, expected] of EMPTY) {
  test(name, () =>
    assert.deepEqual(
      readYaml(text).documents.map(document => document.value),
      expected,
    ),
  );
}

const REFUSED: [string, string, 'syntax' | 'structure', number, number][] = [
  ['a key written twice', 'a: 1\nb: 2\na: 3', 'structure', 3, 1],
  ['a key written in two ways', 'on: 1\nyes: 2', 'structure', 2, 1],
  ['an unknown alias', 'a:\n  - *b', 'structure', 2, 5],
  ['an anchor within itself', 'a: &a [*a]', 'structure', 1, 8],
  ['an anchor that merges itself', 'a: &a\n  <<: *a', 'structure', 2, 7],
  ['an alias of another document', 'a: &a 1\n---\nb: *a', 'structure', 3, 4],
  ['a merge of a number', 'a: {<<: 1}', 'structure', 1, 9],
  ['a list as a key', '? [a]\n: b', 'structure', 1, 3],
  ['no key at all', '~: a', 'structure', 1, 1],
  ['infinity, which JSON does not have', 'a: .inf', 'structure', 1, 4],
  ['a number that is none', 'a: .NaN', 'structure', 1, 4],
  ['bytes that are no base64', 'a: !!binary "?"', 'structure', 1, 14],
  ['a tab for indentation', 'a:\n\tb: 1', 'syntax', 2, 1],
  ['a quote that does not end', 'a: "b', 'syntax', 1, 6],
  ['a brace that does not end', 'a: {b: 1', 'syntax', 1, 9],
  ['a line without a colon', 'a: 1\nb', 'syntax', 2, 2],
  ['a column counted in UTF-16 units', 'a: {😀: *b}', 'structure', 1, 9],
  ['a line counted over Windows line ends', 'a: 1\r\nb: *b', 'structure', 2, 4],
  ['a NUL', 'a: \0', 'syntax', 1, 4],
];
for (const [name, text, code, line, column] of REFUSED) {
  test(`${name} is a problem with its place`, () => {
    const { documents, problems } = readYaml(text);
    assert.deepEqual(
      problems.map(problem => [problem.code, problem.line, problem.column]),
      [[code, line, column]],
    );
    assert.ok(problems[0]?.message);
    assert.ok(documents.length <= 1);
  });
}

const PARTS: [string, string, [number, unknown][], number[]][] = [
  ['an error in the first document does not hide the second', 'a: [\n---\nb: 2', [[1, { b: 2 }]], [2]],
  ['an error in the last document does not hide the first', 'a: 1\n---\nb: "', [[0, { a: 1 }]], [3]],
  ['two errors are two problems', 'a: [1\n---\nb: 2\n---\nc: "', [[1, { b: 2 }]], [2, 5]],
  ['comments stay with their document', '# one\n---\na: 1\n---\nb: [', [[0, { a: 1 }]], [5]],
  ['a directive is a problem, as kubectl takes none', '# one\n%YAML 1.1\n---\na: 1', [[0, { a: 1 }]], [2]],
  [
    'what stands behind a separator is a problem, as kubectl says',
    '--- {a: 1}\n---\nb: 2',
    [
      [0, { a: 1 }],
      [1, { b: 2 }],
    ],
    [1],
  ],
  ['a control character is a problem at its place', 'a: 1\n# \u007f\n', [[0, { a: 1 }]], [2]],
  ['half a surrogate pair spoils its document', 'a: "\\ud800"\n---\nb: 2', [[1, { b: 2 }]], [1]],
  ['a key written twice spoils its document only', 'a: 1\na: 2\n---\nb: 2', [[1, { b: 2 }]], [2]],
  ['positions are those of the whole text', 'x: [\n---\na: *b\n---\nc: 1', [[2, { c: 1 }]], [2, 3]],
  ['a separator with a comment', 'a: [\n--- # next\nb: 2', [[1, { b: 2 }]], [2]],
  ['three dashes inside a line are no separator', 'a: x --- y\nb: [', [], [2]],
];
for (const [name, text, documents, lines] of PARTS) {
  test(name, () => {
    const read = readYaml(text);
    assert.deepEqual(
      read.documents.map(document => [document.index, document.value]),
      documents,
    );
    assert.deepEqual(
      read.problems.map(problem => problem.line),
      lines,
    );
  });
}

test('a text of 50 MB is refused unread', () => {
  const { documents, problems } = readYaml('a: b\n'.repeat(10_000_000));
  assert.deepEqual([documents, problems.map(problem => problem.code)], [[], ['structure']]);
});

const BOMBS: [string, string][] = [
  [
    'aliases in lists',
    Array.from({ length: 10 }, (_, i) => `a${i}: &a${i} [${i ? Array(9).fill(`*a${i - 1}`) : 'x'}]`).join('\n'),
  ],
  [
    'aliases in mappings',
    Array.from({ length: 40 }, (_, i) => `a${i}: &a${i} {${i ? `l: *a${i - 1}, r: *a${i - 1}` : 'x: 1'}}`).join('\n'),
  ],
  [
    'merges of merges',
    Array.from({ length: 40 }, (_, i) => `a${i}: &a${i} {${i ? `<<: [*a${i - 1}, *a${i - 1}]` : 'x: 1'}}`).join('\n'),
  ],
];
for (const [name, text] of BOMBS) {
  test(`a bomb of ${name} is refused`, () => {
    const { documents, problems } = readYaml(text);
    assert.deepEqual([documents, problems.map(problem => problem.code)], [[], ['structure']]);
  });
}

const DEEP: [string, string][] = [
  ['lists in one line', '['.repeat(10_000)],
  ['mappings in one line', '{a: '.repeat(10_000)],
  ['block lists', '- '.repeat(10_000)],
  ['block mappings', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
];
for (const [name, text] of DEEP) {
  test(`${name} nested thousands deep are refused`, () => {
    const { documents, problems } = readYaml(text);
    assert.deepEqual([documents, problems.map(problem => problem.code)], [[], ['syntax']]);
  });
}

test('of a text with an error in each of its thousands of documents only the first errors are told', () => {
  const { problems } = readYaml('a: "\n---\n'.repeat(100_000));
  assert.ok(problems.length > 1 && problems.length <= 100, String(problems.length));
});

test('an alias may stand for a large part', () => {
  const list = Array.from({ length: 5000 }, (_, i) => `  - ${i}`).join('\n');
  const read = value(`a: &a\n${list}\nb: *a\nc: *a`) as { a: number[]; c: number[] };
  assert.deepEqual(read.c, read.a);
});

const LOOSE: [string, string, unknown][] = [
  ['a closing bracket below its key', 'a:\n  b: [\n    1,\n    2\n  ]\n  c: 3', { a: { b: [1, 2], c: 3 } }],
  ['a closing brace at the margin', 'a: {\n  b: 1\n}\nc: 2', { a: { b: 1 }, c: 2 }],
  ['elements at the margin', 'a: [\n1,\n2,\n]', { a: [1, 2] }],
  ['a comment before the closing bracket', 'a: [\n  "x", # one ] [\n  # none\n]\nb: 1', { a: ['x'], b: 1 }],
  ['a closing bracket after Windows line ends', 'a: [\r\n  1\r\n]\r\nb: 2\r\n', { a: [1], b: 2 }],
  ['tabs within brackets', 'a: {\n\t"b":\t[1,\t2]\n\t}', { a: { b: [1, 2] } }],
  ['a bracket after a line with a hash in quotes', 'a: [\n  "x # y",\n]', { a: ['x # y'] }],
];
for (const [name, text, expected] of LOOSE)
  test(`${name} is read, as kubectl reads it`, () => assert.deepEqual(value(text), { ...(expected as object) }));

test('a text over lines that are too far out is a problem, not another text', () => {
  const { problems } = readYaml('a: ["x\n y",\n"b  \n\nc"]\n');
  assert.equal(problems.length, 1);
});
