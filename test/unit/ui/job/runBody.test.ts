import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeName, isJobName } from '../../../../src/ui/commands/job/freeName.ts';
import { runBody } from '../../../../src/ui/commands/job/runBody.ts';

test('a run sets name, namespace, completions and ledger, and leaves the manifest as it is', () => {
  const manifest = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'job-wq-1', labels: { a: 'b' }, annotations: { mine: 'kept' } },
    spec: { completions: 3, parallelism: 2, template: { spec: { restartPolicy: 'OnFailure' } } },
  };
  const before = structuredClone(manifest);
  const run = { name: 'job-wq-1-2', namespace: 'fruit', completions: 8, annotations: { run: 'r1' } };
  assert.deepEqual(runBody(manifest, run), {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'job-wq-1-2',
      namespace: 'fruit',
      labels: { a: 'b' },
      annotations: { mine: 'kept', run: 'r1' },
    },
    spec: { completions: 8, parallelism: 2, template: { spec: { restartPolicy: 'OnFailure' } } },
  });
  assert.deepEqual(manifest, before);
});

test('a manifest with generateName gets a name of its own, since a retried create must not make two Jobs', () => {
  const body = runBody(
    { metadata: { generateName: 'fruit-' } },
    { name: 'fruit-x1', namespace: 'n', completions: 1, annotations: {} },
  );
  assert.deepEqual(body.metadata, { name: 'fruit-x1', namespace: 'n', annotations: {} });
});

test('a taken name gets the next free number', () => {
  assert.equal(freeName('job', new Set()), 'job');
  assert.equal(freeName('job', new Set(['job'])), 'job-2');
  assert.equal(freeName('job', new Set(['job', 'job-2', 'job-4'])), 'job-3');
});

test('a long taken name is shortened to what a Job may be called', () => {
  const name = `${'a'.repeat(60)}-bc`;
  const free = freeName(name, new Set([name]));
  assert.equal(free, `${'a'.repeat(60)}-2`);
  assert.ok(isJobName(free));
  assert.ok(isJobName(freeName('b'.repeat(63), new Set(['b'.repeat(63)]))));
});

test('what Kubernetes would refuse is not a Job name', () => {
  for (const name of ['job-wq-1', '1', 'a.b']) assert.ok(isJobName(name), name);
  for (const name of ['', 'Job', 'a_b', '-a', 'a-', 'a..b', 'a b', 'x'.repeat(64)]) assert.ok(!isJobName(name), name);
});
