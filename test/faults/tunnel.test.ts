import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { connect as amqpConnect } from 'amqplib';
import { type BrokerError, connect, publish, testBroker } from '../../src/broker/index.ts';
import { type Cluster, openCluster, openTunnel, type Tunnel } from '../../src/cluster/index.ts';
import { takeAll } from '../integration/broker/inQueue.ts';
import { address, newQueueName, purpose } from '../integration/broker/labBroker.ts';
import { relayTo } from '../integration/cluster/relay.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';
import { accountOf } from './accountOf.ts';
import { fault } from './fault.ts';

const { broker: lab, kubeconfig } = await labUp();
const LARGEST = 16 * 2 ** 20;

async function tunnelThrough(t: TestContext, cluster: Cluster): Promise<Tunnel> {
  const tunnel = await openTunnel(cluster, { namespace: lab.namespace, service: lab.service, port: address.port });
  t.after(() => tunnel.close());
  return tunnel;
}

async function directTunnel(t: TestContext): Promise<Tunnel> {
  const cluster = openCluster({ kubeconfig });
  t.after(() => cluster.close());
  return await tunnelThrough(t, cluster);
}

fault(21, 'the largest messages go through a tunnel and come back byte for byte', {}, async t => {
  const { socketPath } = await directTunnel(t);
  const queue = newQueueName();
  const broker = await connect({ address, socketPath, purpose });
  await broker.declare(queue);
  await broker.close();
  // Every byte value, at the limit and around the size of a frame.
  const bodies = [LARGEST, 131_064, 131_063, 1, LARGEST].map(size => randomBytes(size));
  const items = bodies.map((body, i) => ({ body, line: i + 1 }));
  const outcome = await publish({ address, socketPath, purpose, queue, items, runId: 'r' });
  assert.equal(outcome.confirmed, items.length);
  const connection = await amqpConnect(
    { hostname: lab.service, username: address.user, password: address.password },
    { path: socketPath },
  );
  const channel = await connection.createChannel();
  let [lost, unexplained] = [0, 0];
  for (const body of bodies) {
    const message = await channel.get(queue, { noAck: true });
    if (!message) lost++;
    else if (!message.content.equals(body)) unexplained++;
  }
  await connection.close();
  return { lost, doubled: 0, unexplained };
});

fault(21, 'a way to the API server that is reset ends the connection, and the next one works', {}, async t => {
  const relay = await relayTo(t, kubeconfig, lab.namespace);
  const tunnel = await tunnelThrough(t, relay.cluster);
  const options = { address, socketPath: tunnel.socketPath, purpose };
  const open = await connect(options);
  const lost = new Promise<BrokerError>(resolve => open.onClosed(resolve));
  await relay.cut();
  assert.equal((await lost).code, 'closed');
  assert.equal(tunnel.problem?.code, 'unreachable');
  await assert.rejects(connect(options), { code: 'unreachable' });
  await relay.mend();
  assert.ok(await testBroker(options));
  assert.equal(tunnel.problem, undefined);
});

fault(21, 'a way to the API server that nothing comes through any more is not used for the next one', {}, async t => {
  const relay = await relayTo(t, kubeconfig, lab.namespace);
  const tunnel = await tunnelThrough(t, relay.cluster);
  const options = { address, socketPath: tunnel.socketPath, purpose };
  // Calls at the same time, so that connections are kept for the next ones.
  await Promise.all([1, 2, 3].map(() => relay.cluster.request({ path: '/version' })));
  // As after a sleep: what was open is dead, and nobody says so.
  relay.mute();
  assert.ok(await testBroker(options));
});

fault(21, 'a reset of the tunnel in the middle of a publication leaves each line there once', {}, async t => {
  const relay = await relayTo(t, kubeconfig, lab.namespace);
  const { socketPath } = await tunnelThrough(t, relay.cluster);
  const queue = newQueueName();
  const broker = await connect({ address, purpose });
  await broker.declare(queue);
  await broker.close();
  let cuts = 0;
  async function* items() {
    for (const line of lines) {
      yield line;
      if (line.line % 5_000 !== 1_000) continue;
      await relay.cut();
      cuts++;
      await relay.mend();
    }
  }
  const lines = Array.from({ length: 20_000 }, (_, i) => ({ body: `item ${i + 1}`, line: i + 1 }));
  const way = async () => ({ address, socketPath });
  const outcome = await publish({ address, socketPath, way, purpose, queue, items: items(), runId: 'r' });
  assert.equal(cuts, 4);
  assert.deepEqual([outcome.ended, outcome.confirmed, outcome.maybeDoubled], ['done', lines.length, 0]);
  return accountOf(lines, 'r', outcome, await takeAll(address, queue));
});

for (const end of ['reset', 'gone silent'] as const) {
  fault(21, `who wakes up to a way that has ${end} is told, and connects again`, { long: true }, async t => {
    const relay = await relayTo(t, kubeconfig, lab.namespace);
    const sleeper = fork(join(import.meta.dirname, 'sleeper.ts'), [relay.kubeconfig]);
    t.after(() => sleeper.kill('SIGKILL'));
    const told: string[] = [];
    sleeper.on('message', message => told.push(String(message)));
    await until('it is connected', () => told.length === 1, { timeoutMs: 30_000 });
    sleeper.kill('SIGSTOP');
    if (end === 'reset') {
      await relay.cut();
      await relay.mend();
    } else relay.mute();
    sleeper.kill('SIGCONT');
    const [code] = await once(sleeper, 'exit');
    assert.equal(code, 0);
    assert.deepEqual(told, ['connected', 'lost', 'connected']);
  });
}

fault(21, 'a tunnel in use listens on no port', { once: true }, async t => {
  const before = listening();
  const { socketPath } = await directTunnel(t);
  const open = await connect({ address, socketPath, purpose });
  assert.deepEqual(listening(), before);
  await open.close();
});

/** The TCP ports that this process listens on, as the kernel lists them. */
function listening(): string[] {
  const LISTEN = '0A';
  const own = new Set(
    readdirSync('/proc/self/fd').flatMap(fd => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return ['/proc/self/net/tcp', '/proc/self/net/tcp6'].flatMap(table =>
    readFileSync(table, 'utf8')
      .split('\n')
      .slice(1)
      .map(line => line.trim().split(/\s+/))
      .filter(cells => cells[3] === LISTEN && own.has(cells[9] ?? ''))
      .map(cells => cells[1] ?? ''),
  );
}
