import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError, type FormatProblem } from '../../../../src/workload/formats/formatError.ts';

const { problemWords } = await import('../../../../src/ui/commands/queue/formatProblem.ts');

const WORDS: [FormatProblem, string, string][] = [
  ['json-no-array', '{', 'a JSON array begins with “[”'],
  ['json-syntax', ']', '“]” may not stand there in JSON'],
  ['json-syntax', '"', 'a quote may not stand there in JSON; a comma may be missing before it'],
  ['json-syntax', '\n', 'this character may not stand there in JSON'],
  ['json-syntax', '', 'this character may not stand there in JSON'],
  ['json-too-deep', '', 'more brackets inside each other than a list of items has'],
  ['json-unfinished', '', 'the text ends before the JSON array does'],
  ['json-after-end', '[', 'something follows the JSON array'],
  ['csv-open-quote', '', 'the quote that opens here is never closed'],
  ['csv-after-quote', 'x', 'text follows a closing quote; a quote inside a field is written twice'],
  ['csv-no-column', 'fruit', 'there is no column fruit'],
];
for (const [problem, subject, words] of WORDS) {
  test(`${problem} of ${JSON.stringify(subject)}: ${words}`, () => {
    const error = new FormatError(problem, { line: 3, column: 5 }, subject);
    assert.equal(problemWords(error), `line 3, column 5: ${words}`);
  });
}

test('what the system says about a file is passed on', () => {
  assert.equal(problemWords(new Error('EIO: i/o error, read')), 'EIO: i/o error, read');
});
