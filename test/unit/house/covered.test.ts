import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COVERED } from '../../faults/covered.ts';
import { root } from './sources.ts';

test('the tests that the table of faults borrows are there, under these names', () => {
  const missing = COVERED.filter(({ file, name }) => !readFileSync(`${root}/${file}`, 'utf8').includes(`'${name}'`));
  assert.deepEqual(missing, []);
});
