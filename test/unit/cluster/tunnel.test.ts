import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import type { WebSocket } from 'ws';
import { forward } from '../../../src/cluster/forward.ts';
import { type Cluster, openTunnel } from '../../../src/cluster/index.ts';
import { dial, fakeKubelet, PORT, PORT_BYTES, readAll } from './fakeKubelet.ts';

const LIMIT = { timeout: 30_000 };
const TO = { namespace: 'test', service: 'broker', port: PORT };

const greet = (far: WebSocket) => {
  for (const bytes of PORT_BYTES) far.send(bytes);
};
const say = (far: WebSocket, bytes: Buffer | string) => far.send(Buffer.concat([Buffer.of(0), Buffer.from(bytes)]));

test('what the Pod says arrives without the bytes of the protocol, however they are cut', LIMIT, async t => {
  const { cluster, forwards } = await fakeKubelet(t, far => {
    const [data, error] = PORT_BYTES as [Buffer, Buffer];
    far.send(data.subarray(0, 2));
    far.send(error);
    far.send(Buffer.concat([Buffer.of(0), data.subarray(2), Buffer.from('AM')]));
    far.send(Buffer.of(0));
    say(far, 'QP');
    far.on('message', (bytes: Buffer) => bytes.toString() === '\0end' && far.close());
  });
  const tunnel = await openTunnel(cluster, TO);
  t.after(() => tunnel.close());
  const near = await dial(t, tunnel.socketPath);
  near.write('end');
  assert.equal((await readAll(near)).toString(), 'AMQP');
  assert.deepEqual(forwards, [`/api/v1/namespaces/test/pods/broker-0/portforward?ports=${PORT}`]);
  assert.equal(tunnel.problem, undefined);
});

test('a port that the Service does not list is the one of the Pod', LIMIT, async t => {
  const { cluster, forwards } = await fakeKubelet(t, far => far.close());
  const tunnel = await openTunnel(cluster, { ...TO, port: 15672 });
  t.after(() => tunnel.close());
  await readAll(await dial(t, tunnel.socketPath));
  assert.match(forwards[0] ?? '', /ports=15672$/);
});

test('the socket lies in a folder of its own that nobody else may enter, and goes with the tunnel', LIMIT, async t => {
  const { cluster } = await fakeKubelet(t, greet);
  const tunnel = await openTunnel(cluster, TO);
  const folder = dirname(tunnel.socketPath);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const near = await dial(t, tunnel.socketPath);
  await tunnel.close();
  assert.deepEqual(await readAll(near), Buffer.alloc(0));
  assert.ok(!existsSync(folder));
});

test(
  'an error that the kubelet reports ends the connection and is the tunnel’s problem, until one succeeds',
  LIMIT,
  async t => {
    let working = false;
    const { cluster } = await fakeKubelet(t, far => {
      greet(far);
      if (working) return say(far, 'ok');
      far.send(Buffer.concat([Buffer.of(1), Buffer.from('error forwarding port 5672: ')]));
      far.send(Buffer.concat([Buffer.of(1), Buffer.from('connection refused')]));
      far.close();
    });
    const tunnel = await openTunnel(cluster, TO);
    t.after(() => tunnel.close());
    assert.equal((await readAll(await dial(t, tunnel.socketPath))).length, 0);
    assert.equal(tunnel.problem?.code, 'unreachable');
    assert.equal(tunnel.problem?.detail, 'error forwarding port 5672: connection refused');
    working = true;
    await once(await dial(t, tunnel.socketPath), 'data');
    assert.equal(tunnel.problem, undefined);
  },
);

test(
  'the folder of a program that was killed is removed by the next tunnel, that of a living one stays',
  LIMIT,
  async t => {
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    const [forsaken, used] = [dead.pid, process.ppid].map(pid => join(tmpdir(), `kwq-${pid}-abcdef`)) as [
      string,
      string,
    ];
    for (const folder of [forsaken, used]) {
      mkdirSync(folder);
      t.after(() => rmSync(folder, { recursive: true, force: true }));
    }
    const { cluster } = await fakeKubelet(t, greet);
    await (await openTunnel(cluster, TO)).close();
    assert.deepEqual([existsSync(forsaken), existsSync(used)], [false, true]);
  },
);

test('a connection to the Pod that breaks ends the local one, too', LIMIT, async t => {
  const { cluster } = await fakeKubelet(t, far => {
    greet(far);
    far.on('message', () => far.terminate());
  });
  const tunnel = await openTunnel(cluster, TO);
  t.after(() => tunnel.close());
  const near = await dial(t, tunnel.socketPath);
  near.write('x');
  await readAll(near);
  assert.equal(tunnel.problem?.code, 'unreachable');
});

test('a local end without ceremony leaves no WebSocket behind', LIMIT, async t => {
  const opened = Promise.withResolvers<WebSocket>();
  const { cluster } = await fakeKubelet(t, far => {
    greet(far);
    far.once('message', () => opened.resolve(far));
  });
  const tunnel = await openTunnel(cluster, TO);
  t.after(() => tunnel.close());
  const near = await dial(t, tunnel.socketPath);
  near.write('x');
  const far = await opened.promise;
  // The Pod still speaks: its bytes meet a socket that is gone.
  const speak = setInterval(() => say(far, 'still here'), 5);
  t.after(() => clearInterval(speak));
  const closed = once(far, 'close');
  near.destroy();
  await closed;
});

