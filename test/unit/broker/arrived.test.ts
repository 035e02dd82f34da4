import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Before, type Look, whatArrived } from '../../../src/broker/arrived.ts';

/** A queue that was empty; ten of ours are confirmed, 1 to 10; 11 to 15 have no answer. */
const BEFORE: Before = { depth: 0, ours: 0, oldest: 1, confirmedSince: 10, perhapsTaken: false };
const ASKED = [11, 12, 13, 14, 15];
const FIRST_TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** A look that reads the ids in a queue with these of our lines, and messages of others. */
function byIds(lines: number[], others = 0): Look {
  const asked = new Set(lines.filter(line => line > 10));
  const ids = { asked, others: lines.length - asked.size, oldest: lines[0] };
  return { depth: lines.length + others, consumers: 0, ids, head: undefined };
}

function byDepth(depth: number | undefined, head?: Look['head']): Look {
  return { depth, consumers: 0, ids: undefined, head };
}

function ask(before: Before, look: Look) {
  const verdict = whatArrived(before, look, ASKED.length);
  const { certain, lost } = verdict;
  return { arrived: ASKED.filter((line, nth) => verdict.arrived(line, nth)), certain, lost };
}

test('the ids that are in the queue have arrived, the others have not', () => {
  assert.deepEqual(ask(BEFORE, byIds([...FIRST_TEN, 11, 12])), { arrived: [11, 12], certain: true, lost: 0 });
  assert.deepEqual(ask(BEFORE, byIds(FIRST_TEN)), { arrived: [], certain: true, lost: 0 });
});

test('a gap that a crash has left among them is a gap', () => {
  assert.deepEqual(ask(BEFORE, byIds([...FIRST_TEN, 11, 14])), { arrived: [11, 14], certain: true, lost: 0 });
});

test('messages of others that came meanwhile count for nothing', () => {
  assert.deepEqual(ask(BEFORE, byIds([...FIRST_TEN, 11], 300)), { arrived: [11], certain: true, lost: 0 });
});

test('with consumers nobody can tell', () => {
  assert.deepEqual(ask(BEFORE, { ...byIds([...FIRST_TEN, 11]), consumers: 1 }), {
    arrived: [],
    certain: false,
    lost: 0,
  });
  assert.deepEqual(ask(BEFORE, { ...byDepth(12), consumers: undefined }), { arrived: [], certain: false, lost: 0 });
});

test('confirmed lines that are gone while the oldest is there are lost', () => {
  assert.deepEqual(ask(BEFORE, byIds([1, 2, 3])), { arrived: [], certain: true, lost: 7 });
});

test('a queue that comes back empty has lost what was confirmed', () => {
  assert.deepEqual(ask(BEFORE, byIds([])), { arrived: [], certain: true, lost: 10 });
});

test('lines that are gone from the head of the queue were taken and are not lost', () => {
  assert.deepEqual(ask(BEFORE, byIds([7, 8, 9, 10, 11])), { arrived: [11], certain: true, lost: 0 });
});

test('when all that was confirmed is taken, so is what was sent before the first that is left', () => {
  assert.deepEqual(ask(BEFORE, byIds([13])), { arrived: [11, 12, 13], certain: true, lost: 0 });
});

test('nothing left of ours after consumers were seen: nobody can tell, and nothing is called lost', () => {
  const before = { ...BEFORE, perhapsTaken: true };
  assert.deepEqual(ask(before, byIds([])), { arrived: [], certain: false, lost: 0 });
  assert.deepEqual(ask(before, byIds([], 5)), { arrived: [], certain: false, lost: 0 });
});

test('after a crash before the first confirm, what is in the queue or was taken before it has arrived', () => {
  const before = { depth: 0, ours: 0, oldest: undefined, confirmedSince: 0, perhapsTaken: true };
  assert.deepEqual(ask(before, byIds([12, 13])), { arrived: [11, 12, 13], certain: true, lost: 0 });
  assert.deepEqual(ask(before, byIds([])), { arrived: [], certain: false, lost: 0 });
});

test('while the messages of others that were there before still are, nothing of ours was taken', () => {
  const before = { depth: 4, ours: 0, oldest: undefined, confirmedSince: 0, perhapsTaken: true };
  assert.deepEqual(ask(before, byIds([], 4)), { arrived: [], certain: true, lost: 0 });
  assert.deepEqual(ask(before, byIds([12], 4)), { arrived: [12], certain: true, lost: 0 });
});

test('a queue too deep to be read tells by its depth how many have arrived, in the order they were sent', () => {
  const before = { ...BEFORE, depth: 200_000 };
  assert.deepEqual(ask(before, byDepth(200_012)), { arrived: [11, 12], certain: true, lost: 0 });
  assert.deepEqual(ask(before, byDepth(200_010)), { arrived: [], certain: true, lost: 0 });
});

test('a depth that others have changed proves nothing', () => {
  const before = { ...BEFORE, depth: 200_000 };
  assert.deepEqual(ask(before, byDepth(200_016)), { arrived: [], certain: false, lost: 0 });
  assert.deepEqual(ask(before, byDepth(200_003)), { arrived: [], certain: false, lost: 7 });
  assert.deepEqual(ask({ ...before, perhapsTaken: true }, byDepth(200_012)).certain, false);
  assert.deepEqual(ask({ ...before, depth: undefined }, byDepth(200_012)).certain, false);
});

test('after a while, the head of a deep queue shows whether anything was taken', () => {
  const before = { depth: 200_010, ours: 10, oldest: 1, confirmedSince: 0, perhapsTaken: true };
  const found = { arrived: [11, 12, 13], certain: true, lost: 0 };
  assert.deepEqual(ask(before, byDepth(200_013, { ahead: 200_000, oldest: 1 })), found);
  assert.deepEqual(ask(before, byDepth(200_013, { ahead: 199_999, oldest: 1 })).certain, false);
  assert.deepEqual(ask(before, byDepth(200_013, { ahead: 200_000, oldest: 3 })).certain, false);
});
