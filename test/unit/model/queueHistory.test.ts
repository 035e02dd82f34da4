import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueueHistory, SAMPLES_AT_MOST } from '../../../src/model/queueHistory.ts';

const sample = (at: number, ready = at) => ({ at, ready, unacked: undefined, publish: undefined, deliver: undefined });
const readyOf = (history: QueueHistory) => history.samples.map(({ ready }) => ready);

test('samples two seconds apart stand one after the other', () => {
  const history = new QueueHistory();
  assert.deepEqual(history.add(sample(2000)), [sample(2000)]);
  assert.deepEqual(history.add(sample(4000)), [sample(4000)]);
  assert.deepEqual(readyOf(history), [2000, 4000]);
});

test('a reading that was seen before is not drawn twice', () => {
  const history = new QueueHistory();
  history.add(sample(2000));
  assert.deepEqual(history.add(sample(2000)), []);
  assert.deepEqual(history.add(sample(1000)), []);
  assert.deepEqual(readyOf(history), [2000]);
});

test('after an interruption the line has a gap, however short that was', () => {
  const history = new QueueHistory();
  history.add(sample(2000));
  history.interrupt();
  const [gap, next] = history.add(sample(3000));
  assert.deepEqual(gap, { ...sample(2001), ready: undefined });
  assert.deepEqual(next, sample(3000));
  assert.deepEqual(history.add(sample(4000)), [sample(4000)]);
});

test('an interruption before the first sample is no gap', () => {
  const history = new QueueHistory();
  history.interrupt();
  assert.deepEqual(history.add(sample(2000)), [sample(2000)]);
  assert.deepEqual(history.add(sample(4000)), [sample(4000)]);
});

test('where nothing was read for long, a machine asleep, the line has a gap too', () => {
  const history = new QueueHistory();
  history.add(sample(0));
  history.add(sample(15_000));
  history.add(sample(30_001));
  assert.deepEqual(readyOf(history), [0, 15_000, undefined, 30_001]);
});

test('an hour is kept, the oldest samples go', () => {
  const history = new QueueHistory();
  for (let n = 1; n <= SAMPLES_AT_MOST + 10; n++) history.add(sample(n * 2000, n));
  assert.equal(history.samples.length, SAMPLES_AT_MOST);
  assert.equal(history.samples[0]?.ready, 11);
  assert.equal(history.samples.at(-1)?.ready, SAMPLES_AT_MOST + 10);
});
