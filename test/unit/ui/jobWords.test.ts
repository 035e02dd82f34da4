import assert from 'node:assert/strict';
import { test } from 'node:test';
import './editorStub.ts';
import type { JobRow, PodRow } from '../../../src/cluster/index.ts';
import type { Run } from '../../../src/model/runs.ts';

const { paceWords, runWords } = await import('../../../src/ui/jobWords.ts');
const { podReason } = await import('../../../src/ui/podReason.ts');

const MINUTE = 60_000;

const job: JobRow = {
  uid: 'u',
  name: 'fruit',
  namespace: 'default',
  state: 'running',
  reason: undefined,
  message: undefined,
  completions: 8,
  parallelism: 2,
  succeeded: 4,
  failed: 0,
  active: 2,
  ready: 2,
  created: 0,
  started: 0,
  finished: undefined,
  queue: 'job1',
  run: undefined,
  depthAtStart: 8,
};

const run = (change: Partial<JobRow> = {}, more: Partial<Run> = {}): Run => ({
  job: { ...job, ...change },
  pods: [],
  queue: undefined,
  findings: [],
  ...more,
});

test('a running Job says how far it is, for how long it runs and how long it will take', () => {
  assert.equal(runWords(run(), 2 * MINUTE), '4 of 8 done, 2 running · 2 min 0 s · about 2 min 0 s left');
  assert.equal(paceWords(run(), 2 * MINUTE), '2 items a minute');
  assert.equal(paceWords(run(), 4 * MINUTE), '1 item a minute');
});

test('a Job that has ended says how long it took', () => {
  const ended = { state: 'complete', succeeded: 8, active: 0, finished: 3 * MINUTE } as const;
  assert.equal(runWords(run(ended), 99 * MINUTE), '8 of 8 done · took 3 min 0 s');
  assert.equal(paceWords(run(ended), 99 * MINUTE), undefined);
});

test('a Job that waits for nothing is not promised an end', () => {
  const findings: Run['findings'] = [
    { code: 'waiting-on-empty-queue', severity: 'has-gone-wrong', proof: {}, remedies: [] },
  ];
  assert.equal(runWords(run({}, { findings }), 2 * MINUTE), '4 of 8 done, 2 running · 2 min 0 s');
});

test('a suspended Job says no time', () => {
  assert.equal(runWords(run({ state: 'suspended', active: 0 }), 2 * MINUTE), 'suspended, 4 of 8 done');
});

test('the time of Pods that were done before a suspension is left out of the pace', () => {
  const pods = [1, 2, 3].map(n => ({ phase: 'succeeded', finished: n * 1000 }) as PodRow);
  const resumed = run({ started: 10 * MINUTE, succeeded: 5 }, { pods });
  assert.equal(runWords(resumed, 12 * MINUTE), '5 of 8 done, 2 running · 2 min 0 s · about 3 min 0 s left');
});

test('Kubernetes’ words for why a Pod waits become words for people', () => {
  assert.equal(podReason('OOMKilled'), 'out of memory');
  assert.equal(podReason('Unschedulable'), 'no node has room for it');
  assert.equal(podReason('SomethingNew'), 'SomethingNew');
  assert.equal(podReason('constructor'), 'constructor');
  for (const silent of [undefined, 'Error', 'Completed']) assert.equal(podReason(silent), undefined);
});
