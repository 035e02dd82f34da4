import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import {
  ANNOTATION,
  ClusterError,
  createJob,
  deleteJob,
  describeJob,
  type JobRow,
  listEvents,
  listJobs,
  listPods,
  openCluster,
  type PodRow,
  readLog,
  toJobRow,
  toPodRow,
  watch,
} from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { watchUntil } from '../../../src/cluster/until.ts';
import { labUp } from '../../lab/up.ts';
import { labNamespace, WORKER_IMAGE } from './namespace.ts';

const LIMIT = { timeout: 90_000 };
const cluster = await labNamespace();
const { namespace } = cluster;

function job(name: string, o: { run?: string; command: string[]; completions?: number; backoffLimit?: number }) {
  const annotations = {
    [ANNOTATION.run]: o.run ?? `run-of-${name}`,
    [ANNOTATION.queue]: 'job1',
    [ANNOTATION.depth]: '8',
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, annotations },
    spec: {
      completions: o.completions ?? 1,
      parallelism: 2,
      backoffLimit: o.backoffLimit ?? 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'c', image: WORKER_IMAGE, command: o.command }],
        },
      },
    },
  };
}

/** Watches the Jobs until one is as wanted. @returns every state in which it was seen */
function seen(name: string, is: (row: JobRow) => boolean): Promise<JobRow[]> {
  const rows: JobRow[] = [];
  const stop = new AbortController();
  const { promise, resolve } = Promise.withResolvers<JobRow[]>();
  watch<V1Job>(cluster, {
    path: resourcePath('batch/v1', namespace, 'jobs'),
    signal: stop.signal,
    onItems(items) {
      const row = [...items.values()].map(toJobRow).find(one => one.name === name);
      if (row) rows.push(row);
      if (row && is(row)) {
        stop.abort();
        resolve(rows);
      }
    },
    onState() {},
  });
  return promise;
}

test('a run is created, watched to its end, described, read and deleted', LIMIT, async () => {
  const body = job('good', { command: ['sh', '-c', 'echo Processing 日本'], completions: 3 });
  const dry = await createJob(cluster, { namespace, body, dryRun: true });
  assert.equal(dry.completions, 3);
  assert.deepEqual(await listJobs(cluster, namespace), []);

  const done = seen('good', row => row.state === 'complete');
  const created = await createJob(cluster, { namespace, body });
  assert.deepEqual([created.state, created.queue, created.depthAtStart], ['running', 'job1', 8]);
  const last = (await done).at(-1);
  assert.deepEqual([last?.uid, last?.succeeded, last?.failed, last?.active], [created.uid, 3, 0, 0]);
  assert.ok(last?.started !== undefined && last.finished !== undefined && last.finished >= last.started);

  const told = await describeJob(cluster, { namespace, name: 'good' });
  assert.equal(told.job.uid, created.uid);
  assert.deepEqual(told.spec.containers, [
    {
      name: 'c',
      image: WORKER_IMAGE,
      command: ['sh', '-c', 'echo Processing 日本'],
      env: [],
      requests: {},
      limits: {},
      mounts: [],
    },
  ]);
  assert.deepEqual(
    told.pods.map(pod => [pod.phase, pod.exitCode, pod.jobUid]),
    Array(3).fill(['succeeded', 0, created.uid]),
  );
  assert.equal(told.events.filter(event => event.reason === 'SuccessfulCreate').length, 3);
  assert.ok(told.events.some(event => event.object.startsWith('Pod/good-')));
  assert.deepEqual(
    told.events.map(event => event.at),
    told.events.map(event => event.at).sort((a, b) => a - b),
  );
  assert.ok(told.conditions.some(condition => condition.type === 'Complete'));
  const own = await listEvents(cluster, { namespace, names: new Set(['good']) });
  assert.ok(own.length > 0 && own.every(event => event.object === 'Job/good'));

  let log = '';
  const { signal } = new AbortController();
  for await (const text of readLog(cluster, { namespace, pod: told.pods[0]?.name ?? '', signal })) log += text;
  assert.equal(log, 'Processing 日本\n');

  await deleteJob(cluster, { namespace, name: 'good', uid: created.uid });
  await deleteJob(cluster, { namespace, name: 'good' });
  await seenGone('good');
});

/** Waits until neither the Job nor its Pods are listed. */
async function seenGone(name: string): Promise<void> {
  const stop = new AbortController();
  await new Promise<void>(resolve =>
    watch<V1Pod>(cluster, {
      path: resourcePath('v1', namespace, 'pods'),
      query: { labelSelector: `batch.kubernetes.io/job-name=${name}` },
      signal: stop.signal,
      onItems: items => items.size === 0 && resolve(),
      onState() {},
    }),
  );
  stop.abort();
  assert.ok(!(await listJobs(cluster, namespace)).some(row => row.name === name));
}

