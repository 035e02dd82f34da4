import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ClusterError } from '../../../src/cluster/index.ts';
import { fakeServer, json, refuse, scratch } from './fakeServer.ts';

const LIMIT = { timeout: 20_000 };
const API = 'client.authentication.k8s.io/v1';

/** A credential plugin: a Node program of these lines. */
function plugin(script: string, more: Record<string, unknown> = {}) {
  return {
    exec: { apiVersion: API, command: process.execPath, args: ['-e', script], interactiveMode: 'Never', ...more },
  };
}

function answer(token: string, expires?: Date): string {
  const status = JSON.stringify({ token, expirationTimestamp: expires?.toISOString() });
  return `console.log('{"apiVersion":"${API}","kind":"ExecCredential","status":${status}}');`;
}

test('the token of a credential plugin is used, and the plugin runs once for many calls', LIMIT, async t => {
  const count = join(await scratch(t), 'count');
  const fake = await fakeServer(t, (call, response) => json(response, 200, { as: call.headers.authorization }));
  const script = `require('fs').appendFileSync(${JSON.stringify(count)}, 'x');${answer('given')}`;
  const cluster = await fake.open({ user: plugin(script) });
  const answers = await Promise.all([1, 2, 3].map(() => cluster.request({ path: '/x' })));
  assert.deepEqual(answers, Array(3).fill({ as: 'Bearer given' }));
  assert.equal(await readFile(count, 'utf8'), 'x');
});

test('a credential that is about to end is made anew', LIMIT, async t => {
  const count = join(await scratch(t), 'count');
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  const script = `require('fs').appendFileSync(${JSON.stringify(count)}, 'x');${answer('short', new Date(Date.now() + 1000))}`;
  const cluster = await fake.open({ user: plugin(script) });
  await cluster.request({ path: '/x' });
  await cluster.request({ path: '/x' });
  assert.equal(await readFile(count, 'utf8'), 'xx');
});

test('a token that the server refuses is asked for again, once', LIMIT, async t => {
  const count = join(await scratch(t), 'count');
  const fake = await fakeServer(t, (call, response) => {
    if (call.headers.authorization === 'Bearer token-2') json(response, 200, { ok: true });
    else refuse(response, 401, 'Unauthorized');
  });
  const script = `
    const fs = require('fs'), file = ${JSON.stringify(count)};
    fs.appendFileSync(file, 'x');
    ${answer('token-1').replace('token-1', `token-' + fs.readFileSync(file).length + '`)}`;
  const cluster = await fake.open({ user: plugin(script) });
  assert.deepEqual(await cluster.request({ path: '/x' }), { ok: true });
  assert.deepEqual(
    fake.calls.map(call => call.headers.authorization),
    ['Bearer token-1', 'Bearer token-2'],
  );
});

test('a server that refuses every token is believed after the second', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => refuse(response, 401, 'Unauthorized'));
  const cluster = await fake.open({ user: plugin(answer('bad')) });
  await assert.rejects(cluster.request({ path: '/x' }), { code: 'unauthorized', status: 401 });
  assert.equal(fake.calls.length, 2);
});

test(
  'a plugin whose tokens are all refused is not run again and again: it may open a window each time',
  LIMIT,
  async t => {
    const count = join(await scratch(t), 'count');
    const fake = await fakeServer(t, (_call, response) => refuse(response, 401, 'Unauthorized'));
    const script = `require('fs').appendFileSync(${JSON.stringify(count)}, 'x');${answer('bad')}`;
    const cluster = await fake.open({ user: plugin(script) });
    for (let i = 0; i < 5; i++) await assert.rejects(cluster.request({ path: '/x' }), { code: 'unauthorized' });
    assert.equal(await readFile(count, 'utf8'), 'xx');
    assert.equal(fake.calls.length, 6);
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 61_000 });
    await assert.rejects(cluster.request({ path: '/x' }), { code: 'unauthorized' });
    assert.equal(await readFile(count, 'utf8'), 'xxx', 'a minute later once more');
  },
);

test('a token in the kubeconfig that was renewed there is read again when the old one is refused', LIMIT, async t => {
  const fake = await fakeServer(t, (call, response) => {
    if (call.headers.authorization === 'Bearer second') json(response, 200, { ok: true });
    else refuse(response, 401, 'Unauthorized');
  });
  const file = join(await scratch(t), 'config');
  const write = (token: string) =>
    writeFile(
      file,
      JSON.stringify({
        'current-context': 'a',
        clusters: [{ name: 'a', cluster: { server: fake.url } }],
        users: [{ name: 'a', user: { token } }],
        contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      }),
    );
  await write('first');
  const cluster = await fake.open({ kubeconfig: file });
  await write('second');
  assert.deepEqual(await cluster.request({ path: '/x' }), { ok: true });
});

