import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podsWanted } from '../../../src/workload/findings/shortage.ts';
import { findings } from '../../../src/workload/findings.ts';
import { type LookGiven, look } from './look.ts';

const found = (given: LookGiven) =>
  findings({ looks: [look(given)] }).filter(({ code }) => code === 'pods-not-created');

const QUOTA = 'Error creating: pods "fruit-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1';

test('a Job whose Pods are refused for a quota', () => {
  assert.deepEqual(found({ job: { active: 0 }, shortage: QUOTA }), [
    {
      code: 'pods-not-created',
      severity: 'has-gone-wrong',
      proof: { missing: 2, active: 0, cause: 'quota', message: QUOTA },
      remedies: [],
    },
  ]);
});

test('with one of two Pods at work the run goes on, slower', () => {
  assert.equal(found({ job: { active: 1 }, shortage: QUOTA })[0]?.severity, 'worth-knowing');
});

test('a refusal of before says nothing once all Pods are there, or the Job has ended', () => {
  assert.deepEqual(found({ job: { active: 2 }, shortage: QUOTA }), []);
  assert.deepEqual(found({ job: { active: 0, state: 'failed' }, shortage: QUOTA }), []);
  assert.deepEqual(found({ job: { active: 0, state: 'suspended' }, shortage: QUOTA }), []);
});

const CAUSES: [string, string][] = [
  [QUOTA, 'quota'],
  ['pods "x" is forbidden: violates PodSecurity "restricted:latest": …', 'pod-security'],
  [
    'pods "x" is forbidden: error looking up service account d/none: serviceaccount "none" not found',
    'service-account',
  ],
  ['pods "x" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi', 'limit-range'],
  ['admission webhook "policy" denied the request: no', 'refused'],
];
for (const [message, cause] of CAUSES) {
  test(`the cause of a refusal: ${cause}`, () => {
    assert.equal(found({ job: { active: 0 }, shortage: message })[0]?.proof.cause, cause);
  });
}

const WANTED: [LookGiven['job'], number][] = [
  [{ completions: 8, succeeded: 0, parallelism: 3 }, 3],
  [{ completions: 8, succeeded: 7, parallelism: 3 }, 1],
  [{ completions: 8, succeeded: 8, parallelism: 3 }, 0],
  [{ completions: undefined, succeeded: 0, parallelism: 3 }, 3],
  [{ completions: undefined, succeeded: 1, parallelism: 3 }, 0],
  [{ completions: 8, succeeded: 0, parallelism: 3, state: 'suspended' }, 0],
];
for (const [job, wanted] of WANTED) {
  test(`Pods that a Job should have at once: ${wanted} for ${JSON.stringify(job)}`, () => {
    assert.equal(podsWanted(look({ job })), wanted);
  });
}
