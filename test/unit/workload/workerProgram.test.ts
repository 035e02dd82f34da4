import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProgram, readWorkerLabel } from '../../../src/workload/workerProgram.ts';

test('the label is a JSON list of the program and its arguments', () => {
  assert.deepEqual(readWorkerLabel('["python3","/my worker.py"]'), ['python3', '/my worker.py']);
  for (const bad of [undefined, 3, '', '/worker.py', '[]', '[""]', '[1]', '{"0":"a"}', '["a"']) {
    assert.equal(readWorkerLabel(bad), undefined, String(bad));
  }
});

test('a command is typed as words, or as a list where one of them has a space', () => {
  assert.deepEqual(parseProgram('  python3  /worker.py '), ['python3', '/worker.py']);
  assert.deepEqual(parseProgram('["a b", "c"]'), ['a b', 'c']);
  assert.deepEqual(parseProgram('a $(id)'), ['a', '$(id)']);
  assert.equal(parseProgram('  '), undefined);
  assert.equal(parseProgram('["a"'), undefined);
});
