import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeName } from '../../../../src/ui/commands/job/freeName.ts';
import { largeRunAdvice } from '../../../../src/ui/commands/job/largeRun.ts';
import { runBody } from '../../../../src/ui/commands/job/runBody.ts';
import { readManifest } from '../../../../src/workload/manifest.ts';

const { takesMany } = await import('../../../../src/ui/commands/job/runSource.ts');

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
  assert.equal(freeName('b'.repeat(63), new Set(['b'.repeat(63)])).length, 63);
});

test('a run whose Pods take many items each has no completions, and a large one another limit of failures', () => {
  const spec = { parallelism: 4 };
  const run = { name: 'a', namespace: 'n', completions: undefined, backoffLimit: 100, annotations: {} };
  assert.deepEqual(runBody({ metadata: {}, spec }, run).spec, { parallelism: 4, backoffLimit: 100 });
});

const large = (text: string) => {
  const [job] = readManifest(`kind: Job\napiVersion: batch/v1\nspec:\n${text}`).jobs;
  assert.ok(job);
  return job;
};

test('only a large run with the limit of failures that Kubernetes takes is offered another', () => {
  assert.equal(largeRunAdvice(large('  completions: 8'), 99), undefined);
  assert.equal(largeRunAdvice(large('  completions: 8'), 1000)?.betterLimit, 100);
  assert.equal(largeRunAdvice(large('  backoffLimit: 6'), 1000)?.betterLimit, 100);
  assert.equal(largeRunAdvice(large('  backoffLimit: 50'), 1000)?.betterLimit, undefined);
});

test('a large run is told of evictions and of its Pods that stay, where that is so', () => {
  const told = largeRunAdvice(large('  template: {spec: {restartPolicy: Never}}'), 1000);
  assert.deepEqual([told?.countsEvictions, told?.staysForever], [true, true]);
  const cared =
    '  podFailurePolicy: {rules: []}\n  ttlSecondsAfterFinished: 60\n  template: {spec: {restartPolicy: Never}}';
  const quiet = largeRunAdvice(large(cared), 1000);
  assert.deepEqual([quiet?.countsEvictions, quiet?.staysForever], [false, false]);
});

test('the shape that takes many items is known by its annotation, unless completions are written', () => {
  const job = (text: string) => {
    const [found] = readManifest(
      `kind: Job\napiVersion: batch/v1\nmetadata: {annotations: {work-queue.vscode/shape: many-items}}\nspec: {${text}}`,
    ).jobs;
    assert.ok(found);
    return takesMany(found);
  };
  assert.equal(job('parallelism: 2'), true);
  assert.equal(job('completions: 2'), false);
  assert.equal(takesMany(large('  parallelism: 2')), false);
});
