import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ClusterError, openCluster, readContexts } from '../../../src/cluster/index.ts';
import { scratch } from './fakeServer.ts';

/** Sets environment variables for the time of a test. */
function environment(t: TestContext, values: Record<string, string | undefined>) {
  const before = { ...process.env };
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  for (const [name, value] of Object.entries(values)) set(name, value);
  t.after(() => {
    for (const name of Object.keys(values)) set(name, before[name]);
  });
}

function config(names: string[], current: string | undefined, server: string): string {
  const lines = ['apiVersion: v1', 'kind: Config'];
  if (current) lines.push(`current-context: ${current}`);
  lines.push('clusters:', ...names.map(name => `- {name: ${name}, cluster: {server: "${server}/${name}"}}`));
  lines.push('users:', ...names.map(name => `- {name: ${name}, user: {token: t}}`));
  lines.push('contexts:', ...names.map(name => `- {name: ${name}, context: {cluster: ${name}, user: ${name}}}`));
  return lines.join('\n');
}

test('the contexts of one file are read with their namespaces', async t => {
  const file = join(await scratch(t), 'config');
  await writeFile(
    file,
    `${config(['a', 'b'], 'b', 'https://one')}\n- {name: c, context: {cluster: a, user: a, namespace: team}}`,
  );
  assert.deepEqual(readContexts({ kubeconfig: file }), {
    contexts: [
      { name: 'a', cluster: 'a', namespace: 'default' },
      { name: 'b', cluster: 'b', namespace: 'default' },
      { name: 'c', cluster: 'a', namespace: 'team' },
    ],
    current: 'b',
    files: [file],
  });
});

test('of several files the first that names a thing wins, and a missing or empty one is passed over', async t => {
  const folder = await scratch(t);
  const [one, two, empty, gone] = ['one', 'two', 'empty', 'gone'].map(name => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  await writeFile(one, config(['a', 'b'], undefined, 'https://one'));
  await writeFile(two, config(['b', 'c'], 'b', 'https://two'));
  await writeFile(empty, '\n');
  environment(t, { KUBECONFIG: [gone, empty, one, two].join(':') });
  const { contexts, current, files } = readContexts();
  assert.deepEqual(
    contexts.map(context => context.name),
    ['a', 'b', 'c'],
  );
  assert.equal(current, 'b');
  assert.deepEqual(files, [gone, empty, one, two]);
  assert.equal(openCluster().server, 'https://one/b');
  assert.equal(openCluster({ context: 'c' }).server, 'https://two/c');
});

test('without a kubeconfig nothing is guessed, and the path is said', async t => {
  const folder = await scratch(t);
  environment(t, { KUBECONFIG: undefined, HOME: folder, KUBERNETES_SERVICE_HOST: undefined });
  for (const act of [() => readContexts(), () => openCluster()]) {
    assert.throws(act, (error: ClusterError) => {
      assert.equal(error.code, 'no-kubeconfig');
      assert.ok(error.detail.startsWith(join(folder, '.kube', 'config')));
      return true;
    });
  }
});

test('a kubeconfig that is no YAML is named with what is wrong', async t => {
  const file = join(await scratch(t), 'config');
  await writeFile(file, 'clusters: [');
  assert.throws(
    () => readContexts({ kubeconfig: file }),
    (error: ClusterError) => error.code === 'no-kubeconfig' && error.detail.startsWith(file),
  );
  assert.throws(() => readContexts({ kubeconfig: `${file}.gone` }), { code: 'no-kubeconfig' });
});

test('an unfinished entry in the kubeconfig does not hide the others', async t => {
  const file = join(await scratch(t), 'config');
  await writeFile(file, `${config(['a'], 'a', 'https://one')}\n- {name: broken}`);
  assert.deepEqual(
    readContexts({ kubeconfig: file }).contexts.map(context => context.name),
    ['a'],
  );
});

test('a context that is not there, or names what is not there, is said by name', async t => {
  const file = join(await scratch(t), 'config');
  await writeFile(
    file,
    `${config(['a'], undefined, 'https://one')}
- {name: b, context: {cluster: gone, user: a}}
- {name: c, context: {cluster: a, user: nobody}}`,
  );
  const open = (context?: string) => () => openCluster({ kubeconfig: file, context });
  assert.throws(open(), { code: 'no-context', detail: 'no current context is set' });
  assert.throws(open('z'), { code: 'no-context', detail: 'no context "z" in the kubeconfig' });
  assert.throws(open('b'), { code: 'no-context', detail: 'context "b": no cluster "gone"' });
  assert.throws(open('c'), { code: 'no-context', detail: 'context "c": no user "nobody"' });
});

test('the namespace is the chosen one, else the one of the context, else default', async t => {
  const file = join(await scratch(t), 'config');
  await writeFile(file, `${config(['a'], 'a', 'https://one')}\n- {name: b, context: {cluster: a, namespace: team}}`);
  assert.equal(openCluster({ kubeconfig: file }).namespace, 'default');
  assert.equal(openCluster({ kubeconfig: file, context: 'b' }).namespace, 'team');
  assert.equal(openCluster({ kubeconfig: file, context: 'b', namespace: 'mine' }).namespace, 'mine');
});
