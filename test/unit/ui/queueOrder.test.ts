import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueueKnown } from '../../../src/model/queues.ts';
import { QueueOrder } from '../../../src/ui/queueOrder.ts';

const queue = (name: string, ready?: number): QueueKnown => ({
  name,
  type: 'classic',
  durable: true,
  ready,
  unacked: undefined,
  consumers: undefined,
  at: 0,
  sample: { ready, unacked: undefined, at: 0 },
});
const queues = [queue('Job-a', 2), queue('b', 30), queue('job-c'), queue('job-d', 4)];
const names = (order: QueueOrder) => order.apply(queues).map(({ name }) => name);

test('without a filter all queues are shown, by name', () => {
  assert.deepEqual(names(new QueueOrder()), ['Job-a', 'b', 'job-c', 'job-d']);
});

test('a filter takes the queues with the text anywhere in the name, whatever the case', () => {
  const order = new QueueOrder();
  let changes = 0;
  order.onDidChange.on(() => changes++);
  order.set({ filter: 'JOB' });
  assert.deepEqual(names(order), ['Job-a', 'job-c', 'job-d']);
  order.set({ filter: '' });
  assert.equal(names(order).length, 4);
  assert.equal(changes, 2);
});

test('sorted by a figure the largest stands first and an unknown one last; the filter stays', () => {
  const order = new QueueOrder();
  order.set({ sort: 'ready' });
  assert.deepEqual(names(order), ['b', 'job-d', 'Job-a', 'job-c']);
  order.set({ filter: 'job' });
  assert.deepEqual(names(order), ['job-d', 'Job-a', 'job-c']);
});