test('a plugin that hangs is ended with what it started, and said so', LIMIT, async t => {
  const pidFile = join(await scratch(t), 'pid');
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  const script = `
    const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));`;
  const cluster = await fake.open({ user: plugin(script), credentialsTimeoutMs: 1500 });
  await assert.rejects(cluster.request({ path: '/x' }), (error: ClusterError) => {
    assert.equal(error.code, 'credentials');
    assert.match(error.detail, /no answer in 1.5 s/);
    return true;
  });
  const pid = Number(await readFile(pidFile, 'utf8'));
  while (isAlive(pid)) await new Promise(resolve => setTimeout(resolve, 20));
  assert.equal(fake.calls.length, 0);
});

test('a plugin that is not installed is named, with the hint of the kubeconfig', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  const user = { exec: { apiVersion: API, command: 'no-such-plugin', installHint: 'Install it from example.' } };
  const cluster = await fake.open({ user });
  await assert.rejects(cluster.request({ path: '/x' }), (error: ClusterError) => {
    assert.equal(error.code, 'credentials');
    assert.match(error.detail, /^no-such-plugin: not found in PATH=.*Install it from example\.$/);
    return true;
  });
});

test('a plugin that fails is quoted; one that talks nonsense or needs a terminal is named', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  const failing: [Record<string, unknown>, RegExp][] = [
    [plugin(`console.error('please log in first'); process.exit(3)`), /please log in first/],
    [plugin(`console.log('hello')`), /no ExecCredential/],
    [plugin(answer('x'), { interactiveMode: 'Always' }), /terminal/],
  ];
  for (const [user, words] of failing) {
    const cluster = await fake.open({ user });
    await assert.rejects(cluster.request({ path: '/x' }), (error: ClusterError) => {
      assert.equal(error.code, 'credentials');
      assert.match(error.detail, words);
      return true;
    });
  }
});

test('a failed plugin is tried again at the next call', LIMIT, async t => {
  const done = join(await scratch(t), 'done');
  const fake = await fakeServer(t, (_call, response) => json(response, 200, { ok: true }));
  const script = `
    const fs = require('fs'), file = ${JSON.stringify(done)};
    if (!fs.existsSync(file)) { fs.writeFileSync(file, ''); process.exit(1); }
    ${answer('late')}`;
  const cluster = await fake.open({ user: plugin(script) });
  await assert.rejects(cluster.request({ path: '/x' }), { code: 'credentials' });
  assert.deepEqual(await cluster.request({ path: '/x' }), { ok: true });
});

test('a plugin is told that there is no terminal, and about the cluster if it wants to know', LIMIT, async t => {
  const fake = await fakeServer(t, (call, response) => json(response, 200, { as: call.headers.authorization }));
  const script = answer('X').replace(
    'X',
    `' + process.env.NAME + process.env.KUBERNETES_EXEC_INFO.replaceAll('"', '') + '`,
  );
  const user = plugin(script, { provideClusterInfo: true, env: [{ name: 'NAME', value: 'ann ' }] });
  const { as } = await (await fake.open({ user })).request<{ as: string }>({ path: '/x' });
  assert.match(as, /^Bearer ann /);
  assert.match(as, /interactive:false/);
  assert.ok(as.includes(`server:${fake.url}`));
});

test('a user name and password are sent as such', LIMIT, async t => {
  const fake = await fakeServer(t, (call, response) => json(response, 200, { as: call.headers.authorization }));
  const cluster = await fake.open({ user: { username: 'ann', password: 'x:y' } });
  assert.deepEqual(await cluster.request({ path: '/x' }), { as: `Basic ${btoa('ann:x:y')}` });
});

test('a certificate file that is not there is trouble of the credentials', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  const cluster = await fake.open({ user: { 'client-certificate': 'gone.crt', 'client-key': 'gone.key' } });
  await assert.rejects(cluster.request({ path: '/x' }), (error: ClusterError) => {
    assert.equal(error.code, 'credentials');
    assert.match(error.detail, /gone\.crt/);
    return true;
  });
});

test('who gives up while the plugin still runs does not wait for it; closing the cluster ends it', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  const cluster = await fake.open({ user: plugin('setInterval(() => {}, 1000)') });
  const controller = new AbortController();
  const call = cluster.request({ path: '/x', signal: controller.signal });
  const other = cluster.request({ path: '/x' });
  controller.abort();
  await assert.rejects(call, { code: 'cancelled' });
  cluster.close();
  await assert.rejects(other, { code: 'credentials' });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
