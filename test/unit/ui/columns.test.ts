import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns } from '../../../src/ui/columns.ts';

test('cells stand below each other, also below Chinese words', () => {
  assert.deepEqual(
    columns([
      ['Queue', 'job1', 'x'],
      ['就绪', '8', 'yy'],
      ['a', 'last cell is free'],
    ]),
    ['Queue  job1  x', '就绪   8     yy', 'a      last cell is free'],
  );
  assert.deepEqual(columns([]), []);
  assert.deepEqual(
    columns([
      ['', 'value'],
      ['key', ''],
    ]),
    ['     value', 'key'],
  );
});
