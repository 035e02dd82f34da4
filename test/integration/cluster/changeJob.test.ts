import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job } from '@kubernetes/client-node';
import {
  ClusterError,
  createJob,
  deleteJob,
  type JobRow,
  listPods,
  openCluster,
  patchJob,
  readJobAgain,
  readLog,
  reviewRights,
  stopJob,
  toJobRow,
  waitForPodsToEnd,
} from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { watchUntil } from '../../../src/cluster/until.ts';
import { allows, RIGHTS } from '../../../src/model/rights.ts';
import { labUp } from '../../lab/up.ts';
import { labNamespace, seenThrough, WORKER_IMAGE } from './namespace.ts';

const LIMIT = { timeout: 60_000 };
const cluster = await labNamespace();
const { namespace } = cluster;
const { signal } = new AbortController();

/** Two Pods that work until they are ended, and say that they have begun. */
const body = (name: string, spec: Record<string, unknown> = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    completions: 6,
    parallelism: 2,
    backoffLimit: 0,
    ...spec,
    template: {
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'c', image: WORKER_IMAGE, command: ['sh', '-c', 'echo begun; sleep 600'] }],
      },
    },
  },
});

/** Waits until a Job is as wanted. */
function seen(name: string, is: (job: JobRow) => boolean): Promise<JobRow> {
  return watchUntil<V1Job, JobRow>(cluster, {
    path: resourcePath('batch/v1', namespace, 'jobs'),
    signal,
    timeoutMs: 40_000,
    late: () => new ClusterError('timeout', `${name} is not as wanted`),
    done: jobs => jobs.map(toJobRow).find(job => job.name === name && is(job)),
  });
}

test('a Job is suspended, resumed and given another parallelism; another Job of its name is not', LIMIT, async () => {
  const job = await createJob(cluster, { namespace, body: body('change') });
  const { name, uid } = job;
  await seen(name, ({ ready }) => ready === 2);
  await patchJob(cluster, { namespace, name, uid, spec: { suspend: true } });
  await seen(name, ({ state, active }) => state === 'suspended' && active === 0);
  await patchJob(cluster, { namespace, name, uid, spec: { suspend: false, parallelism: 3 } });
  assert.equal((await seen(name, ({ ready }) => ready === 3)).parallelism, 3);
  await patchJob(cluster, { namespace, name, uid, spec: { parallelism: 0 } });
  await seen(name, ({ active }) => active === 0);
  const other = { namespace, name, uid: '00000000-0000-0000-0000-000000000000' };
  await assert.rejects(patchJob(cluster, { ...other, spec: { parallelism: 1 } }), { code: 'conflict' });
  await assert.rejects(patchJob(cluster, { namespace, name, uid, spec: { parallelism: -1 } }), { code: 'invalid' });
  const gone = { namespace, name: 'never', uid };
  await assert.rejects(patchJob(cluster, { ...gone, spec: { parallelism: 1 } }), { code: 'not-found' });
});

test('a Job that is stopped has ended, and its Pods are there with their logs', LIMIT, async () => {
  const { name, uid } = await createJob(cluster, { namespace, body: body('stop') });
  await seen(name, ({ ready }) => ready === 2);
  const left: number[] = [];
  const kept = await stopJob(cluster, { namespace, name, uid, signal, onLeft: pods => left.push(pods) });
  assert.equal(kept, 2);
  assert.equal(left[0], 2);
  const job = await seen(name, ({ state }) => state === 'failed');
  assert.equal(job.reason, 'DeadlineExceeded');
  const pods = await listPods(cluster, { namespace, job: name });
  assert.deepEqual(
    pods.map(({ phase, terminating }) => [phase, terminating]),
    Array(2).fill(['failed', false]),
  );
  for (const pod of pods) {
    let log = '';
    for await (const text of readLog(cluster, { namespace, pod: pod.name, signal })) log += text;
    assert.equal(log, 'begun\n');
  }
});

/** The cluster, on which no Pod's deadline can be set: why not. */
const refusing = (error: ClusterError) =>
  seenThrough(cluster, async o => {
    if (o.method === 'PATCH' && o.path.includes('/pods/')) throw error;
    return cluster.request(o);
  });

