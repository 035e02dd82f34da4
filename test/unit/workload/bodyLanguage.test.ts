import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyText } from '../../../src/workload/bodyLanguage.ts';

const of = (text: string) => bodyText(new TextEncoder().encode(text));

test('JSON is indented', () => {
  assert.deepEqual(of('{"a":1,"b":[true,null,{"c":"x"}],"d":{},"e":[]}'), {
    language: 'json',
    binary: false,
    left: 0,
    text: `{
  "a": 1,
  "b": [
    true,
    null,
    {
      "c": "x"
    }
  ],
  "d": {},
  "e": []
}`,
  });
  assert.equal(of(' [ ]\n').text, '[]');
});

test('indenting changes no token of JSON', () => {
  const tokens = [
    '12345678901234567890',
    '1.0',
    '1e2',
    '"a\\"b,{}:[]\\\\"',
    '"\\u00e9"',
    '""',
    '"two  blanks"',
    '{"2":1,"1":2,"2":3}',
  ];
  tokens.splice(-1, 0, JSON.stringify('x\\"'.repeat(30_000)));
  const { text, language } = of(`[${tokens.join(' ,\t')}]`);
  assert.equal(language, 'json');
  for (const token of tokens.slice(0, -1)) assert.ok(text.includes(`\n  ${token},\n`), text);
  assert.match(text, /\{\s+"2": 1,\s+"1": 2,\s+"2": 3\s+\}/);
});

test('what only looks like JSON is shown as it is', () => {
  for (const text of ['{name}', '[INFO] started [ok]', '{"a":1', '{"a":1}}', '[1,]', "{'a': 1}"]) {
    assert.deepEqual(of(text), { language: 'plaintext', text, binary: false, left: 0 });
  }
});

test('JSON too deep or too long to be read is not indented', () => {
  const deep = '['.repeat(10_000) + ']'.repeat(10_000);
  assert.equal(of(deep).text, deep);
  const long = JSON.stringify(Array.from({ length: 200_000 }, (_, i) => i));
  assert.deepEqual(of(long), { language: 'json', text: long, binary: false, left: 0 });
});

test('XML is known by its first and last tag', () => {
  for (const text of [
    '<?xml version="1.0"?>\n<a/>',
    '<order id="7">x</order>',
    '<a/>',
    '<!DOCTYPE html><html></html>',
    '\n<ns:a xmlns:ns="urn:x">\n</ns:a>\n',
  ]) {
    assert.deepEqual(of(text), { language: 'xml', text, binary: false, left: 0 });
  }
  for (const text of ['<3 you>', '<a> and more', 'a <b>']) assert.equal(of(text).language, 'plaintext', text);
});

test('YAML is known when every line is a key, an item or indented', () => {
  for (const text of [
    'kind: Job\nspec:\n  completions: 8\n',
    '- apple\n- banana\n',
    '---\n# the job\nname: a b\ntext: |\n  any thing\n',
    'app.kubernetes.io/name: x\n"quoted key": y',
  ]) {
    assert.equal(of(text).language, 'yaml', text);
  }
  for (const text of ['name: one line only', 'Dear all:\nthis is a letter', 'apple\nbanana', 'see http://x:1\nand y']) {
    assert.equal(of(text).language, 'plaintext', text);
  }
});

test('text of any script is text, and an empty body is an empty text', () => {
  for (const text of ['apple', 'zażółć\t苹果 🐇\r\n', '\u001b[31mred\u001b[0m', '']) {
    assert.deepEqual(of(text), { language: 'plaintext', text, binary: false, left: 0 });
  }
});

test('bytes that are no text are shown in hex', () => {
  const bytes = Uint8Array.from([...Array.from({ length: 18 }, (_, i) => i + 0x38), 0x00, 0xff]);
  assert.deepEqual(bodyText(bytes), {
    language: 'plaintext',
    binary: true,
    left: 0,
    text: [
      '00000000  38 39 3a 3b 3c 3d 3e 3f 40 41 42 43 44 45 46 47  89:;<=>?@ABCDEFG',
      '00000010  48 49 00 ff                                      HI..',
    ].join('\n'),
  });
});

test('a text that is not UTF-8, or has a NUL, is no text', () => {
  for (const bytes of [Uint8Array.of(0xe9), Uint8Array.of(0x61, 0x00), Uint8Array.of(0x1f, 0x8b, 0x08)]) {
    assert.equal(bodyText(bytes).binary, true);
  }
});

test('of many bytes only the first are shown, and how many are left is said', () => {
  const { text, left } = bodyText(new Uint8Array(16 * 2 ** 20));
  assert.equal(left, 16 * 2 ** 20 - 65_536);
  assert.equal(text.split('\n').length, 4_096);
});
