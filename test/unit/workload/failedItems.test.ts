import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedItems } from '../../../src/workload/failedItems.ts';
import type { ItemReport } from '../../../src/workload/itemReport.ts';
import { isSurelyEmpty, type QueueAfter, whereFailedItemsAre } from '../../../src/workload/putBack.ts';

const failed = (item: string, at?: number): ItemReport => ({ item, outcome: 'failed', exitCode: 1, at });
const done = (item: string, at?: number): ItemReport => ({ item, outcome: 'done', at });

test('an item that failed and was done when it came again has not failed; one that failed again has', () => {
  const reports = [failed('apple', 1), failed('fig', 2), done('apple', 3), failed('fig', 4), done('date', 5)];
  assert.deepEqual(failedItems(reports), [{ item: 'fig', whole: true, failures: 2 }]);
});

test('an item of the same text that was done before is another one', () => {
  assert.deepEqual(failedItems([done('apple', 1), failed('apple', 2)]), [{ item: 'apple', whole: true, failures: 1 }]);
  assert.deepEqual(failedItems([done('apple'), failed('apple')]), [], 'without times it is taken for the same');
});

test('only a body that surely is whole counts as whole', () => {
  const whole = (item: string) => failedItems([failed(item)])[0]?.whole;
  assert.equal(whole('x'.repeat(199)), true);
  assert.equal(whole('x'.repeat(200)), false);
  assert.equal(whole('\u{1f34e}'.repeat(199)), true);
  assert.equal(whole('\u{1f34e}'.repeat(200)), false);
  assert.equal(whole('a\ufffd'), false);
  assert.equal(whole('a\ud83c'), false);
  assert.equal(whole(''), true);
});

test('of a cut body nobody knows whether it was the same that was done later: it stays in the list', () => {
  const cut = 'x'.repeat(200);
  assert.deepEqual(failedItems([failed(cut, 1), done(cut, 2)]), [{ item: cut, whole: false, failures: 1 }]);
});

const after: QueueAfter = { ready: 0, unacked: 0, consumers: 0, deliveryLimit: 'none', deadLetters: false };
const fig = { item: 'fig', whole: true, failures: 3 };
const cut = { item: 'x'.repeat(200), whole: false, failures: 3 };

test('a queue without a delivery limit takes every failed item back, however often it failed', () => {
  for (const deliveryLimit of ['none', undefined] as const) {
    const returned = whereFailedItemsAre([fig, cut], { ...after, deliveryLimit });
    assert.deepEqual(returned, { cameBack: [fig, cut], deadLettered: [], gone: [], cut: [] });
  }
});

test('an item is gone once it has failed more often than the limit, and is put back as often as messages are gone', () => {
  const at = (deliveryLimit: number) => whereFailedItemsAre([fig], { ...after, deliveryLimit });
  assert.deepEqual(at(3).cameBack, [fig]);
  assert.deepEqual(at(2).gone, [{ ...fig, copies: 1 }]);
  assert.deepEqual(at(1).gone, [{ ...fig, copies: 1 }]);
  assert.deepEqual(at(0).gone, [{ ...fig, copies: 3 }]);
  assert.deepEqual(whereFailedItemsAre([fig, cut], { ...after, deliveryLimit: 2 }).cut, [cut]);
});

test('what is dead-lettered is not gone', () => {
  const returned = whereFailedItemsAre([fig, cut], { ...after, deliveryLimit: 2, deadLetters: true });
  assert.deepEqual(returned, { cameBack: [], deadLettered: [fig, cut], gone: [], cut: [] });
});

test('a queue is surely empty only where all its figures are known to be 0', () => {
  assert.equal(isSurelyEmpty(after), true);
  for (const not of [{ ready: 1 }, { unacked: 1 }, { unacked: undefined }, { consumers: 1 }]) {
    assert.equal(isSurelyEmpty({ ...after, ...not }), false);
  }
});
