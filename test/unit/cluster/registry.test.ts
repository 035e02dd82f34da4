import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { lookInRegistry } from '../../../src/cluster/registry.ts';

type Answer = { status?: number; headers?: Record<string, string>; body: unknown };

/** A registry that answers as the test says. @returns its host and port, and the paths it was asked for */
async function registry(t: TestContext, answer: (request: IncomingMessage, host: string) => Answer) {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? '');
    const { status = 200, headers = {}, body } = answer(request, host);
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  t.after(() => server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, asked };
}

const look = (image: string) => lookInRegistry({ image, signal: new AbortController().signal });
const CONFIG = `sha256:${'c'.repeat(64)}`;

test('an index names its platforms, and what is no image of it (attestations) is left out', async t => {
  const { host, asked } = await registry(t, () => ({
    headers: { 'docker-content-digest': 'sha256:ab' },
    body: {
      manifests: [
        { platform: { os: 'linux', architecture: 'amd64' } },
        { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
        { platform: { os: 'unknown', architecture: 'unknown' } },
      ],
    },
  }));
  assert.deepEqual(await look(`${host}/team/app:1`), {
    kind: 'found',
    digest: 'sha256:ab',
    platforms: ['linux/amd64', 'linux/arm64'],
  });
  assert.deepEqual(asked, ['/v2/team/app/manifests/1']);
});

test('the manifest of one image has its platform in its config', async t => {
  const { host } = await registry(t, ({ url }) => ({
    body: url?.includes('/blobs/') ? { os: 'linux', architecture: 'arm64' } : { config: { digest: CONFIG } },
  }));
  assert.deepEqual(await look(`${host}/app`), { kind: 'found', digest: undefined, platforms: ['linux/arm64'] });
});

test('a token that the registry gives anybody is fetched once, and used', async t => {
  const { host, asked } = await registry(t, ({ url, headers }, self) => {
    if (url?.startsWith('/token')) return { body: { token: 'abc' } };
    if (headers.authorization === 'Bearer abc') {
      return {
        body: url?.includes('/blobs/') ? { os: 'linux', architecture: 'amd64' } : { config: { digest: CONFIG } },
      };
    }
    const challenge = `Bearer realm="http://${self}/token",service="r"`;
    return { status: 401, headers: { 'www-authenticate': challenge }, body: { errors: [{ code: 'UNAUTHORIZED' }] } };
  });
  assert.deepEqual(await look(`${host}/me/app:1`), { kind: 'found', digest: undefined, platforms: ['linux/amd64'] });
  assert.deepEqual(
    asked.filter(url => url.startsWith('/token')),
    ['/token?service=r&scope=repository%3Ame%2Fapp%3Apull'],
  );
});

test('only the registry’s own word makes an image missing', async t => {
  const { host } = await registry(t, ({ url }) => ({
    status: 404,
    body: url?.includes('/none/') ? { errors: [{ code: 'MANIFEST_UNKNOWN' }] } : '<html>404</html>',
  }));
  assert.deepEqual(await look(`${host}/none/app:1`), { kind: 'missing' });
  assert.deepEqual(await look(`${host}/other/app:1`), { kind: 'unknown' });
});

const UNKNOWN: [string, Answer][] = [
  ['wants a user', { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' }, body: '' }],
  [
    'sends to a token server without TLS on another host',
    { status: 401, headers: { 'www-authenticate': 'Bearer realm="http://192.0.2.1/token"' }, body: '' },
  ],
  ['refuses', { status: 403, body: { errors: [{ code: 'DENIED' }] } }],
  ['fails', { status: 500, body: '' }],
];
for (const [name, answer] of UNKNOWN) {
  test(`a registry that ${name} leaves it unknown`, async t => {
    const { host } = await registry(t, () => answer);
    assert.deepEqual(await look(`${host}/app:1`), { kind: 'unknown' });
  });
}

test('an answer without end leaves it unknown, and is not read to its end', async t => {
  const { host } = await registry(t, () => ({ body: 'x'.repeat(5 * 1024 * 1024) }));
  assert.deepEqual(await look(`${host}/app:1`), { kind: 'unknown' });
});

test('an aborted look and a registry that is not there are unknown', async () => {
  assert.deepEqual(await look('127.0.0.1:1/app:1'), { kind: 'unknown' });
  const signal = AbortSignal.abort();
  assert.deepEqual(await lookInRegistry({ image: '127.0.0.1:1/app:1', signal }), { kind: 'unknown' });
});
