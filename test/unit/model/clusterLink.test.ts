import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ClusterLink, type Place } from '../../../src/model/clusterLink.ts';
import { UntrustedError } from '../../../src/model/link.ts';

const config = (current: string) =>
  JSON.stringify({
    'current-context': current,
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [
      { name: 'one', context: { cluster: 'c', user: 'u', namespace: 'first' } },
      { name: 'two', context: { cluster: 'c', user: 'u' } },
    ],
  });

async function link(t: TestContext, trusted = true) {
  const folder = await mkdtemp(join(tmpdir(), 'kwq-link-'));
  const file = join(folder, 'config');
  await writeFile(file, config('one'));
  let choice: Partial<Place> = {};
  const set = async (chosen: Partial<Place>) => {
    choice = chosen;
  };
  const cluster = new ClusterLink({
    kubeconfig: () => file,
    choice: { get: () => choice, set },
    trusted: () => trusted,
  });
  t.after(async () => {
    cluster.dispose();
    await rm(folder, { recursive: true });
  });
  return { cluster, file, set };
}

test('the kubeconfig’s own context and namespace are taken, and another choice is for here only', async t => {
  const { cluster, file } = await link(t);
  await cluster.get();
  assert.deepEqual(cluster.place, { context: 'one', namespace: 'first' });
  await cluster.choose({ context: 'two', namespace: 'team' });
  await cluster.get();
  assert.deepEqual(cluster.place, { context: 'two', namespace: 'team' });
  assert.equal(await readFile(file, 'utf8'), config('one'), 'the kubeconfig is as it was');
});

test('a choice of a context that is gone gives way to the kubeconfig’s own', async t => {
  const { cluster, set } = await link(t);
  await set({ context: 'gone', namespace: 'team' });
  await cluster.get();
  assert.deepEqual(cluster.place, { context: 'one', namespace: 'first' });
});

test('a changed kubeconfig is read anew', async t => {
  const { cluster, file } = await link(t);
  await cluster.get();
  const changed = new Promise<void>(resolve => {
    cluster.onDidChange.on(() => {
      if (cluster.state.kind === 'none') resolve();
    });
  });
  await writeFile(file, config('two'));
  await changed;
  await cluster.get();
  assert.equal(cluster.place?.context, 'two');
});

test('in an untrusted workspace no kubeconfig is read', async t => {
  const { cluster } = await link(t, false);
  await assert.rejects(cluster.get(), UntrustedError);
  assert.equal(cluster.state.kind, 'untrusted');
});