test('a Job whose name is taken is a conflict; one of the same run is the same', LIMIT, async () => {
  const body = job('taken', { command: ['true'] });
  const first = await createJob(cluster, { namespace, body });
  assert.equal((await createJob(cluster, { namespace, body })).uid, first.uid);
  const other = job('taken', { command: ['true'], run: 'another' });
  await assert.rejects(createJob(cluster, { namespace, body: other }), { code: 'conflict', status: 409 });
  await assert.rejects(createJob(cluster, { namespace, body, dryRun: true }), { code: 'conflict' });
  const wrongUid = '00000000-0000-0000-0000-000000000000';
  await assert.rejects(deleteJob(cluster, { namespace, name: 'taken', uid: wrongUid }), { code: 'conflict' });
});

test('a field that Kubernetes does not know is refused by the dry run, by name', LIMIT, async () => {
  const body = job('typo', { command: ['true'] });
  const spec = { ...body.spec, complections: 8 };
  const create = createJob(cluster, { namespace, body: { ...body, spec }, dryRun: true });
  await assert.rejects(create, (error: Error & { code: string; detail: string }) => {
    assert.equal(error.code, 'invalid');
    assert.match(error.detail, /unknown field "spec\.complections"/);
    return true;
  });
});

test('a Job that fails says why', LIMIT, async () => {
  const ended = seen('bad', row => row.state === 'failed');
  await createJob(cluster, { namespace, body: job('bad', { command: ['sh', '-c', 'exit 3'] }) });
  const last = (await ended).at(-1);
  assert.deepEqual([last?.reason, last?.failed], ['BackoffLimitExceeded', 1]);
  assert.ok(last?.finished !== undefined);
  const [pod] = await listPods(cluster, { namespace, job: 'bad' });
  assert.deepEqual([pod?.phase, pod?.reason, pod?.exitCode], ['failed', 'Error', 3]);
});

test('a log is followed while it is written, and let go in the middle', LIMIT, async () => {
  const command = ['sh', '-c', 'i=0; while true; do echo line $i; i=$((i+1)); sleep 0.1; done'];
  const running = seen('talker', row => row.ready === 1);
  await createJob(cluster, { namespace, body: job('talker', { command }) });
  await running;
  const [pod] = await listPods(cluster, { namespace, job: 'talker' });
  assert.equal(pod?.phase, 'running');
  const stop = new AbortController();
  let text = '';
  for await (const piece of readLog(cluster, { namespace, pod: pod?.name ?? '', follow: true, signal: stop.signal })) {
    text += piece;
    if (/line 5\n/.test(text)) stop.abort();
  }
  assert.match(text, /^line 0\nline 1\n/);
  await deleteJob(cluster, { namespace, name: 'talker' });
});

test('the log of a container that waits for its image is told in the words of the server', LIMIT, async () => {
  const body = job('pulling', { command: ['true'] });
  const [container] = body.spec.template.spec.containers;
  if (container) container.image = 'registry.invalid/nothing:1';
  await createJob(cluster, { namespace, body });
  const pod = await watchUntil<V1Pod, PodRow>(cluster, {
    path: resourcePath('v1', namespace, 'pods'),
    query: { labelSelector: 'batch.kubernetes.io/job-name=pulling' },
    signal: AbortSignal.timeout(60_000),
    timeoutMs: 60_000,
    late: () => new ClusterError('timeout', 'the image was not refused'),
    done: pods => pods.map(toPodRow).find(row => /ImagePull/.test(row.reason ?? '')),
  });
  const { signal } = new AbortController();
  const log = readLog(cluster, { namespace, pod: pod.name, signal });
  await assert.rejects(log.next(), { code: 'invalid' });
  assert.match(pod.message ?? '', /registry\.invalid\/nothing/);
  await deleteJob(cluster, { namespace, name: 'pulling' });
});

test('who may only look is told so when they act, and sees the same', LIMIT, async t => {
  const { kubeconfigs } = await labUp(() => {});
  const viewer = openCluster({ kubeconfig: kubeconfigs.viewer, namespace });
  t.after(() => viewer.close());
  const body = job('forbidden', { command: ['true'] });
  await assert.rejects(createJob(viewer, { namespace, body }), { code: 'forbidden', status: 403 });
  const names = (rows: JobRow[]) => rows.map(row => row.name).sort();
  assert.deepEqual(names(await listJobs(viewer, namespace)), names(await listJobs(cluster, namespace)));
  const developer = openCluster({ kubeconfig: kubeconfigs.developer });
  t.after(() => developer.close());
  await assert.rejects(listJobs(developer, namespace), { code: 'forbidden' });
});
