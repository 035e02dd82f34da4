import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Claim, completionsFor } from '../../../src/workload/completions.ts';

const claim = (completions: number | undefined, succeeded = 0, active = 0): Claim => ({
  completions,
  succeeded,
  active,
});

const CASES: [string, { ready: number; claims: Claim[]; unacked?: number }, number, number][] = [
  ['eight messages and nobody else need eight', { ready: 8, claims: [] }, 8, 0],
  ['an empty queue needs none', { ready: 0, claims: [] }, 0, 0],
  ['a Job that has not begun takes all of its completions', { ready: 8, claims: [claim(5)] }, 3, 5],
  ['what a Job has done it takes no more', { ready: 8, claims: [claim(5, 3)] }, 6, 2],
  ['what its Pods hold is not ready any more', { ready: 8, claims: [claim(5, 1, 2)] }, 6, 2],
  ['a Job at its end takes nothing', { ready: 8, claims: [claim(5, 4, 1)] }, 8, 0],
  ['a finished Job takes nothing', { ready: 8, claims: [claim(5, 5)] }, 8, 0],
  ['two Jobs take both', { ready: 10, claims: [claim(3), claim(4, 1, 1)] }, 5, 5],
  ['Jobs that take more than there is leave nothing', { ready: 3, claims: [claim(8)] }, 0, 8],
  ['a Job without completions takes until the queue is empty', { ready: 8, claims: [claim(undefined, 2, 2)] }, 0, 8],
  ['such a Job beside others still takes all', { ready: 8, claims: [claim(2), claim(undefined)] }, 0, 8],
  ['Pods that start hold nothing yet', { ready: 8, claims: [claim(4, 0, 2)], unacked: 0 }, 4, 4],
  ['of two Pods one holds its message', { ready: 8, claims: [claim(4, 0, 2)], unacked: 1 }, 5, 3],
  ['unacked messages of others are no claim', { ready: 8, claims: [claim(4, 0, 2)], unacked: 9 }, 6, 2],
  ['more Pods than completions owed hold only those owed', { ready: 8, claims: [claim(4, 3, 2)] }, 8, 0],
  ['more succeeded than completions is no negative claim', { ready: 8, claims: [claim(4, 6)] }, 8, 0],
  ['unacked without claims changes nothing', { ready: 8, claims: [], unacked: 3 }, 8, 0],
];
for (const [name, input, completions, claimed] of CASES) {
  test(name, () =>
    assert.deepEqual(completionsFor(input), { completions, explanation: { ready: input.ready, claimed } }),
  );
}

test('a run that is started twice on the same messages gets none the second time', () => {
  const first = completionsFor({ ready: 8, claims: [] }).completions;
  assert.equal(completionsFor({ ready: 8, claims: [claim(first)] }).completions, 0);
  assert.equal(completionsFor({ ready: 6, claims: [claim(first, 0, 2)], unacked: 2 }).completions, 0);
});
