import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../src/cluster/backoff.ts';

test('waiting times double up to the longest, each between its half and its whole', () => {
  const backoff = new Backoff(500, 30_000);
  for (const full of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    const ms = backoff.next();
    assert.ok(ms >= full / 2 && ms <= full, `${ms} of ${full}`);
  }
  backoff.reset();
  assert.ok(backoff.next() <= 500);
});

test('a server that asks for time gets it, up to a minute', () => {
  assert.ok(new Backoff(500, 30_000).next(11_000) >= 11_000);
  assert.equal(new Backoff(500, 30_000).next(3_600_000), 60_000);
});
