import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Pod } from '@kubernetes/client-node';
import { ClusterError } from '../../../src/cluster/error.ts';
import { findService, imageBehind, resolveInCluster } from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { watchUntil } from '../../../src/cluster/until.ts';
import { labUp } from '../../lab/up.ts';
import { labNamespace, WORKER_IMAGE } from './namespace.ts';

const LIMIT = { timeout: 120_000 };
const cluster = await labNamespace();
const { namespace } = cluster;
const { broker } = await labUp(() => {});
const host = `${broker.service}.${broker.namespace}`;

const pods = async () =>
  (await cluster.request<{ items: V1Pod[] }>({ path: resourcePath('v1', namespace, 'pods') })).items;

test(
  'a Service that exists resolves in a Pod, with the broker’s own image, and the Pod is gone afterwards',
  LIMIT,
  async () => {
    const service = await findService(cluster, host);
    assert.deepEqual(service, { namespace: broker.namespace, name: broker.service });
    const image = await imageBehind(cluster, service ?? { namespace: '', name: '' });
    assert.match(image ?? '', /rabbitmq/);
    const { signal } = new AbortController();
    const { resolved, address } = await resolveInCluster(cluster, { namespace, host, image: image ?? '', signal });
    assert.equal(resolved, true);
    assert.equal(address, new URL(broker.url.replace('amqp:', 'http:')).hostname);
    assert.deepEqual(await pods(), []);
  },
);

test('a name that nobody has does not resolve, and that is an answer', LIMIT, async () => {
  const { signal } = new AbortController();
  const answer = await resolveInCluster(cluster, { namespace, host: 'nothing', image: WORKER_IMAGE, signal });
  assert.deepEqual(answer, { resolved: false, address: undefined, detail: 'nothing does not resolve' });
  assert.deepEqual(await pods(), []);
});

test('an image that cannot be pulled is told instead of an answer, and the Pod is gone afterwards', LIMIT, async () => {
  const { signal } = new AbortController();
  const probe = resolveInCluster(cluster, { namespace, host, image: 'registry.invalid/nothing:1', signal });
  await assert.rejects(probe, (error: ClusterError) => {
    assert.equal(error.code, 'not-ready');
    assert.match(error.detail, /ErrImagePull|ImagePullBackOff/);
    return true;
  });
  assert.deepEqual(await pods(), []);
});

test('a probe that is cancelled leaves no Pod behind', LIMIT, async () => {
  const stop = new AbortController();
  const probe = resolveInCluster(cluster, {
    namespace,
    host,
    image: 'registry.invalid/nothing:1',
    signal: stop.signal,
  });
  const there = watchUntil<V1Pod, true>(cluster, {
    path: resourcePath('v1', namespace, 'pods'),
    query: { labelSelector: 'app.kubernetes.io/managed-by=kube-work-queue' },
    signal: AbortSignal.timeout(60_000),
    timeoutMs: 30_000,
    late: () => new ClusterError('timeout', 'no probe Pod'),
    done: items => items.length > 0 || undefined,
  });
  await there;
  stop.abort();
  await assert.rejects(probe, { code: 'cancelled' });
  assert.deepEqual(await pods(), []);
});

test('the probe is welcome in a namespace of the strictest Pod security standard', LIMIT, async () => {
  await cluster.request({
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}`,
    contentType: 'application/merge-patch+json',
    body: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
  });
  const { signal } = new AbortController();
  assert.equal((await resolveInCluster(cluster, { namespace, host, image: WORKER_IMAGE, signal })).resolved, true);
});
