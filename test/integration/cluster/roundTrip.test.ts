import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { V1Job } from '@kubernetes/client-node';
import { connect } from '../../../src/broker/broker.ts';
import { brokerPods, imageBehind, type RoundTripOptions, roundTripFromPod } from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { address, lab as broker } from '../broker/labBroker.ts';
import { labNamespace, seenThrough, WORKER_IMAGE } from './namespace.ts';

const LIMIT = { timeout: 120_000 };
const cluster = await labNamespace();
const { namespace } = cluster;
const host = `${broker.service}.${broker.namespace}`;
const urlTo = (given: { host?: string; password?: string; port?: number }) =>
  formatBrokerUrl({ ...address, host, ...given });

const trip = (given: Partial<RoundTripOptions>) => {
  const queue = `work-queue-test-${randomBytes(6).toString('hex')}`;
  const signal = AbortSignal.timeout(60_000);
  return { namespace, image: WORKER_IMAGE, url: { value: urlTo({}) }, host, queue, signal, ...given };
};
const told = async (given: Partial<RoundTripOptions>, seen = cluster) =>
  (await roundTripFromPod(seen, trip(given))).map(({ check, state, detail }) => `${check} ${state} ${detail}`.trim());

/** The cluster, but for the Pod's DNS, which does not answer. */
const withoutDns = seenThrough(cluster, o => {
  const spec = o.path.endsWith('/jobs') && (o.body as V1Job | undefined)?.spec?.template.spec;
  if (spec) Object.assign(spec, { dnsPolicy: 'None', dnsConfig: { nameservers: ['127.0.0.1'] } });
  return cluster.request(o);
});

test('a message goes from a Pod to the broker and back, and its queue is gone again', LIMIT, async () => {
  const options = trip({});
  const checks = await roundTripFromPod(cluster, options);
  assert.deepEqual(
    checks.map(({ check, state }) => `${check} ${state}`),
    ['name ok', 'tools ok', 'declare ok', 'publish ok', 'get ok', 'compare ok', 'delete ok'],
  );
  assert.equal(checks[0]?.detail, new URL(broker.url).hostname);
  const seen = await connect({ address, purpose: 'test' });
  assert.equal(await seen.depth(options.queue), undefined);
  await seen.close();
});

test('where DNS does not work, the address in the Pod’s environment leads to the broker', LIMIT, async () => {
  const path = resourcePath('v1', namespace, 'services');
  const ports = [{ port: 5672 }];
  const service = { metadata: { name: 'my-broker' }, spec: { ports } };
  const made = await cluster.request<{ spec: { clusterIP: string } }>({ method: 'POST', path, body: service });
  const { clusterIP } = made.spec;
  const endpoints = {
    metadata: { name: 'my-broker-1', labels: { 'kubernetes.io/service-name': 'my-broker' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 5672, protocol: 'TCP' }],
    endpoints: [{ addresses: [await podIp()], conditions: { ready: true } }],
  };
  const slices = resourcePath('discovery.k8s.io/v1', namespace, 'endpointslices');
  await cluster.request({ method: 'POST', path: slices, body: endpoints });
  const given = { host: 'my-broker', service: 'my-broker', url: { value: urlTo({ host: 'my-broker' }) } };
  assert.deepEqual(await told(given, withoutDns), [
    'name failed',
    `variable ok ${clusterIP}`,
    'tools ok',
    'declare ok',
    'publish ok',
    'get ok',
    'compare ok',
    'delete ok',
  ]);
});

test('a name that nobody has, and no variable either, is told; then nothing can be reached', LIMIT, async () => {
  const checks = await told({ host: 'nothing', service: 'nothing', url: { value: urlTo({ host: 'nothing' }) } });
  assert.deepEqual(checks.slice(0, 3), ['name failed', 'variable absent', 'tools ok']);
  assert.match(checks[3] ?? '', /^declare failed .*socket/);
  assert.equal(checks.length, 4);
});

test('a wrong password is told in the broker’s words, without it', LIMIT, async () => {
  const checks = await told({ url: { value: urlTo({ password: 'wrong-one' }) } });
  assert.deepEqual(checks.slice(0, 2), [`name ok ${new URL(broker.url).hostname}`, 'tools ok']);
  assert.match(checks[2] ?? '', /^declare failed .*403.*ACCESS_REFUSED/);
  assert.ok(!checks.join().includes('wrong-one'));
});

test('the broker’s own image tells of the name, and that it has no amqp-tools', LIMIT, async () => {
  const image = await imageBehind(cluster, { namespace: broker.namespace, name: broker.service });
  assert.match(image ?? '', /rabbitmq/);
  assert.deepEqual(await told({ image }), [
    `name ok ${new URL(broker.url).hostname}`,
    'tools absent amqp-declare-queue',
  ]);
});

test('the Pods of a broker say their memory limit and what their data is on', LIMIT, async () => {
  const pods = await brokerPods(cluster, { namespace: broker.namespace, service: broker.service, port: 5672 });
  assert.deepEqual(
    pods.map(({ restarts, oomKilled, ...pod }) => pod),
    [{ name: broker.pod, memoryLimit: 2 ** 30, data: 'container' }],
  );
});

async function podIp(): Promise<string> {
  const path = resourcePath('v1', broker.namespace, 'pods', broker.pod);
  return (await cluster.request<{ status: { podIP: string } }>({ path })).status.podIP;
}
