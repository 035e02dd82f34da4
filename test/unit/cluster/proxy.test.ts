import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyFor } from '../../../src/cluster/proxy.ts';

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
