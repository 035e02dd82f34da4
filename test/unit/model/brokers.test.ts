import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type BrokerPlaces,
  type NamedBroker,
  NoBrokerError,
  tlsOf,
  withLogin,
} from '../../../src/model/brokerPlaces.ts';
import { Brokers } from '../../../src/model/brokers.ts';
import { ClusterLink } from '../../../src/model/clusterLink.ts';
import { parseBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import type { BrokerReference } from '../../../src/workload/manifest.ts';
import { placesWith } from './places.ts';

const service = (name: string, port: object, spec: object = {}) => ({
  metadata: { name, namespace: 'fruit' },
  spec: { ports: [port], selector: { app: name }, clusterIPs: [], ...spec },
});

/** Brokers of a workspace, in a namespace whose apiserver lists these Services. */
async function brokersOf(t: TestContext, options: Partial<BrokerPlaces> & { services?: object[] } = {}) {
  const server: Server = createServer((request, response) => {
    const list = request.url?.startsWith('/api/v1/namespaces/fruit/services?') || request.url?.endsWith('/services');
    response.setHeader('content-type', 'application/json');
    response.statusCode = list ? 200 : 404;
    response.end(
      JSON.stringify(list ? { items: options.services ?? [] } : { kind: 'Status', code: 404, reason: 'NotFound' }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'kwq-brokers-'));
  const kubeconfig = join(folder, 'config');
  const { port } = server.address() as AddressInfo;
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'fruit' } }],
      'current-context': 'x',
    }),
  );
  const cluster = new ClusterLink({
    kubeconfig: () => kubeconfig,
    choice: { get: () => ({}), set: async () => undefined },
    trusted: () => true,
  });
  const places = placesWith({ cluster, ...options });
  const brokers = new Brokers(places, async () => []);
  t.after(async () => {
    brokers.dispose();
    cluster.dispose();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  return { brokers, places };
}

const labels = (brokers: Brokers) => brokers.all.map(({ label }) => label);

test('settings, other job.yaml files and the namespace’s Services stand beside the workspace’s own broker', async t => {
  const { brokers } = await brokersOf(t, {
    named: () => [{ name: 'Farm', url: 'amqp://ann@farm.example/v' }],
    manifests: async () => [{ url: 'amqp://first' }, { url: 'amqp://second' }, { secret: 'third', key: 'url' }],
    services: [service('rabbit', { name: 'amqp', port: 5000 }), service('web', { port: 80 })],
  });
  await brokers.refresh();
  assert.deepEqual(labels(brokers), ['', 'Farm', 'amqp://second:5672', 'third', 'rabbit']);
});

test('a setting names in another way what the first job.yaml names; the others stand beside it', async t => {
  const { brokers } = await brokersOf(t, {
    setting: () => 'amqp://own',
    manifests: async () => [{ url: 'amqp://first' }, { url: 'amqp://second' }],
  });
  await brokers.refresh();
  assert.deepEqual(labels(brokers), ['', 'amqp://second:5672']);
});

test('Services are known by AMQP’s ports and names; of several to the same Pods one is enough', async t => {
  const { brokers } = await brokersOf(t, {
    services: [
      service('b', { port: 5671 }),
      service('a', { port: 5672 }),
      service('a-headless', { port: 5672 }, { selector: { app: 'a' }, clusterIPs: ['None'] }),
      service('udp', { port: 5672, protocol: 'UDP' }),
      service('elsewhere', { port: 5672 }, { type: 'ExternalName' }),
      service('named', { name: 'amqps', port: 443 }),
    ],
  });
  await brokers.refresh();
  assert.deepEqual(labels(brokers), ['', 'a', 'b', 'named']);
  const found = await brokers.find('service/b')?.link.find();
  assert.equal(found?.address.tls, true);
  assert.equal(found?.address.port, 5671);
});

test('a Service that job.yaml names, by its name or its address, is not shown a second time', async t => {
  let references: BrokerReference[] = [{ url: 'amqp://rabbit.fruit.svc' }];
  const { brokers } = await brokersOf(t, {
    manifests: async () => references,
    services: [service('rabbit', { port: 5672 }, { clusterIPs: ['10.9.8.7'] })],
  });
  await brokers.refresh();
  assert.deepEqual(labels(brokers), ['']);
  references = [{ url: 'amqp://10.9.8.7' }];
  await brokers.refresh();
  assert.deepEqual(labels(brokers), ['']);
  references = [{ url: 'amqp://elsewhere' }];
  await brokers.refresh();
  assert.deepEqual(labels(brokers), ['', 'rabbit']);
});

test('a broker stays the same place while it is named, and is closed when it is named no more', async t => {
  let named: NamedBroker[] = [
    { name: 'A', url: 'amqp://a' },
    { name: 'B', url: 'amqp://b' },
  ];
  const { brokers } = await brokersOf(t, { named: () => named });
  let changes = 0;
  brokers.onDidChange.on(() => changes++);
  await brokers.refresh();
  const before = brokers.all[1];
  assert.equal(changes, 1);
  await brokers.refresh();
  assert.equal(brokers.all[1], before);
  assert.equal(changes, 1, 'nothing changed, nothing is drawn');
  named = named.slice(1);
  await brokers.refresh();
  assert.deepEqual(labels(brokers), ['', 'B']);
});

test('in an untrusted workspace no broker is listed', async t => {
  const { brokers } = await brokersOf(t, { trusted: () => false, named: () => [{ name: 'A', url: 'amqp://a' }] });
  await brokers.refresh();
  assert.deepEqual(labels(brokers), ['']);
});

const address = (url: string) => {
  const parsed = parseBrokerUrl(url);
  assert.ok('address' in parsed);
  return parsed.address;
};

test('user and password that are kept complete a URL without them; the URL’s own user stays', async t => {
  const { places } = await brokersOf(t, { login: async () => ({ user: 'kept', password: 'secret' }) });
  const of = async (url: string) =>
    (await withLogin(places, { address: address(url), login: 'url', named: '' })).address;
  assert.deepEqual([(await of('amqp://h')).user, (await of('amqp://h')).password], ['kept', 'secret']);
  assert.deepEqual([(await of('amqp://ann@h')).user, (await of('amqp://ann@h')).password], ['ann', 'secret']);
  assert.equal((await of('amqp://ann:own@h')).password, 'own');
});

test('the certificates of the settings are used for the same URL, also where job.yaml names it', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'kwq-tls-'));
  t.after(() => rm(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, 'PEM');
  const { places } = await brokersOf(t, { named: () => [{ name: 'A', url: 'amqps://ann@h/v', ca }] });
  assert.deepEqual(await tlsOf(places, address('amqps://ann:pw@h:5671/v')), {
    ca: 'PEM',
    cert: undefined,
    key: undefined,
  });
  assert.equal(await tlsOf(places, address('amqps://ann:pw@other/v')), undefined);
  await rm(ca);
  await assert.rejects(
    tlsOf(places, address('amqps://ann@h/v')),
    (error: unknown) => error instanceof NoBrokerError && error.reason === 'no-file' && error.subject === ca,
  );
});

test('a broker whose password in the settings is another one is connected to anew, and its id never holds it', async t => {
  let url = 'amqp://ann:first@farm';
  const { brokers } = await brokersOf(t, { named: () => [{ name: 'Farm', url }] });
  await brokers.refresh();
  const before = brokers.all[1];
  url = 'amqp://ann:second@farm';
  await brokers.refresh();
  const [, now] = brokers.all;
  assert.ok(before && now);
  assert.notEqual(now, before);
  assert.equal((await now.link.find()).address.password, 'second');
  assert.doesNotMatch(now.id, /second/);
});
