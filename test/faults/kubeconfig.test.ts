import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startedAt } from '../lab/process.ts';
import { until } from '../lab/until.ts';
import { fault } from './fault.ts';
import { handmade } from './handmade.ts';
import { ownApiServer } from './ownApiServer.ts';
import { rudeServer } from './rudeServer.ts';
import { BACK_WITHIN_MS, openViews } from './views.ts';

const server = await ownApiServer();
after(() => server[Symbol.asyncDispose]());

type Kubeconfig = Record<string, unknown> & { users: object[]; clusters: { name: string; cluster: object }[] };

/** Writes a kubeconfig anew, as tools do it: a new file takes the old one's place. */
async function rewrite(file: string, change: (config: Kubeconfig) => object): Promise<void> {
  const config = change(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(`${file}.new`, JSON.stringify(config));
  await rename(`${file}.new`, file);
}

/** A user whose credentials a program of these lines gives. */
const pluginUser =
  (script: string, command = process.execPath) =>
  (config: Kubeconfig) => ({
    ...config,
    users: config.users.map(user => ({
      ...user,
      user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args: ['-e', script] } },
    })),
  });

/** A program that gives the token that stands in a file, and counts there how often it ran. */
const tokenScript = (file: string) => `
  const { appendFileSync, readFileSync } = require('node:fs');
  appendFileSync(${JSON.stringify(`${file}.runs`)}, 'x');
  console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1',
    status: { token: readFileSync(${JSON.stringify(file)}, 'utf8') } }));`;

async function viewsOverRude(t: TestContext) {
  const made = await handmade(t, server.kubeconfig);
  const rude = await rudeServer(t, server.kubeconfig);
  const views = await openViews(t, rude.kubeconfig, made.cluster);
  const good = await readFile(rude.kubeconfig, 'utf8');
  return { ...made, rude, views, file: rude.kubeconfig, good };
}

const BROKEN: [name: string, code: string, change: (file: string) => Promise<void>][] = [
  ['names a plugin that is not installed', 'credentials', file => rewrite(file, pluginUser('', 'no-such-plugin'))],
  [
    'names a plugin that fails',
    'credentials',
    file => rewrite(file, pluginUser('console.error("log in"); process.exit(1)')),
  ],
  ['has no current context', 'none', file => rewrite(file, config => ({ ...config, 'current-context': '' }))],
  ['names a context that is not there', 'none', file => rewrite(file, c => ({ ...c, 'current-context': 'gone' }))],
  ['has no clusters', 'none', file => rewrite(file, config => ({ ...config, clusters: [] }))],
  ['is no YAML', 'none', file => writeFile(file, '{ "contexts": [')],
  ['is empty', 'none', file => writeFile(file, '')],
  ['is gone', 'none', file => rm(file)],
];
for (const [name, code, change] of BROKEN) {
  fault(23, `a kubeconfig that ${name}, and is mended`, {}, async t => {
    const { views, file, good, ...made } = await viewsOverRude(t);
    await change(file);
    const isSaid = () => {
      const { state } = views.link;
      return state.kind === 'away' ? 'code' in state.error && state.error.code === code : state.kind === code;
    };
    await until('it is said', isSaid, { timeoutMs: 10_000, intervalMs: 20 });
    await made.change();
    await writeFile(file, good);
    // It is read once it has rested for a moment.
    await views.untilTrue(BACK_WITHIN_MS);
  });
}

fault(23, 'a kubeconfig with a plugin that hangs, and one without it', {}, async t => {
  const { views, file, good, ...made } = await viewsOverRude(t);
  const pids = join(dirname(file), 'pids');
  const script = `
    require('node:fs').appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n');
    setInterval(() => {}, 1000);`;
  await rewrite(file, pluginUser(script));
  const running = async () => (await readFile(pids, 'utf8')).trim().split('\n').map(Number);
  await until('the plugin runs', async () => (await running()).length > 0, { timeoutMs: 10_000 });
  await made.change();
  await writeFile(file, good);
  await views.untilTrue();
  await until('it is ended', async () => (await running()).every(pid => startedAt(pid) === undefined), {
    timeoutMs: 5_000,
  });
  assert.equal((await running()).length, 1, 'it ran once for all');
});

