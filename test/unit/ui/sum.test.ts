import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionsFor } from '../../../src/workload/completions.ts';

const { sumLines } = await import('../../../src/ui/editor/sum.ts');

type Claims = Parameters<typeof sumLines>[1]['claims'];

/** The sum of a queue with so many messages ready and unacked, and these active Jobs on it. */
function sum(ready: number, unacked: number, claims: Claims): string[] {
  const queue = { exists: true, ready, unacked, consumers: 0 };
  const needed = completionsFor({ ready, claims, unacked });
  return sumLines('job1', { broker: { kind: 'live' }, queue, claims, needed });
}

test('without other Jobs a run needs what is ready', () => {
  assert.deepEqual(sum(8, 0, []), ['8 messages ready in job1', '= 8 completions for a run now']);
});

test('what active Jobs will take goes off by their names, but for what their Pods have already', () => {
  const claims = [
    { name: 'a', completions: 5, succeeded: 2, active: 2 },
    { name: 'b', completions: 2, succeeded: 0, active: 0 },
  ];
  assert.deepEqual(sum(8, 2, claims), [
    '8 messages ready in job1',
    '− 3 for Job a, 2 of 5 done',
    '− 2 for Job b, 0 of 2 done',
    '+ 2 of these are with its Pods already',
    '= 5 completions for a run now',
  ]);
});

test('a Job without completions takes all', () => {
  assert.deepEqual(sum(8, 0, [{ name: 'a', completions: undefined, succeeded: 0, active: 1 }]), [
    '8 messages ready in job1',
    '− all of them: Job a takes messages until the queue is empty',
    '= 0 completions for a run now',
  ]);
});

test('the sum adds up, whatever the Jobs have, unless they take more than there is', () => {
  for (let seed = 0; seed < 200; seed++) {
    const claims = [
      { name: 'a', completions: seed % 7, succeeded: seed % 3, active: seed % 4 },
      { name: 'b', completions: seed % 5, succeeded: 0, active: seed % 2 },
    ];
    const lines = sum(50, seed % 6, claims);
    const numbers = lines.map(line => Number(/^[−+=]? ?(\d+)/.exec(line)?.[1]) * (line.startsWith('−') ? -1 : 1));
    const result = numbers.pop();
    assert.equal(
      numbers.reduce((a, b) => a + b, 0),
      result,
      lines.join('\n'),
    );
  }
});

test('what is not known is said so', () => {
  const unknown = { broker: { kind: 'none' } as const, queue: undefined, claims: [], needed: undefined };
  assert.deepEqual(sumLines('job1', unknown), ['How many messages are ready in the queue is not known.']);
  const missing = { exists: false, ready: undefined, unacked: undefined, consumers: undefined };
  assert.deepEqual(sumLines('job1', { ...unknown, queue: missing }), ['Queue job1 does not exist.']);
});
