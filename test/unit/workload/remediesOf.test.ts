import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, FindingCode } from '../../../src/workload/findings.ts';
import { remediesOf } from '../../../src/workload/remediesOf.ts';

const REST = { action: 'run-rest', numbers: { completions: 2 } } as const;

const actions = (code: FindingCode, proof: Finding['proof'], more: Partial<Finding> = {}) =>
  remediesOf({ code, severity: 'has-gone-wrong', proof, remedies: [REST], ...more }).map(({ action, numbers }) => [
    action,
    ...Object.values(numbers),
  ]);

test('a Job that waits for nothing can be stopped and kept before it is deleted', () => {
  const proof = { succeeded: 3, active: 1, owed: 2 };
  assert.deepEqual(actions('waiting-on-empty-queue', proof, { cause: 'too-many-completions' }), [
    ['stop-job', 3, 1],
    ['run-rest', 2],
  ]);
});

test('missing items are added back only where it is known whose they were', () => {
  const proof = { succeeded: 3, active: 1, owed: 1, missing: 1 };
  const cause = { cause: 'acked-without-success' } as const;
  assert.deepEqual(
    actions('waiting-on-empty-queue', { ...proof, pods: 1, pod: 'fruit-a' }, cause).map(([action]) => action),
    ['stop-job', 'add-missing', 'run-rest'],
  );
  for (const other of [
    actions('waiting-on-empty-queue', proof, cause),
    actions('waiting-on-empty-queue', { ...proof, pods: 1, pod: 'a' }, { cause: 'taken-by-others' }),
  ]) {
    assert.deepEqual(
      other.map(([action]) => action),
      ['stop-job', 'run-rest'],
    );
  }
});

test('Pods that wait on a queue that is gone are replaced for what the new one holds', () => {
  assert.deepEqual(actions('pods-not-consuming', { active: 2, ready: 5 })[0], ['replace-job', 5]);
});

test('items that failed can be put aside, as many as came back', () => {
  assert.deepEqual(actions('failed-item-counted-as-done', { items: 2 }).at(-1), ['set-aside', 2]);
  assert.deepEqual(actions('backoff-exhausted', { failed: 7 }).at(-1), ['set-aside']);
});

test('an ack timeout is raised to twice what was needed or is set, in whole minutes', () => {
  const raised = (timeoutMs: number, tookMs: number) => actions('ack-timeout-risk', { timeoutMs, tookMs }).at(-1);
  assert.deepEqual(raised(1_800_000, 900_000), ['raise-ack-timeout', 3_600_000]);
  assert.deepEqual(raised(60_000, 90_500), ['raise-ack-timeout', 240_000]);
});

test('what else is found keeps the remedies of its rule', () => {
  assert.deepEqual(actions('items-left-behind', { items: 2 }), [['run-rest', 2]]);
});
