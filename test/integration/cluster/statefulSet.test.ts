import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply, type StatefulSetProgress, waitForStatefulSet } from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { labNamespace, WORKER_IMAGE } from './namespace.ts';

const LIMIT = { timeout: 90_000 };
const cluster = await labNamespace();
const { namespace } = cluster;

function statefulSet(name: string, container: Record<string, unknown>): Record<string, unknown> {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'c', image: WORKER_IMAGE, command: ['sleep', '1000'], ...container }],
        },
      },
    },
  };
}

/** Applies a StatefulSet that will not become ready and waits until it says the reason. */
async function reasonOf(
  name: string,
  container: Record<string, unknown>,
  reason: RegExp,
): Promise<StatefulSetProgress> {
  await apply(cluster, { namespace, objects: [statefulSet(name, container)] });
  const stop = new AbortController();
  let found: StatefulSetProgress | undefined;
  const wait = waitForStatefulSet(cluster, {
    namespace,
    name,
    signal: stop.signal,
    timeoutMs: 60_000,
    onProgress(what) {
      if (!reason.test(what.reason ?? '')) return;
      found ??= what;
      stop.abort();
    },
  });
  await assert.rejects(wait, { code: 'cancelled' });
  assert.ok(found);
  assert.deepEqual([found.ready, found.wanted], [0, 1]);
  return found;
}

test('a StatefulSet that becomes ready ends the wait, and its way there is told', LIMIT, async () => {
  const readinessProbe = { exec: { command: ['test', '-e', '/tmp/ok'] }, periodSeconds: 1 };
  const command = ['sh', '-c', 'sleep 2; touch /tmp/ok; sleep 1000'];
  await apply(cluster, { namespace, objects: [statefulSet('good', { command, readinessProbe })] });
  const told: StatefulSetProgress[] = [];
  const { signal } = new AbortController();
  await waitForStatefulSet(cluster, { namespace, name: 'good', signal, onProgress: what => told.push(what) });
  assert.equal(told[0]?.ready, 0);
  assert.deepEqual(told.at(-1), { ready: 1, wanted: 1, reason: undefined, message: undefined });
});

test('an image that cannot be pulled is the reason', LIMIT, async () => {
  const { message } = await reasonOf('pull', { image: 'registry.invalid/nothing:1' }, /ErrImagePull|ImagePullBackOff/);
  assert.match(message ?? '', /registry\.invalid/);
});

test('a Pod that fits on no node is the reason', LIMIT, async () => {
  const { message } = await reasonOf('large', { resources: { requests: { cpu: '1000' } } }, /^Unschedulable$/);
  assert.match(message ?? '', /Insufficient cpu/);
});

test('a container that ends again and again is the reason', LIMIT, async () => {
  // Without a probe Kubernetes calls it ready for the moment in which it runs.
  const readinessProbe = { exec: { command: ['false'] } };
  const { message } = await reasonOf('crash', { command: ['false'], readinessProbe }, /^CrashLoopBackOff$/);
  assert.match(message ?? '', /back-off|exit/i);
});

test('a Pod that the namespace’s quota forbids is the reason', LIMIT, async t => {
  const path = resourcePath('v1', namespace, 'resourcequotas');
  const quota = { metadata: { name: 'small' }, spec: { hard: { 'requests.memory': '1Mi' } } };
  await cluster.request({ method: 'POST', path, body: quota });
  t.after(() => cluster.request({ method: 'DELETE', path: `${path}/small` }));
  const { message } = await reasonOf('quota', { resources: { requests: { memory: '64Mi' } } }, /^FailedCreate$/);
  assert.match(message ?? '', /exceeded quota|must specify|status unknown for quota/);
});

test('when the time is up the error says what it still waited for', LIMIT, async () => {
  await apply(cluster, { namespace, objects: [statefulSet('late', { image: 'registry.invalid/late:1' })] });
  const { signal } = new AbortController();
  const wait = waitForStatefulSet(cluster, { namespace, name: 'late', signal, timeoutMs: 4000 });
  await assert.rejects(wait, (error: Error & { code: string; detail: string }) => {
    assert.equal(error.code, 'not-ready');
    assert.match(error.detail, /ErrImagePull|ImagePullBackOff/);
    return true;
  });
});

test('a StatefulSet that does not exist is not waited for', LIMIT, async () => {
  const { signal } = new AbortController();
  await assert.rejects(waitForStatefulSet(cluster, { namespace, name: 'nothing', signal }), { code: 'not-found' });
});

test(
  'applying twice changes nothing; a field that another manager owns is a conflict that names it',
  LIMIT,
  async () => {
    const service = (port: number) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'svc' },
      spec: { selector: { app: 'x' }, ports: [{ name: 'amqp', port, protocol: 'TCP' }] },
    });
    const path = resourcePath('v1', namespace, 'services', 'svc');
    await apply(cluster, { namespace, objects: [service(5672)], dryRun: true });
    await assert.rejects(cluster.request({ path }), { code: 'not-found' });
    await apply(cluster, { namespace, objects: [service(5672)] });
    const version = async () =>
      (await cluster.request<{ metadata: { resourceVersion: string } }>({ path })).metadata.resourceVersion;
    const before = await version();
    await apply(cluster, { namespace, objects: [service(5672)] });
    assert.equal(await version(), before);

    await cluster.request({
      method: 'PATCH',
      path,
      query: { fieldManager: 'somebody-else' },
      contentType: 'application/merge-patch+json',
      body: { spec: { selector: { app: 'y' } } },
    });
    await assert.rejects(
      apply(cluster, { namespace, objects: [service(5672)] }),
      (error: Error & { code: string; detail: string }) => {
        assert.equal(error.code, 'conflict');
        assert.match(error.detail, /somebody-else/);
        assert.match(error.detail, /\.spec\.selector/);
        return true;
      },
    );
  },
);
