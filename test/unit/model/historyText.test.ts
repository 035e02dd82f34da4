import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyCsv, historyJson } from '../../../src/model/historyText.ts';
import type { RunResult } from '../../../src/model/runHistory.ts';

const RESULT: RunResult = {
  uid: 'u1',
  job: 'fruit',
  namespace: 'shop',
  queue: 'job1',
  broker: 'amqp://guest@127.0.0.1',
  state: 'complete',
  reason: undefined,
  items: 8,
  completions: 8,
  done: 8,
  failed: 1,
  left: 0,
  started: Date.UTC(2026, 0, 2, 3, 4, 5),
  finished: Date.UTC(2026, 0, 2, 3, 4, 21),
  findings: ['items-left-behind', 'backoff-exhausted'],
};

test('a result is one record of CSV below the names of its columns', () => {
  assert.equal(
    historyCsv([RESULT]),
    'job,namespace,queue,broker,state,reason,items,completions,done,failed_pods,left,started,finished,seconds,findings,uid\r\n' +
      'fruit,shop,job1,amqp://guest@127.0.0.1,complete,,8,8,8,1,0,2026-01-02T03:04:05.000Z,2026-01-02T03:04:21.000Z,16,items-left-behind backoff-exhausted,u1\r\n',
  );
});

test('names with commas, quotes and line breaks stay one field', () => {
  const [, record = ''] = historyCsv([{ ...RESULT, queue: 'a,"b"\nc' }]).split(/\r\n/);
  assert.ok(record.startsWith('fruit,shop,"a,""b""\nc",'), record);
});

test('no name becomes a formula in a spreadsheet', () => {
  for (const begin of ['=', '+', '-', '@', '\t', '\r']) {
    const csv = historyCsv([{ ...RESULT, queue: `${begin}cmd|'/c calc'!A0` }]);
    assert.match(csv, /shop,"?'[=+\-@\t\r]cmd/);
  }
});

test('JSON has what is known, with times that can be read', () => {
  const [one] = JSON.parse(historyJson([RESULT]));
  const { reason: _, ...known } = RESULT;
  assert.deepEqual(one, { ...known, started: '2026-01-02T03:04:05.000Z', finished: '2026-01-02T03:04:21.000Z' });
});
