import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../../src/model/runHistory.ts';

const { historyItem } = await import('../../../src/ui/views/historyItems.ts');

const run: RunResult = {
  uid: 'u',
  job: 'fruit',
  namespace: 'default',
  broker: 'amqp://rabbit:5672',
  queue: 'job1',
  state: 'complete',
  reason: undefined,
  items: 8,
  completions: 8,
  done: 8,
  failed: 0,
  left: 1,
  started: 0,
  finished: 16_000,
  findings: ['items-left-behind', 'image-pull'],
};

test('a run of before says in words what was found, and shows that it was not all right', () => {
  const item = historyItem('id', run, 16_000);
  assert.match(String(item.description), /^8 of 8 done · took 16 s · /);
  assert.match(String(item.tooltip), /Found: items left in the queue, image-pull$/);
  assert.equal((item.iconPath as { id: string }).id, 'warning');
});

test('a run in which nothing was found says nothing of it', () => {
  const item = historyItem('id', { ...run, findings: [] }, 16_000);
  assert.doesNotMatch(String(item.tooltip), /Found/);
  assert.equal((item.iconPath as { id: string }).id, 'pass');
});
