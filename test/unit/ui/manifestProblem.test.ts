import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifest } from '../../../src/workload/manifest.ts';

const { manifestProblem } = await import('../../../src/ui/editor/manifestProblem.ts');

const JOB = 'kind: Job\n';

const PROBLEMS: [string, string][] = [
  ['#'.repeat(2 * 1024 * 1024 + 1), 'longer than 2097152 characters'],
  ['a: 1\n--- b: 2\n', 'nothing but a comment may follow the --- of a line'],
  ['%YAML 1.2\n---\na: 1\n', 'kubectl takes no directives'],
  ['a: "\u007F"\n', 'a control character'],
  ['a: 1\nb: "\uFEFF"\n', 'a byte order mark in the middle of the text'],
  ['a:\n\t# b\n  c: 1\n', 'a tab at the beginning of a line'],
  ['a: *b\n', 'no anchor “b” before this alias'],
  [`a: &a [${'1, '.repeat(1000)}]\nb: [${'*a, '.repeat(51)}]\n`, 'aliases stand for more than 50000 values'],
  ['a: &a [*a]\n', 'an anchor contains an alias of itself'],
  ['a: 1\na: 2\n', 'key “a” is written twice'],
  ['a:\n  <<: 1\n', 'a merge key takes a mapping or a list of mappings'],
  ['[a]: 1\n', 'a key must be text'],
  ['a: "\\uD800"\n', 'half a character: a surrogate alone'],
  ['a: .inf\n', 'an infinite number or no number cannot be sent'],
  ['a: !!binary "?"\n', 'the text is not base64'],
  [`${JOB}---\na: 1\n`, 'a document must say its kind'],
  [`${JOB}---\nkind: List\nitems: [null]\n`, 'an item of this list is empty'],
  [`${JOB}apiVersion: batch/v1beta1\n`, 'the apiVersion of a Job must be batch/v1'],
  [`${JOB}spec: {completions: "8"}\n`, 'completions must be a whole number, without quotes'],
  [`${JOB}spec: {backoffLimit: "8"}\n`, 'backoffLimit must be a whole number, without quotes'],
  [`${JOB}metadata: {name: 12}\n`, 'name must be text: put it in quotes'],
  [
    `${JOB}spec: {template: {spec: {containers: [{env: [{name: RETRIES, value: 3}]}]}}}\n`,
    'the value of RETRIES must be text: put it in quotes',
  ],
  [
    `${JOB}spec: {template: {spec: {containers: [{env: [{value: 3}]}]}}}\n`,
    'the value of a variable must be text: put it in quotes',
  ],
];
for (const [text, words] of PROBLEMS) {
  test(`a manifest’s problem in words: ${words}`, () => {
    assert.ok(readManifest(text).problems.map(manifestProblem).includes(words));
  });
}

test('what the YAML parser says of a text is passed on', () => {
  const [problem] = readManifest('a: [1\n').problems;
  assert.ok(problem);
  assert.equal(manifestProblem(problem), problem.message);
  assert.match(problem.message, / /);
});
