import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply, findService, readSecret } from '../../../src/cluster/index.ts';
import { fakeServer, json, refuse } from './fakeServer.ts';

const LIMIT = { timeout: 20_000 };

test('a host name means a Service as it would in a Pod of the namespace', LIMIT, async t => {
  const fake = await fakeServer(t, (call, response) => {
    if (call.path.endsWith('/services/rabbit')) json(response, 200, { spec: { type: 'ClusterIP' } });
    else if (call.path.endsWith('/services/outside')) json(response, 200, { spec: { type: 'ExternalName' } });
    else if (call.path.includes('/namespaces/closed/')) refuse(response, 403, 'forbidden');
    else refuse(response, 404, 'not found');
  });
  const cluster = await fake.open();
  const find = (host: string) => findService(cluster, host);
  const here = { namespace: 'test', name: 'rabbit' };
  const there = { namespace: 'other', name: 'rabbit' };
  assert.deepEqual(await find('rabbit'), here);
  assert.deepEqual(await find('Rabbit.'), here);
  for (const host of [
    'rabbit.other',
    'rabbit.other.svc',
    'rabbit.other.svc.cluster.local',
    'rabbit.other.svc.cluster.local.',
  ]) {
    assert.deepEqual(await find(host), there, host);
  }
  assert.equal(await find('nothing'), undefined);
  assert.equal(await find('outside'), undefined);
  assert.equal(await find('broker.closed'), undefined, 'it may be a host on the internet');
  await assert.rejects(find('broker.closed.svc'), { code: 'forbidden' });
});

test('what cannot be a Service is not asked for', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  const cluster = await fake.open();
  for (const host of [
    '127.0.0.1',
    '::1',
    'localhost',
    'broker.example.com',
    'a.b.svc.example.org',
    '',
    '../../secrets',
    'a_b',
    '-a',
  ]) {
    assert.equal(await findService(cluster, host), undefined, host);
  }
  assert.equal(fake.calls.length, 0);
});

test('a value of a Secret is read as text; one that is not there is unknown, not an error', LIMIT, async t => {
  const fake = await fakeServer(t, (call, response) => {
    if (call.path.endsWith('/secrets/s')) json(response, 200, { data: { password: btoa('p#w') } });
    else refuse(response, 404, 'not found');
  });
  const cluster = await fake.open();
  assert.equal(await readSecret(cluster, { namespace: 'test', name: 's', key: 'password' }), 'p#w');
  assert.equal(await readSecret(cluster, { namespace: 'test', name: 's', key: 'toString' }), undefined);
  assert.equal(await readSecret(cluster, { namespace: 'test', name: 'gone', key: 'password' }), undefined);
});

test(
  'applying is by name, as one manager, strict and never by force; another kind is refused before anything is sent',
  LIMIT,
  async t => {
    const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
    const cluster = await fake.open();
    const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'rabbitmq' }, spec: {} };
    await apply(cluster, { namespace: 'test', objects: [set], dryRun: true });
    const [call] = fake.calls;
    assert.equal(
      `${call?.method} ${call?.path}?${call?.query}`,
      'PATCH /apis/apps/v1/namespaces/test/statefulsets/rabbitmq?fieldManager=kube-work-queue&fieldValidation=Strict&dryRun=All',
    );
    assert.equal(call?.headers['content-type'], 'application/apply-patch+yaml');
    assert.deepEqual(call?.body, set);
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r' } };
    await assert.rejects(apply(cluster, { namespace: 'test', objects: [set, role] }), { code: 'invalid' });
    assert.equal(fake.calls.length, 1);
  },
);
