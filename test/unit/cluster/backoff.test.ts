import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../src/cluster/backoff.ts';

test('a short trouble is looked after each second, a long one at most every half minute', () => {
  const backoff = new Backoff();
  const minute = 60_000;
  assert.ok(backoff.next(0, 0) <= 500);
  for (const [at, full] of [
    [500, 1000],
    [minute, 1000],
    [5 * minute, 5000],
    [60 * minute, 30_000],
    [24 * 60 * minute, 30_000],
  ] as const) {
    // However many tries there were meanwhile.
    for (let i = 0; i < 5; i++) {
      const ms = backoff.next(0, at);
      assert.ok(ms >= full / 2 && ms <= full, `${ms} of ${full} after ${at} ms`);
    }
  }
  backoff.reset();
  assert.ok(backoff.next(0, 30 * 60 * minute) <= 500, 'the next trouble is a new one');
});

test('a server that asks for time gets it, up to a minute, and is asked soon after', () => {
  const backoff = new Backoff();
  for (let i = 0; i < 10; i++) {
    const ms = backoff.next(2_000);
    assert.ok(ms >= 2_000 && ms <= 2_250, `${ms}`);
  }
  assert.ok(backoff.next(3_600_000) <= 60_250);
});
