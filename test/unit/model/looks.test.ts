import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Looks } from '../../../src/model/looks.ts';
import type { JobState, RunLook } from '../../../src/workload/ledger.ts';

const look = (at: number, state: JobState = 'running', ready = 0): RunLook => ({
  at,
  job: { name: 'job', state, completions: 8, parallelism: 2, succeeded: 0, failed: 0, active: 0 },
  pods: [],
  queue: { exists: true, ready, unacked: 0, consumers: 0 },
  depthAtStart: 8,
  publishedSince: 0,
  otherRuns: 0,
});

test('the looks that findings compare are at least 5.5 s apart, and the last is the newest', () => {
  const looks = new Looks();
  for (let at = 0; at <= 20_000; at += 1000) looks.add('a', look(at), true);
  const times = looks.of('a').map(({ at }) => at);
  assert.equal(times.at(-1), 20_000);
  assert.equal(times.length, 3);
  assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 5500, `${times}`);
});

test('a run that was seen active ends once, when its figures have settled', () => {
  const looks = new Looks();
  assert.equal(looks.add('a', look(0), true), false);
  assert.equal(looks.add('a', look(1000, 'complete'), false), false);
  assert.equal(looks.unsettled, 1);
  assert.equal(looks.add('a', look(7400, 'complete'), false), false);
  assert.equal(looks.add('a', look(7600, 'complete'), false), true);
  assert.equal(looks.unsettled, 0);
  assert.equal(looks.add('a', look(9000, 'complete'), false), false);
});

test('what happens on the queue after a run has settled says nothing about the run', () => {
  const looks = new Looks();
  looks.add('a', look(0), true);
  looks.add('a', look(1000, 'complete'), false);
  looks.add('a', look(8000, 'complete'), false);
  looks.add('a', look(20_000, 'complete', 8), false);
  assert.equal(looks.of('a').at(-1)?.queue?.ready, 0);
});

test('a run that had ended before anybody looked has no queue: it may have been filled again since', () => {
  const looks = new Looks();
  assert.equal(looks.add('a', look(0, 'complete', 8), false), false);
  assert.equal(looks.of('a').at(-1)?.queue, undefined);
  assert.equal(looks.unsettled, 0);
});

test('a suspended run that goes on is active again', () => {
  const looks = new Looks();
  looks.add('a', look(0), true);
  looks.add('a', look(1000, 'failed'), false);
  looks.add('a', look(2000), true);
  assert.equal(looks.unsettled, 0);
  assert.equal(looks.add('a', look(60_000, 'complete'), false), false, 'settling starts anew');
});

test('runs that are gone are forgotten', () => {
  const looks = new Looks();
  looks.add('a', look(0), true);
  looks.keep(new Set());
  assert.deepEqual(looks.of('a'), []);
});
