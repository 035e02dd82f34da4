import assert from 'node:assert/strict';
import { createServer as createTcp, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type ClusterError, openCluster } from '../../../src/cluster/index.ts';
import { fakeServer, json, refuse, writeKubeconfig } from './fakeServer.ts';

const LIMIT = { timeout: 20_000 };

test('a refusal comes with its code and the words of the server, without the password in them', LIMIT, async t => {
  const codes: Record<number, string> = {
    400: 'invalid',
    403: 'forbidden',
    404: 'not-found',
    409: 'conflict',
    422: 'invalid',
    429: 'throttled',
    500: 'server',
    504: 'timeout',
  };
  const fake = await fakeServer(t, (call, response) =>
    refuse(response, Number(call.query.get('status')), 'no: amqp://guest:secret@broker/ is bad', {
      'Retry-After': '60',
    }),
  );
  const cluster = await fake.open();
  for (const [status, code] of Object.entries(codes)) {
    await assert.rejects(cluster.request({ path: '/x', query: { status } }), (error: ClusterError) => {
      assert.equal(error.code, code);
      assert.equal(error.status, Number(status));
      assert.equal(error.detail, 'no: amqp://guest:***@broker/ is bad');
      assert.equal(error.retryAfterSeconds, 60);
      return true;
    });
  }
  assert.equal(
    fake.calls.length,
    Object.keys(codes).length,
    'a server that wants a minute of peace is not asked again',
  );
});

test('a page of some proxy in place of the API server is told in plain text', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => {
    response.writeHead(502).end('<html><head><title>502</title></head>\n<body><h1>Bad Gateway</h1></body></html>');
  });
  const cluster = await fake.open();
  await assert.rejects(cluster.request({ path: '/x' }), { code: 'server', status: 502, detail: '502 Bad Gateway' });
});

test('an answer that is not JSON is an error, not a crash', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => {
    response.end('<html>');
  });
  await assert.rejects((await fake.open()).request({ path: '/x' }), { code: 'server' });
});

test('what is sent arrives unchanged, unknown fields too, as JSON of the type asked for', LIMIT, async t => {
  const fake = await fakeServer(t, (call, response) => json(response, 200, { got: call.body }));
  const cluster = await fake.open();
  const body = { kind: 'Job', spec: { complections: 8, when: '2020-01-01' }, ü: ['日本', null] };
  assert.deepEqual(await cluster.request({ method: 'POST', path: '/x', body }), { got: body });
  assert.equal(fake.calls[0]?.headers['content-type'], 'application/json');
  assert.equal(fake.calls[0]?.headers.authorization, 'Bearer first');
});

test('reading waits as long as a busy server asks, a little, and asks again', LIMIT, async t => {
  let busy = 2;
  const fake = await fakeServer(t, (_call, response) => {
    if (busy-- > 0) refuse(response, 429, 'too many requests', { 'Retry-After': '0' });
    else json(response, 200, { ok: true });
  });
  assert.deepEqual(await (await fake.open()).request({ path: '/x' }), { ok: true });
  assert.equal(fake.calls.length, 3);
});

test('writing to a busy server is not repeated behind the back of the caller', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => refuse(response, 503, 'busy', { 'Retry-After': '0' }));
  const cluster = await fake.open();
  await assert.rejects(cluster.request({ method: 'POST', path: '/x', body: {} }), { code: 'server', status: 503 });
  assert.equal(fake.calls.length, 1);
});

test('a server that stays busy is given up', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => refuse(response, 429, 'busy', { 'Retry-After': '0' }));
  await assert.rejects((await fake.open()).request({ path: '/x' }), { code: 'throttled' });
  assert.equal(fake.calls.length, 4);
});

test('many calls one after the other use one connection', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  let connections = 0;
  fake.server.on('connection', () => connections++);
  const cluster = await fake.open();
  for (let i = 0; i < 20; i++) await cluster.request({ path: '/x' });
  assert.equal(connections, 1);
});

test('a kept connection that the server has closed meanwhile is no error', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  fake.server.on('connection', socket => {
    // The second request on a connection meets a reset instead of an answer.
    let heads = 0;
    socket.on('data', () => {
      if (++heads === 2) socket.resetAndDestroy();
    });
  });
  const cluster = await fake.open();
  await cluster.request({ path: '/x' });
  assert.deepEqual(await cluster.request({ path: '/x' }), {});
});

/** A server whose connections can be made deaf, as a sleep or a change of network leaves them. */
async function deafening(t: TestContext) {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, { text: 'x'.repeat(10) }));
  const sockets: Socket[] = [];
  fake.server.on('connection', (socket: Socket) => sockets.push(socket));
  const deafen = () => {
    for (const socket of sockets) socket.removeAllListeners('data').pause();
  };
  return { cluster: await fake.open(), calls: fake.calls, sockets, deafen };
}

