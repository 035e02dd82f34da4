import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Progress, paceOf } from '../../../src/workload/runPace.ts';

const MINUTE = 60_000;

const running = (change: Partial<Progress> = {}): Progress => ({
  state: 'running',
  completions: 10,
  succeeded: 5,
  started: 0,
  finished: [],
  ...change,
});

test('five of ten done in five minutes: one a minute, and five minutes left', () => {
  assert.deepEqual(paceOf(running(), 5 * MINUTE), { perMinute: 1, leftMs: 5 * MINUTE });
});

test('a Job without completions has a pace and no end', () => {
  assert.deepEqual(paceOf(running({ completions: undefined }), 5 * MINUTE), { perMinute: 1, leftMs: undefined });
});

test('one item done says nothing yet', () => {
  assert.equal(paceOf(running({ succeeded: 1 }), MINUTE), undefined);
});

test('a Job that waits, is suspended or has ended has no pace', () => {
  assert.equal(paceOf(running({ started: undefined }), MINUTE), undefined);
  for (const state of ['suspended', 'complete', 'failed'] as const) {
    assert.equal(paceOf(running({ state }), MINUTE), undefined, state);
  }
});

test('what was done before a suspension does not count for the pace after it', () => {
  const resumed = running({ started: 100 * MINUTE, succeeded: 6, finished: [1, 2, 3, 4].map(n => n * MINUTE) });
  assert.deepEqual(paceOf(resumed, 104 * MINUTE), { perMinute: 0.5, leftMs: 8 * MINUTE });
});

test('more done than wanted leaves nothing', () => {
  assert.equal(paceOf(running({ succeeded: 12 }), MINUTE)?.leftMs, 0);
});

test('a clock that runs behind the cluster’s gives no pace rather than a negative one', () => {
  assert.equal(paceOf(running({ started: 5 * MINUTE }), MINUTE), undefined);
});
