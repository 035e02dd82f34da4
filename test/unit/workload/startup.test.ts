import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PodTimes, startUp } from '../../../src/workload/startup.ts';

const room = { parallelism: 4, left: 100, peak: 4, unschedulable: 0 };
const pods = (startUpMs: number, workMs: number, count = 5): PodTimes[] =>
  Array.from({ length: count }, (_, n) => ({
    created: n * 1000,
    begun: n * 1000 + startUpMs,
    finished: n * 1000 + startUpMs + workMs,
  }));

test('an item that takes long beside a Pod’s start is worth a Pod', () => {
  const found = startUp(pods(2000, 60_000), room);
  assert.equal(found?.startUpMs, 2000);
  assert.equal(found?.workMs, 60_000);
  assert.deepEqual(found?.advice, { grain: 'coarse', itemsPerPod: 1, room: 'more' });
});

test('short items are better taken several by a Pod: so many that start-up is a tenth of its time', () => {
  const found = startUp(pods(2000, 2000), room);
  assert.equal(found?.share, 0.5);
  assert.equal(found?.advice.grain, 'fine');
  assert.equal(found?.advice.itemsPerPod, 9);
});

test('no Pod is advised to take items that another one could work on at the same time', () => {
  assert.equal(startUp(pods(5000, 500), { ...room, left: 20 })?.advice.itemsPerPod, 5);
  assert.equal(startUp(pods(5000, 500), { ...room, left: undefined })?.advice.itemsPerPod, 90);
  assert.equal(startUp(pods(5000, 0), { ...room, left: 2 })?.advice.itemsPerPod, 2);
});

test('work that is too short to be seen is reckoned with as the least that can be', () => {
  assert.equal(startUp(pods(1000, 0), { ...room, left: undefined })?.advice.itemsPerPod, 90);
});

test('Pods without a node say how much parallelism the nodes can use', () => {
  assert.equal(startUp(pods(1, 99), { ...room, peak: 3, unschedulable: 2 })?.advice.room, 'full');
  assert.equal(startUp(pods(1, 99), { ...room, peak: 3 })?.advice.room, undefined);
  assert.equal(startUp(pods(1, 99), { ...room, left: 4 })?.advice.room, undefined);
});

test('nothing is said before three Pods have ended whose start was seen', () => {
  assert.equal(startUp(pods(1, 2, 2), room), undefined);
  const unseen = pods(1, 2).map(pod => ({ ...pod, begun: undefined }));
  assert.equal(startUp(unseen, room), undefined);
});

test('one slow pull of the image does not move the median', () => {
  assert.equal(startUp([...pods(1000, 1000, 4), ...pods(90_000, 1000, 1)], room)?.startUpMs, 1000);
});