test('a Job is not stopped, and its logs not lost, because the cluster was busy for a moment', LIMIT, async () => {
  const { name, uid } = await createJob(cluster, { namespace, body: body('busy') });
  await seen(name, ({ ready }) => ready === 2);
  const busy = refusing(new ClusterError('throttled', 'too many requests'));
  await assert.rejects(stopJob(busy, { namespace, name, uid, signal }), { code: 'throttled' });
  const pods = await listPods(cluster, { namespace, job: name });
  assert.deepEqual(
    pods.map(({ phase, terminating }) => [phase, terminating]),
    Array(2).fill(['running', false]),
  );
  await deleteJob(cluster, { namespace, name, uid });
});

test('who may not change Pods stops a Job all the same, without its Pods', LIMIT, async () => {
  const { name, uid } = await createJob(cluster, { namespace, body: body('forbidden') });
  await seen(name, ({ ready }) => ready === 2);
  const forbidding = refusing(new ClusterError('forbidden', 'cannot patch resource "pods"'));
  assert.equal(await stopJob(forbidding, { namespace, name, uid, signal }), 0);
  assert.equal((await seen(name, ({ state }) => state === 'failed')).reason, 'DeadlineExceeded');
});

test(
  'a Job that was stopped is read as the manifest it was made from, and takes a name of its own',
  LIMIT,
  async () => {
    const { name, uid } = await createJob(cluster, {
      namespace,
      body: body('again', { suspend: true, parallelism: 4 }),
    });
    await seen(name, ({ state }) => state === 'suspended');
    assert.equal(await stopJob(cluster, { namespace, name, uid, signal }), 0);
    await seen(name, ({ state }) => state === 'failed');
    assert.deepEqual(await listPods(cluster, { namespace, job: name }), []);
    const manifest = await readJobAgain(cluster, { namespace, name, uid });
    const { spec } = manifest as { spec: Record<string, unknown> };
    assert.deepEqual([spec.parallelism, spec.backoffLimit, spec.activeDeadlineSeconds], [4, 0, undefined]);
    const next = { ...manifest, metadata: { name: 'again-rest' }, spec: { ...spec, completions: 2 } };
    const row = await createJob(cluster, { namespace, body: next, dryRun: true });
    assert.deepEqual([row.name, row.completions, row.parallelism], ['again-rest', 2, 4]);
    const wrong = { namespace, name, uid: '00000000-0000-0000-0000-000000000000' };
    await assert.rejects(readJobAgain(cluster, wrong), { code: 'conflict' });
  },
);

test('a Job that is deleted is waited for until its Pods have had their grace', LIMIT, async () => {
  const { name, uid } = await createJob(cluster, { namespace, body: body('delete') });
  await seen(name, ({ ready }) => ready === 2);
  await deleteJob(cluster, { namespace, name, uid });
  const left: number[] = [];
  const wait = { namespace, jobUid: uid, signal, onLeft: (pods: unknown[]) => left.push(pods.length) };
  assert.equal(await waitForPodsToEnd(cluster, wait), 0);
  assert.equal(left[0], 2);
  const there = await listPods(cluster, { namespace, job: name });
  assert.ok(there.every(({ phase }) => phase === 'failed'));
});

test('what the restricted users may do is known from one review a namespace', LIMIT, async t => {
  const { kubeconfigs } = await labUp(() => {});
  const may = async (kubeconfig: string, of: string) => {
    const user = openCluster({ kubeconfig });
    t.after(() => user.close());
    const review = await reviewRights(user, of);
    const rights = [RIGHTS.createJobs, RIGHTS.patchJobs, RIGHTS.deleteJobs, RIGHTS.readLogs];
    return rights.map(right => allows(review, right));
  };
  assert.deepEqual(await may(kubeconfigs.viewer, namespace), [false, false, false, true]);
  assert.deepEqual(await may(kubeconfigs.developer, 'team'), [true, true, true, true]);
  assert.deepEqual(await may(kubeconfigs.developer, namespace), [false, false, false, false]);
});

test('who may not change Jobs is refused with the verb and the resource', LIMIT, async t => {
  const { kubeconfigs } = await labUp(() => {});
  const viewer = openCluster({ kubeconfig: kubeconfigs.viewer });
  t.after(() => viewer.close());
  const change = patchJob(viewer, { namespace, name: 'change', uid: 'any', spec: { suspend: true } });
  await assert.rejects(change, (error: Error & { code: string; detail: string }) => {
    assert.equal(error.code, 'forbidden');
    assert.match(error.detail, /cannot patch resource "jobs"/);
    return true;
  });
});
