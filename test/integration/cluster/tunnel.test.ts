import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import v8 from 'node:v8';
import vm from 'node:vm';
import { CHANNEL_PROTOCOL } from '../../../src/cluster/channelFraming.ts';
import { apply, openCluster, openTunnel, waitForStatefulSet } from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { SPDY_PROTOCOL } from '../../../src/cluster/spdyFraming.ts';
import { labUp } from '../../lab/up.ts';
import { echoObjects } from './echo.ts';
import { labNamespace } from './namespace.ts';

const LIMIT = { timeout: 90_000 };
const MIB = 1024 * 1024;

const cluster = await labNamespace();
const { namespace } = cluster;
const untilReady = () =>
  waitForStatefulSet(cluster, { namespace, name: 'echo', signal: AbortSignal.timeout(90_000), timeoutMs: 60_000 });
await apply(cluster, { namespace, objects: echoObjects });
await untilReady();

async function tunnelTo(t: TestContext, port: number) {
  const tunnel = await openTunnel(cluster, { namespace, service: 'echo', port });
  t.after(() => tunnel.close());
  const dial = async (): Promise<Socket> => {
    const socket = connect({ path: tunnel.socketPath, allowHalfOpen: true });
    t.after(() => socket.destroy());
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  return { tunnel, dial };
}

/** Bytes that repeat nowhere, so that none can be lost, doubled or moved unseen. */
function* stream(size: number, seed: number): Generator<Buffer> {
  for (let sent = 0; sent < size; ) {
    const bytes = Buffer.alloc(Math.min(64 * 1024, size - sent));
    for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE((sent + at + seed) >>> 0, at);
    sent += bytes.length;
    yield bytes;
  }
}

function digest(size: number, seed: number): string {
  const hash = createHash('sha256');
  for (const bytes of stream(size, seed)) hash.update(bytes);
  return hash.digest('hex');
}

/** Reads `size` bytes and returns their digest. */
async function read(socket: Socket, size: number): Promise<string> {
  const hash = createHash('sha256');
  let got = 0;
  for await (const chunk of socket) {
    hash.update(chunk as Buffer);
    got += (chunk as Buffer).length;
    if (got >= size) break;
  }
  assert.equal(got, size);
  return hash.digest('hex');
}

test('64 MiB go to a Pod and come back byte for byte', LIMIT, async t => {
  const { tunnel, dial } = await tunnelTo(t, 80);
  const size = 64 * MIB;
  const socket = await dial();
  const began = performance.now();
  const [got] = await Promise.all([
    read(socket, size),
    pipeline(Readable.from(stream(size, 1)), socket, { end: false }),
  ]);
  t.diagnostic(`${Math.round((64 / (performance.now() - began)) * 1000)} MiB/s each way`);
  assert.equal(got, digest(size, 1));
  assert.equal(tunnel.problem, undefined);
});

test('the cluster and the tunnel speak the newer of their protocols', LIMIT, async t => {
  const protocols = [SPDY_PROTOCOL, CHANNEL_PROTOCOL];
  const path = resourcePath('v1', namespace, 'pods', 'echo-0', 'portforward');
  const socket = await cluster.webSocket({ path, query: { ports: 7000 }, protocols });
  t.after(() => socket.terminate());
  assert.equal(socket.protocol, SPDY_PROTOCOL);
});

test('many connections at once do not mix', LIMIT, async t => {
  const { dial } = await tunnelTo(t, 80);
  const size = 4 * MIB;
  await Promise.all(
    Array.from({ length: 8 }, async (_, seed) => {
      const socket = await dial();
      const [got] = await Promise.all([
        read(socket, size),
        pipeline(Readable.from(stream(size, seed * 7919)), socket, { end: false }),
      ]);
      assert.equal(got, digest(size, seed * 7919));
    }),
  );
});

test('what was sent before the end of the near side comes back whole', LIMIT, async t => {
  const { dial } = await tunnelTo(t, 80);
  const size = 16 * MIB;
  const socket = await dial();
  const [got] = await Promise.all([read(socket, size), pipeline(Readable.from(stream(size, 3)), socket)]);
  assert.equal(got, digest(size, 3));
});

/** Bytes of buffers that are really held: what is garbage is collected first. */
async function buffersInUse(): Promise<number> {
  v8.setFlagsFromString('--expose-gc');
  const collect: () => void = vm.runInNewContext('gc');
  for (let times = 0; times < 3; times++) {
    collect();
    await new Promise(resolve => setImmediate(resolve));
  }
  return process.memoryUsage().arrayBuffers;
}

test('who does not read does not fill the memory of the tunnel', LIMIT, async t => {
  const { dial } = await tunnelTo(t, 80);
  const socket = await dial();
  // More than the buffers of all the programs and sockets on the way there and back hold.
  const size = 256 * MIB;
  const block = Buffer.alloc(64 * 1024);
  let taken = 0;
  function* blocks() {
    for (; taken < size; taken += block.length) yield block;
  }
  const before = await buffersInUse();
  const sending = pipeline(Readable.from(blocks()), socket);
  for (let quiet = 0, last = -1; quiet < 20; quiet++) {
    await new Promise(resolve => setTimeout(resolve, 50));
    if (taken !== last) quiet = 0;
    last = taken;
  }
  const held = (await buffersInUse()) - before;
  t.diagnostic(`${Math.round(taken / MIB)} MiB on the way, ${(held / MIB).toFixed(1)} MiB of them here`);
  assert.ok(taken < size);
  assert.ok(held < 16 * MIB);
  socket.destroy();
  await assert.rejects(sending);
});

test('when the Pod is deleted the connection ends, and the next one reaches the new Pod', LIMIT, async t => {
  const { tunnel, dial } = await tunnelTo(t, 7001);
  const first = await dial();
  const [before] = (await once(first, 'data')) as [Buffer];
  const ended = once(first, 'close');
  first.resume().once('end', () => first.end());
  await cluster.request({ method: 'DELETE', path: resourcePath('v1', namespace, 'pods', 'echo-0') });
  await ended;

  let after: Buffer | undefined;
  while (!after) {
    await untilReady();
    const next = await dial();
    after = await Promise.race([
      once(next, 'data').then(([bytes]) => bytes as Buffer),
      once(next, 'end').then(() => undefined),
    ]);
  }
  assert.notEqual(after.toString(), before.toString());
  assert.equal(tunnel.problem, undefined);
});

test('a port on which nothing listens ends the connection, and the problem names it', LIMIT, async t => {
  const { tunnel, dial } = await tunnelTo(t, 7999);
  const socket = await dial();
  for await (const _ of socket) assert.fail('bytes came from a port on which nothing listens');
  assert.equal(tunnel.problem?.code, 'unreachable');
  assert.match(tunnel.problem?.detail ?? '', /7999.*refused/s);
});

test('a Service that does not exist is said when the tunnel is opened', LIMIT, async () => {
  const open = openTunnel(cluster, { namespace, service: 'nothing', port: 80 });
  await assert.rejects(open, { code: 'not-found' });
});

test('a real broker answers through the tunnel on both of its ports', LIMIT, async t => {
  const { broker } = await labUp(() => {});
  const amqp = await openTunnel(cluster, { namespace: broker.namespace, service: broker.service, port: 5672 });
  t.after(() => amqp.close());
  const socket = connect(amqp.socketPath);
  t.after(() => socket.destroy());
  socket.write('AMQP\0\0\x09\x01');
  const [hello] = (await once(socket, 'data')) as [Buffer];
  // A frame of method connection.start (10, 10).
  assert.equal(hello.subarray(7, 11).toString('hex'), '000a000a');

  const management = await openTunnel(cluster, { namespace: broker.namespace, service: broker.service, port: 15672 });
  t.after(() => management.close());
  const http = connect(management.socketPath);
  t.after(() => http.destroy());
  http.write('GET /api/overview HTTP/1.0\r\n\r\n');
  let page = '';
  for await (const chunk of http) page += chunk;
  assert.match(page, /^HTTP\/1\.[01] 401 /);
});

test('closing the cluster ends the connections of its tunnels', LIMIT, async t => {
  const { kubeconfig } = await labUp(() => {});
  const other = openCluster({ kubeconfig, namespace });
  const tunnel = await openTunnel(other, { namespace, service: 'echo', port: 7001 });
  t.after(() => tunnel.close());
  const socket = connect(tunnel.socketPath);
  t.after(() => socket.destroy());
  await once(socket, 'data');
  const ended = once(socket.resume(), 'end');
  other.close();
  await ended;
});