test('the last words of both sides are carried to their end', LIMIT, async t => {
  const size = 4 * 1024 * 1024;
  let received = 0;
  const { cluster } = await fakeKubelet(t, far => {
    greet(far);
    far.on('message', (bytes: Buffer) => {
      received += bytes.length - 1;
      if (received === size) for (let i = 0; i < 64; i++) say(far, Buffer.alloc(64 * 1024, i));
    });
  });
  const tunnel = await openTunnel(cluster, TO);
  t.after(() => tunnel.close());
  const near = await dial(t, tunnel.socketPath);
  near.end(Buffer.alloc(size, 'x'));
  const answer = await readAll(near);
  assert.equal(received, size);
  assert.equal(answer.length, 64 * 64 * 1024);
  assert.ok(answer.every((byte, i) => byte === Math.floor(i / (64 * 1024))));
});

test('who reads slowly slows the Pod down and does not fill the memory', LIMIT, async t => {
  const size = 64 * 1024 * 1024;
  let sent = 0;
  const { cluster } = await fakeKubelet(t, far => {
    greet(far);
    const block = Buffer.alloc(32 * 1024);
    const pump = () => {
      while (sent < size && far.bufferedAmount < 256 * 1024) {
        say(far, block);
        sent += block.length;
      }
      if (sent < size) setImmediate(pump);
      else far.close();
    };
    pump();
  });
  const tunnel = await openTunnel(cluster, TO);
  t.after(() => tunnel.close());
  const near = await dial(t, tunnel.socketPath);
  await once(near, 'readable');
  await settled(() => sent);
  assert.ok(sent < 8 * 1024 * 1024, `${sent} bytes were taken from the Pod although nobody read`);
  assert.equal((await readAll(near)).length, size);
});

test('a Pod that reads slowly slows the sender down', LIMIT, async t => {
  const size = 64 * 1024 * 1024;
  let received = 0;
  const opened = Promise.withResolvers<WebSocket>();
  const { cluster } = await fakeKubelet(t, far => {
    greet(far);
    far.pause();
    far.on('message', (bytes: Buffer) => {
      received += bytes.length - 1;
    });
    opened.resolve(far);
  });
  const tunnel = await openTunnel(cluster, TO);
  t.after(() => tunnel.close());
  const near = await dial(t, tunnel.socketPath);
  let taken = 0;
  function* blocks() {
    const block = Buffer.alloc(64 * 1024);
    for (; taken < size; taken += block.length) yield block;
  }
  const sent = pipeline(Readable.from(blocks()), near);
  const far = await opened.promise;
  await settled(() => taken);
  assert.ok(taken < 16 * 1024 * 1024, `${taken} bytes were taken although the Pod read none`);
  far.resume();
  await sent;
  await settled(() => received);
  assert.equal(received, size);
});

test('a service without a ready Pod is said at once, with what the Pods are', LIMIT, async t => {
  const pods = [
    {
      metadata: { name: 'broker-0' },
      status: {
        phase: 'Pending',
        containerStatuses: [{ restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff' } } }],
      },
    },
    {
      metadata: { name: 'broker-1', deletionTimestamp: 'now' },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    },
  ];
  const { cluster } = await fakeKubelet(t, greet, { pods });
  await assert.rejects(openTunnel(cluster, TO), {
    code: 'not-ready',
    detail: 'no Pod behind Service broker is ready: Pod broker-0 ImagePullBackOff, broker-1 is being deleted',
  });
  const none = await fakeKubelet(t, greet, { pods: [] });
  await assert.rejects(openTunnel(none.cluster, TO), { code: 'not-ready', detail: 'no Pod behind Service broker' });
});

test('a peer that no longer answers is noticed', LIMIT, async t => {
  const { cluster } = await fakeKubelet(t, greet, { autoPong: false });
  const { forwarded } = await forwardOne(t, cluster, 100);
  await assert.rejects(forwarded, { code: 'timeout' });
});

test('a peer that only does not read is not taken for dead', LIMIT, async t => {
  const pingMs = 100;
  const { cluster } = await fakeKubelet(t, far => far.pause());
  const { client, forwarded } = await forwardOne(t, cluster, pingMs);
  client.write(Buffer.alloc(8 * 1024 * 1024));
  const lived = new Promise(resolve => setTimeout(resolve, 10 * pingMs, 'alive'));
  assert.equal(await Promise.race([forwarded, lived]), 'alive');
});

/** One forwarded connection outside a tunnel, with its own pace of pings. */
async function forwardOne(t: TestContext, cluster: Cluster, pingMs: number) {
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accepted.resolve).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  t.after(() => client.destroy());
  const local = await accepted.promise;
  t.after(() => local.destroy());
  const backend = { pod: 'broker-0', port: PORT };
  const { signal } = new AbortController();
  return { client, forwarded: forward(cluster, { local, namespace: 'test', backend, signal, onOpen() {}, pingMs }) };
}

/** Resolves when a figure has not changed for a quarter of a second. */
async function settled(figure: () => number): Promise<void> {
  for (let quiet = 0, before = figure(); quiet < 10; quiet++) {
    await new Promise(resolve => setTimeout(resolve, 25));
    if (figure() !== before) quiet = 0;
    before = figure();
  }
}
