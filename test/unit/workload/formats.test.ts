import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookAtCsv } from '../../../src/workload/csvLook.ts';
import { csvFormat, guessFormat, type ItemFormat } from '../../../src/workload/formats.ts';

const LINES: ItemFormat = { kind: 'lines' };
const JSON_ARRAY: ItemFormat = { kind: 'json' };
const MESSAGES: ItemFormat = { kind: 'messages' };
const csv = (column: string | number, header: boolean, separator = ','): ItemFormat => ({
  kind: 'csv',
  column,
  header,
  separator,
});

const GUESSES: [string, string, ItemFormat][] = [
  ['items.txt', 'apple\nbanana\n', LINES],
  ['items.txt', '', LINES],
  ['items.txt', '[1] apple\n[2] banana', LINES],
  ['items.txt', '["apple"]', LINES],
  ['items', 'a,b\nc,d', LINES],
  ['items.json', '["apple", "banana"]', JSON_ARRAY],
  ['items.JSON', '\uFEFF\r\n [ {"a": 1}', JSON_ARRAY],
  ['items.json', '[]', JSON_ARRAY],
  ['items.json', '{"a": 1}', LINES],
  ['items.json', '[apple', LINES],
  ['', '[1, 2]', JSON_ARRAY],
  ['', '[x] done', LINES],
  ['', '- a\n- b', LINES],
  ['items.jsonl', '{"a":1}\n{"a":2}', LINES],
  ['job1.jsonl', '{"body":"apple","messageId":"r/1"}\n', MESSAGES],
  ['job1.jsonl', '\uFEFF{"bodyBase64":"AA=="}\n', MESSAGES],
  ['job1.jsonl', `{"body":"${'x'.repeat(5000)}`, MESSAGES],
  ['job1.jsonl', '{"body":1}\n', LINES],
  ['anything.txt', '{"body":"apple"}\n{"body":"fig"}', MESSAGES],
  ['a.csv', 'id,name\n1,apple\n', csv('id', true)],
  ['a.csv', '1,apple\n2,fig\n', csv(1, false)],
  ['a.csv', 'apple\nbanana\n', csv(1, false)],
  ['a.csv', 'item\napple\n', csv('item', true)],
  ['a.csv', 'File Name\na\n', csv('File Name', true)],
  ['a.csv', 'a;b\n1,5;2,5\n', csv('a', true, ';')],
  ['a.csv', 'x\ty,z\n1\t2\n', csv(1, false, '\t')],
  ['a.tsv', 'x\ty\n1\t2\n', csv('x', true, '\t')],
  ['a.csv', 'name,name\na,b\n', csv(1, false)],
  ['a.csv', '', csv(1, false)],
  ['a.csv', '"a;b",c\n"d;e",f\n', csv(1, false)],
  ['a.csv', '\uFEFFid,name\n1,"two\nlines"\n', csv('id', true)],
  ['a.csv', 'id,name\n1,"cut', csv(1, false)],
  ['dir.csv/items', 'a,b', LINES],
];
for (const [name, head, expected] of GUESSES) {
  test(`${name || 'the clipboard'} with ${JSON.stringify(head.slice(0, 40))} is read as ${JSON.stringify(expected)}`, () =>
    assert.deepEqual(guessFormat(name, head), expected));
}

test('the columns of a CSV file have names and a first value', () => {
  assert.deepEqual(lookAtCsv('id,name\n1,apple\n2,fig\n'), {
    separator: ',',
    header: true,
    columns: [
      { name: 'id', sample: '1' },
      { name: 'name', sample: 'apple' },
    ],
  });
});

test('told that there is no header, the first record is the first value', () => {
  assert.deepEqual(lookAtCsv('id,name\n1,apple\n', { header: false }).columns, [
    { name: undefined, sample: 'id' },
    { name: undefined, sample: 'name' },
  ]);
});

test('told the separator, it is taken', () => {
  assert.deepEqual(lookAtCsv('a;b,c\n', { separator: ';' }).columns.length, 2);
});

test('of two columns with one name the second is named by its number', () => {
  const look = lookAtCsv('a,b,a\n1,2,3\n', { header: true });
  assert.deepEqual(csvFormat(look, 3), { kind: 'csv', column: 3, header: true, separator: ',' });
  assert.deepEqual(csvFormat(look, 2), { kind: 'csv', column: 'b', header: true, separator: ',' });
});
