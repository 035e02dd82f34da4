import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type ClusterError,
  listNamespaces,
  openCluster,
  readContexts,
  readSecret,
} from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { labUp } from '../../lab/up.ts';
import { labNamespace } from './namespace.ts';

const LIMIT = { timeout: 60_000 };
const cluster = await labNamespace();
const { namespace } = cluster;
const lab = await labUp(() => {});

test('the contexts of the lab are read without a call, and its users are who they say', LIMIT, async t => {
  const { contexts, current } = readContexts({ kubeconfig: lab.kubeconfig });
  assert.ok(contexts.some(context => context.name === current));
  const names = await listNamespaces(cluster);
  assert.ok(names.includes(namespace) && names.includes('default'));
  const developer = openCluster({ kubeconfig: lab.kubeconfigs.developer });
  t.after(() => developer.close());
  await assert.rejects(listNamespaces(developer), { code: 'forbidden', status: 403 });
});

test(
  'a server whose certificate nobody vouches for is trouble of TLS; nobody in particular is not let in',
  LIMIT,
  async t => {
    const folder = await mkdtemp(join(tmpdir(), 'kwq-test-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const open = async (server: Record<string, unknown>) => {
      const file = join(folder, 'config');
      const config = {
        'current-context': 'lab',
        clusters: [{ name: 'lab', cluster: { server: cluster.server, ...server } }],
        contexts: [{ name: 'lab', context: { cluster: 'lab' } }],
      };
      await writeFile(file, JSON.stringify(config));
      const opened = openCluster({ kubeconfig: file });
      t.after(() => opened.close());
      return opened;
    };
    await assert.rejects((await open({})).request({ path: '/version' }), { code: 'tls' });
    const nobody = await open({ 'insecure-skip-tls-verify': true });
    await assert.rejects(nobody.request({ path: resourcePath('v1', namespace, 'pods') }), (error: ClusterError) =>
      ['unauthorized', 'forbidden'].includes(error.code),
    );
  },
);

test('a Secret is read back as it was written', LIMIT, async () => {
  const body = { metadata: { name: 'broker' }, stringData: { password: 'p#/@%ü' } };
  await cluster.request({ method: 'POST', path: resourcePath('v1', namespace, 'secrets'), body });
  assert.equal(await readSecret(cluster, { namespace, name: 'broker', key: 'password' }), 'p#/@%ü');
  assert.equal(await readSecret(cluster, { namespace, name: 'broker', key: 'user' }), undefined);
});

test('calls share a connection', LIMIT, async t => {
  const own = openCluster({ kubeconfig: lab.kubeconfig });
  t.after(() => own.close());
  const times: number[] = [];
  for (let i = 0; i < 50; i++) {
    const began = performance.now();
    await own.request({ path: '/version' });
    times.push(performance.now() - began);
  }
  const [first = 0, ...rest] = times;
  const median = rest.sort((a, b) => a - b)[Math.floor(rest.length / 2)] ?? 0;
  t.diagnostic(`first call ${first.toFixed(1)} ms, then ${median.toFixed(2)} ms`);
});
