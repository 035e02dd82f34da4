import assert from 'node:assert/strict';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

/** Resolves when the link forgets its cluster. */
function forgotten(cluster: ClusterLink): Promise<void> {
  return new Promise(resolve => {
    const ending = cluster.onDidChange.on(() => {
      if (cluster.state.kind !== 'none') return;
      ending.dispose();
      resolve();
    });
  });
}

test('a kubeconfig that is written later, in a folder that was not there, is noticed', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'kwq-link-'));
  const file = join(folder, 'user', '.kube', 'config');
  const cluster = new ClusterLink({
    kubeconfig: () => file,
    choice: { get: () => ({}), set: async () => undefined },
    trusted: () => true,
  });
  t.after(async () => {
    cluster.dispose();
    await rm(folder, { recursive: true });
  });
  await assert.rejects(cluster.get(), { code: 'no-kubeconfig' });
  const noticed = forgotten(cluster);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, config('one'));
  await noticed;
  await cluster.get();
  assert.equal(cluster.place?.context, 'one');
});

test('a kubeconfig that is replaced, removed and written again, or behind a link, is read anew each time', async t => {
  const { cluster, file } = await link(t);
  const real = join(dirname(file), 'real');
  await mkdir(real);
  const changes: [current: string | undefined, change: () => Promise<void>][] = [
    ['two', () => writeFile(`${file}.new`, config('two')).then(() => rename(`${file}.new`, file))],
    [undefined, () => rm(file)],
    ['one', () => writeFile(join(real, 'config'), config('one')).then(() => symlink(join(real, 'config'), file))],
    ['two', () => writeFile(join(real, 'config'), config('two'))],
  ];
  await cluster.get();
  for (const [current, change] of changes) {
    const noticed = forgotten(cluster);
    await change();
    await noticed;
    if (current === undefined) await assert.rejects(cluster.get(), { code: 'no-kubeconfig' });
    else await cluster.get();
    assert.equal(cluster.place?.context, current);
  }
});

test('a kubeconfig that is written as it was leaves everything as it is', async t => {
  const { cluster, file } = await link(t);
  const before = await cluster.get();
  let changes = 0;
  cluster.onDidChange.on(() => changes++);
  const watcher = watch(dirname(file));
  t.after(() => watcher.close());
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const [current, expected] of [
    ['one', 0],
    ['two', 1],
  ] as const) {
    const seen = once(watcher, 'change');
    await writeFile(file, config(current));
    await seen;
    t.mock.timers.tick(1_000);
    assert.equal(changes, expected);
    if (expected === 0) assert.equal(await cluster.get(), before);
  }
});

test('in an untrusted workspace no kubeconfig is read', async t => {
  const { cluster } = await link(t, false);
  await assert.rejects(cluster.get(), UntrustedError);
  assert.equal(cluster.state.kind, 'untrusted');
});
