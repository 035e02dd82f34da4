import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ItemStore } from '../../../src/cluster/itemStore.ts';

test('a change is told at once when it is quiet, those that follow together after a tenth of a second', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  const pass = (ms: number) => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  const told: string[] = [];
  const ended = new AbortController();
  const store = new ItemStore<number>(rows => told.push([...rows].join(' ')), ended.signal);
  store.replace(new Map([['a', 1]]));
  assert.deepEqual(told, ['a,1'], 'the first list at once');
  pass(500);
  store.set('a', 2);
  store.set('b', 1);
  pass(0);
  assert.deepEqual(told.slice(1), ['a,2 b,1'], 'what came in one piece is told together');
  store.set('a', 3);
  pass(50);
  store.remove('b');
  pass(49);
  assert.equal(told.length, 2);
  pass(1);
  assert.deepEqual(told.slice(2), ['a,3']);
  store.set('a', 4);
  ended.abort();
  pass(1000);
  assert.equal(told.length, 3, 'nothing after the end');
});
