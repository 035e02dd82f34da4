import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueAt } from '../../../src/workload/valueAt.ts';

/** `|` is the cursor. */
const at = (marked: string) => {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = valueAt(text, offset);
  return found && [found.field, text.slice(found.span.start, found.span.end), found.quote, found.needsSpace];
};

const CASES: [string, string, unknown[] | undefined][] = [
  ['an empty QUEUE', '- name: QUEUE\n  value: |\n', ['queue', '', '', false]],
  ['a QUEUE right behind the colon', '- name: QUEUE\n  value:|\n', ['queue', '', '', true]],
  ['a QUEUE with a name begun', '- name: QUEUE\n  value: jo|b1 # x\n', ['queue', 'job1', '', false]],
  ['a QUEUE within quotes that are still open', '- name: "QUEUE"\n  value: "jo|\n', ['queue', 'jo', '"', false]],
  ['a QUEUE below a comment', "- name: 'QUEUE'\n  # which\n  value: '|'\n", ['queue', '', "'", false]],
  ['a value before its name', '- value: |\n  name: QUEUE\n', ['queue', '', '', false]],
  ['a QUEUE in braces', '- {name: QUEUE, value: |}\n', ['queue', '', '', false]],
  ['a QUEUE in JSON', '{"name": "QUEUE", "value": "|"}', ['queue', '', '"', false]],
  ['another variable', '- name: BROKER_URL\n  value: |\n', undefined],
  ['another variable behind QUEUE', '- name: QUEUE\n  value: a\n- name: X\n  value: |\n', undefined],
  ['a first value whose neighbour is another entry', '- value: |\n- name: QUEUE\n', undefined],
  ['Windows line ends', '- name: QUEUE\r\n  value: |\r\n', ['queue', '', '', false]],
  ['an image', '- name: c\n  image: me/|job:1\n', ['image', 'me/job:1', '', false]],
  ['an image as the first of its container', '- image: |', ['image', '', '', false]],
  ['the number', '  completions: |8\n', ['completions', '8', '', false]],
  ['a comment about the image', '# image: |', undefined],
  ['a key of another name', '  my-image: |', undefined],
  ['a key', '  ima|ge: a', undefined],
  ['behind the value', '  image: a |', undefined],
  ['the beginning of the text', '|image: a', undefined],
];
for (const [name, marked, expected] of CASES) {
  test(`what is written at the cursor: ${name}`, () => assert.deepEqual(at(marked), expected));
}