fault(23, 'a kubeconfig with a plugin that hangs for good', { long: true }, async t => {
  const { views, file } = await viewsOverRude(t);
  await rewrite(file, pluginUser('setInterval(() => {}, 1000)'));
  await views.until(() => views.link.state.kind === 'away', 70_000);
  const { state } = views.link;
  assert.ok(state.kind === 'away' && /no answer in 60 s/.test(state.error.message), 'after a minute it is named');
});

fault(23, 'a kubeconfig that leads to another cluster, and back', {}, async t => {
  const { views, file, good, ...made } = await viewsOverRude(t);
  const elsewhere = (config: Kubeconfig) => ({
    ...config,
    clusters: config.clusters.map(({ name }) => ({ name, cluster: { server: 'http://127.0.0.1:9' } })),
  });
  await rewrite(file, elsewhere);
  await views.until(() => views.link.state.kind === 'away', 5_000);
  await made.change();
  await writeFile(file, good);
  await views.untilTrue();
});

fault(23, 'a token that has expired while it was used', {}, async t => {
  const { rude, views, file, ...made } = await viewsOverRude(t);
  const tokens = join(dirname(file), 'token');
  await writeFile(tokens, 'one');
  let valid = 'Bearer one';
  let refused = 0;
  await rewrite(file, pluginUser(tokenScript(tokens)));
  await until(
    'the plugin’s token is used',
    () => rude.calls.some(call => call.isWatch && call.authorization === valid),
    {
      timeoutMs: 10_000,
    },
  );
  rude.behave(call => {
    if (call.authorization === valid) return call.pass();
    refused++;
    call.refuse(401);
  });
  await views.untilTrue();
  await writeFile(tokens, 'two');
  valid = 'Bearer two';
  rude.cut();
  await made.change();
  await views.untilTrue();
  await views.until(() => views.link.state.kind === 'live', BACK_WITHIN_MS);
  assert.equal(await readFile(`${tokens}.runs`, 'utf8'), 'xx', 'it ran once for the first token, once for the second');
  assert.ok(refused <= 2, 'each watch was refused once');
});

fault(23, 'a server that refuses every token for a while (401)', {}, async t => {
  const { rude, views, ...made } = await viewsOverRude(t);
  rude.behave(call => call.refuse(401));
  const before = rude.calls.length;
  rude.cut();
  await made.change();
  const seconds = 3;
  await delay(seconds * 1000);
  const asked = rude.calls.length - before;
  rude.behave(call => call.pass());
  await views.untilTrue();
  assert.ok(asked <= 4 * (1 + seconds / 0.5), `${asked} requests`);
});

fault(23, 'a proxy that went away and came back', {}, async t => {
  const made = await handmade(t, server.kubeconfig);
  const open = new Set<Socket>();
  const startProxy = async (port: number) => {
    const proxy = createServer().on('connect', (request, client: Socket) => {
      const [host, to] = (request.url ?? '').split(':');
      const far = connect(Number(to), host);
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(far).pipe(client);
      for (const end of [client, far]) {
        open.add(end);
        end.on('error', () => {}).once('close', () => open.delete(end));
      }
    });
    await once(proxy.listen(port, '127.0.0.1'), 'listening');
    return proxy;
  };
  let proxy = await startProxy(0);
  const { port } = proxy.address() as AddressInfo;
  const stop = async () => {
    for (const socket of open) socket.destroy();
    await new Promise(resolve => proxy.close(resolve));
  };
  t.after(stop);
  const { kubeconfig: file } = await rudeServer(t, server.kubeconfig);
  const own = JSON.parse(await readFile(server.kubeconfig, 'utf8'));
  const [{ cluster }] = own.clusters;
  await rewrite(file, () => ({
    ...own,
    clusters: [{ name: own.clusters[0].name, cluster: { ...cluster, 'proxy-url': `http://127.0.0.1:${port}` } }],
  }));
  const views = await openViews(t, file, made.cluster);
  await stop();
  await views.until(() => views.link.state.kind === 'away', 5_000);
  await made.change();
  await delay(1_000);
  proxy = await startProxy(port);
  await views.untilTrue();
  assert.ok(open.size > 0, 'by the proxy');
});
