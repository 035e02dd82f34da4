import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { openCluster } from '../../../src/cluster/index.ts';
import { proxyFor } from '../../../src/cluster/proxy.ts';
import { fakeServer, json, writeKubeconfig } from './fakeServer.ts';

const env = { HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: 'plain:80' };

test('the proxy of the environment is used by scheme, never for this machine', () => {
  assert.equal(proxyFor('https://cluster.example:6443', env), 'http://proxy:3128');
  assert.equal(proxyFor('http://cluster.example', env), 'http://plain:80');
  assert.equal(proxyFor('https://cluster.example', { https_proxy: 'http://low:1' }), 'http://low:1');
  assert.equal(proxyFor('https://cluster.example', {}), undefined);
  for (const server of [
    'https://localhost:6443',
    'https://127.0.0.1:6443',
    'https://127.8.8.8',
    'https://[::1]:6443',
  ]) {
    assert.equal(proxyFor(server, env), undefined, server);
  }
});

test('NO_PROXY spares hosts, domains, addresses and networks', () => {
  const spared = (server: string, NO_PROXY: string) => proxyFor(server, { ...env, NO_PROXY }) === undefined;
  assert.ok(spared('https://a.example', '*'));
  assert.ok(spared('https://a.example', 'b.example, A.example'));
  assert.ok(spared('https://x.a.example', 'a.example'));
  assert.ok(spared('https://x.a.example', '.a.example'));
  assert.ok(!spared('https://a.example', '.a.example'));
  assert.ok(!spared('https://ba.example', 'a.example'));
  assert.ok(spared('https://a.example:6443', 'a.example:6443'));
  assert.ok(!spared('https://a.example:6443', 'a.example:443'));
  assert.ok(spared('https://10.1.2.3:6443', '10.0.0.0/8'));
  assert.ok(!spared('https://11.1.2.3:6443', '10.0.0.0/8'));
  assert.ok(spared('https://[fd00::1]:6443', 'fd00::/8'));
});

test('a cluster behind the proxy that its kubeconfig names is reached through it', { timeout: 20_000 }, async t => {
  const fake = await fakeServer(t, (call, response) => json(response, 200, { as: call.headers.authorization }));
  const connects: string[] = [];
  const proxy = createServer().on('connect', (request, client) => {
    connects.push(request.url ?? '');
    const far = connect(Number(new URL(fake.url).port), '127.0.0.1');
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    client.pipe(far).pipe(client);
    for (const end of [client, far]) end.on('error', () => {});
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const kubeconfig = await writeKubeconfig(t, {
    server: 'http://cluster.invalid:8080',
    user: { token: 'x' },
    cluster: { 'proxy-url': proxyUrl },
  });
  const cluster = openCluster({ kubeconfig });
  t.after(() => cluster.close());
  assert.deepEqual(await cluster.request({ path: '/x' }), { as: 'Bearer x' });
  assert.deepEqual(connects, ['cluster.invalid:8080']);
});
