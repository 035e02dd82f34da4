import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RunSample, RunSamples } from '../../../src/model/runSamples.ts';

const sample = (at: number, ready = 1): RunSample => ({
  at,
  ready,
  unacked: 0,
  owed: 1,
  waiting: 0,
  running: 1,
  succeeded: 0,
  failed: 0,
});

test('a run of a day keeps its beginning, its latest time in full, and no more samples than an hour has', () => {
  const samples = new RunSamples();
  const count = (24 * 3600) / 2;
  for (let n = 0; n < count; n++) {
    samples.add(sample(n * 2000));
    assert.ok(samples.all.length <= 1800);
  }
  assert.equal(samples.all[0]?.at, 0);
  assert.equal(samples.all.at(-1)?.at, (count - 1) * 2000);
  const latest = samples.all.slice(-600).map(({ at }) => at);
  assert.ok(latest.every((at, n) => n === 0 || at - (latest[n - 1] ?? 0) === 2000));
  const times = samples.all.map(({ at }) => at);
  assert.deepEqual(
    times,
    [...new Set(times)].sort((a, b) => a - b),
  );
});

test('a time that nobody saw is a hole, and a sample that is not later is left out', () => {
  const samples = new RunSamples();
  assert.equal(samples.add(sample(1000)).length, 1);
  assert.equal(samples.add(sample(1000)).length, 0);
  const added = samples.add(sample(60_000));
  assert.deepEqual(
    added.map(({ at, ready }) => [at, ready]),
    [
      [1001, undefined],
      [60_000, 1],
    ],
  );
  assert.equal(samples.all.length, 3);
});

test('what is sent in parts is the same at the other end as what is kept here', () => {
  const [here, there] = [new RunSamples(10), new RunSamples(10)];
  for (let n = 0; n < 100; n++) there.append(here.add(sample(n * 2000)));
  assert.deepEqual(there.all, here.all);
});