test('a kept connection that died without a word costs a reader seconds, not the whole time limit', LIMIT, async t => {
  const { cluster, calls, deafen } = await deafening(t);
  await Promise.all([1, 2, 3].map(() => cluster.request({ path: '/x' })));
  deafen();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const again = cluster.request({ path: '/again' });
  // It is sent and waits; is given up, and is sent anew.
  for (const ms of [0, 3_000, 0]) {
    t.mock.timers.tick(ms);
    for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
  }
  await again;
  await cluster.request({ path: '/once-more' });
  assert.deepEqual(
    calls.slice(3).map(call => call.path),
    ['/again', '/once-more'],
  );
});

test('what changes something takes no connection that has been idle, as it must not be sent twice', LIMIT, async t => {
  const { cluster, calls, sockets, deafen } = await deafening(t);
  const post = () => cluster.request({ method: 'POST', path: '/x', body: {}, timeoutMs: 1_000 });
  await post();
  await post();
  assert.equal(sockets.length, 1, 'one after the other they share one');
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  deafen();
  await post();
  assert.equal(calls.length, 3);
});

test('large answers come packed', LIMIT, async t => {
  const fake = await fakeServer(t, (call, response) => {
    assert.equal(call.headers['accept-encoding'], 'gzip');
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(JSON.stringify({ text: '日本'.repeat(1e5) })));
  });
  const { text } = await (await fake.open()).request<{ text: string }>({ path: '/x' });
  assert.equal(text, '日本'.repeat(1e5));
});

test('a packed answer that is cut off is an error', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => {
    const bytes = gzipSync(JSON.stringify({ text: 'x'.repeat(1e5) }));
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).write(bytes.subarray(0, 50), () => response.destroy());
  });
  await assert.rejects((await fake.open()).request({ path: '/x' }), { code: 'unreachable' });
});

test('a server that is not there, has no name or no answer is told apart', LIMIT, async t => {
  const silent = createTcp(() => {}).listen(0, '127.0.0.1');
  await new Promise(resolve => silent.once('listening', resolve));
  t.after(() => silent.close());
  const port = (silent.address() as { port: number }).port;
  const open = async (server: string) => openCluster({ kubeconfig: await writeKubeconfig(t, { server }) });
  const refused = createTcp().listen(0, '127.0.0.1');
  await new Promise(resolve => refused.once('listening', resolve));
  const closedPort = (refused.address() as { port: number }).port;
  await new Promise(resolve => refused.close(resolve));

  await assert.rejects(
    (await open(`https://127.0.0.1:${closedPort}`)).request({ path: '/x' }),
    (error: ClusterError) => {
      assert.equal(error.code, 'unreachable');
      assert.match(error.detail, /ECONNREFUSED/);
      return true;
    },
  );
  await assert.rejects((await open('https://nowhere.invalid')).request({ path: '/x' }), { code: 'unreachable' });
  const cluster = await open(`http://127.0.0.1:${port}`);
  t.after(() => cluster.close());
  await assert.rejects(cluster.request({ path: '/x', timeoutMs: 100 }), { code: 'timeout' });
});

test('a plain server behind https is trouble of TLS', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  const kubeconfig = await writeKubeconfig(t, { server: fake.url.replace('http:', 'https:') });
  await assert.rejects(openCluster({ kubeconfig }).request({ path: '/x' }), { code: 'tls' });
});

test('an abort ends a call that waits for its answer', LIMIT, async t => {
  const asked = Promise.withResolvers<void>();
  const fake = await fakeServer(t, () => asked.resolve());
  const cluster = await fake.open();
  const controller = new AbortController();
  const call = cluster.request({ path: '/x', signal: controller.signal });
  await asked.promise;
  controller.abort();
  await assert.rejects(call, { code: 'cancelled' });
  await assert.rejects(cluster.request({ path: '/x', signal: controller.signal }), { code: 'cancelled' });
  assert.equal(fake.calls.length, 1);
});

test('closing the cluster ends its calls and its streams', LIMIT, async t => {
  const asked = Promise.withResolvers<void>();
  const fake = await fakeServer(t, (call, response) => {
    if (call.path === '/stream') response.write('begin');
    else asked.resolve();
  });
  const cluster = await fake.open();
  const stream = await cluster.stream({ path: '/stream' });
  const call = cluster.request({ path: '/wait' });
  await asked.promise;
  cluster.close();
  await assert.rejects(call, { code: 'cancelled' });
  await assert.rejects(async () => {
    for await (const _ of stream);
  });
  await assert.rejects(cluster.request({ path: '/x' }), { code: 'cancelled' });
});
