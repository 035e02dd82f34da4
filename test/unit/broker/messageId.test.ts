import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOf, messageIdOf } from '../../../src/broker/messageId.ts';

const LINES = [1, 9, 999, 1_000, 1_001, 1_099, 12_345, 999_999, 1_000_000, 1_000_007, 4_294_967_296, 999_999_999_999];

test('a message id is the run, a slash and the line in decimal, whatever its size, and names that line again', () => {
  for (const line of LINES) {
    assert.equal(messageIdOf('a/run', line), `a/run/${line}`);
    assert.equal(lineOf(messageIdOf('a/run', line), 'a/run'), line);
  }
});
