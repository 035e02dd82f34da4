import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '../../../src/ui/app.ts';
import { currentLocalCluster, nodePlatform } from '../../../src/ui/nodePlatform.ts';
import { goArchitecture } from '../../../src/workload/platform.ts';

const { signal } = new AbortController();

function appWith(listNodes: () => Promise<object[]>, place = { context: 'c', server: 'https://c.example.com' }): App {
  const cluster = { api: async () => ({ listNodes }), get: async () => place };
  return { model: { cluster } } as unknown as App;
}

const node = (architecture: string) => ({ name: 'n', os: 'linux', architecture, images: [] });

test('an image is built for the nodes where they are of another architecture than this machine', async () => {
  assert.equal(
    await nodePlatform(
      appWith(async () => [node('s390x')]),
      signal,
    ),
    'linux/s390x',
  );
  const own = node(goArchitecture(process.arch));
  assert.equal(
    await nodePlatform(
      appWith(async () => [own]),
      signal,
    ),
    undefined,
  );
});

test('who may not see nodes builds for this machine', async () => {
  const forbidden = appWith(async () => {
    throw new Error('forbidden');
  });
  assert.equal(await nodePlatform(forbidden, signal), undefined);
});

test('the chosen context tells whether images can be loaded', async () => {
  const kind = appWith(async () => [], { context: 'kind-dev', server: 'https://127.0.0.1:40000' });
  assert.deepEqual(await currentLocalCluster(kind), { tool: 'kind', name: 'dev' });
  assert.equal(await currentLocalCluster(appWith(async () => [])), undefined);
});
