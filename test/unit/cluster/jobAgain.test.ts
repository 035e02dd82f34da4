import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asManifest } from '../../../src/cluster/jobAgain.ts';

const generated = {
  'controller-uid': 'u',
  'job-name': 'wq',
  'batch.kubernetes.io/controller-uid': 'u',
  'batch.kubernetes.io/job-name': 'wq',
};

const job = (annotations: Record<string, string> = {}, spec: Record<string, unknown> = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name: 'wq',
    namespace: 'n',
    uid: 'u',
    resourceVersion: '7',
    generation: 2,
    managedFields: [],
    labels: { ...generated, mine: 'kept' },
    annotations: { ...annotations, mine: 'kept', 'work-queue.vscode/run': 'r', 'batch.kubernetes.io/job-tracking': '' },
  },
  spec: {
    completions: 8,
    parallelism: 2,
    suspend: true,
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
    template: {
      metadata: { creationTimestamp: null, labels: { ...generated, own: 'kept' } },
      spec: { containers: [] },
    },
    ...spec,
  },
  status: { succeeded: 3 },
});

test('what the server and the run have added to a Job is no part of its manifest', () => {
  const stored = job();
  const before = structuredClone(stored);
  assert.deepEqual(asManifest(stored), {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'wq', namespace: 'n', labels: { mine: 'kept' }, annotations: { mine: 'kept' } },
    spec: {
      completions: 8,
      parallelism: 2,
      template: { metadata: { labels: { own: 'kept' } }, spec: { containers: [] } },
    },
  });
  assert.deepEqual(stored, before);
});

test('a Job that was stopped is run again as it was before', () => {
  const before = JSON.stringify({ parallelism: 4, backoffLimit: 6 });
  const stored = job(
    { 'work-queue.vscode/before-stop': before },
    { parallelism: 0, backoffLimit: 16, activeDeadlineSeconds: 1 },
  );
  const { spec } = asManifest(stored) as { spec: Record<string, unknown> };
  assert.deepEqual([spec.parallelism, spec.backoffLimit, spec.activeDeadlineSeconds], [4, 6, undefined]);
});

test('a selector that was written by hand stays, with the labels it selects', () => {
  const { spec } = asManifest(job({}, { manualSelector: true })) as { spec: ReturnType<typeof job>['spec'] };
  assert.deepEqual(spec.selector, job().spec.selector);
  assert.deepEqual(spec.template.metadata.labels, job().spec.template.metadata.labels);
});

test('the completions that the server put in for a Job that takes many items a Pod are taken out', () => {
  const shape = { 'work-queue.vscode/shape': 'many-items' };
  const { metadata, spec } = asManifest(job(shape, { completions: 1, parallelism: 1 })) as ReturnType<typeof job>;
  assert.equal(spec.completions, undefined);
  assert.equal(metadata.annotations['work-queue.vscode/shape' as 'mine'], 'many-items');
});
