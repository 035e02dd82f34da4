import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connect as amqpConnect, type Channel } from 'amqplib';
import { publish } from '../../src/broker/index.ts';
import { openCluster, openTunnel } from '../../src/cluster/index.ts';
import type { BrokerAddress } from '../../src/workload/brokerUrl.ts';
import { labUp } from '../lab/up.ts';
import { inTurns } from './inTurns.ts';
import { type BenchQueue, benchQueue } from './publishQueue.ts';
import type { Row } from './table.ts';

const ROUNDS = 7;
const LINES = 50_000;
const LINE_BYTES = 100;
const LARGE_BYTES = 2 ** 20;
const LARGE_MESSAGES = 64;
const QUESTIONS = 300;
const OPENINGS = 10;

/** A way to the broker: through our tunnel's socket, or a port of this machine. */
interface Way {
  host: string;
  port: number;
  socketPath?: string;
}

/** Our tunnel beside `kubectl port-forward`, with the same client at its near end. */
export async function bench(): Promise<Row[]> {
  const { broker: lab, kubeconfig, kubectl } = await labUp();
  await using queue = await benchQueue({});
  const cluster = openCluster({ kubeconfig, namespace: lab.namespace });
  const tunnel = await openTunnel(cluster, { namespace: lab.namespace, service: lab.service, port: 5672 });
  const argv = ['--kubeconfig', kubeconfig, '--namespace', lab.namespace, 'port-forward', `service/${lab.service}`];
  const forward = spawn(kubectl, [...argv, '--address', '127.0.0.1', ':5672'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface({ input: forward.stdout }), 'line')) as [string];
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(line)?.[1]);
    const ways = {
      ours: { host: 'localhost', port: 5672, socketPath: tunnel.socketPath },
      kubectl: { host: '127.0.0.1', port },
    };
    const beside = async (row: string, unit: string, better: Row['better'], work: (way: Way) => Promise<number>) => {
      const others = { 'kubectl port-forward': () => work(ways.kubectl) };
      const compared = await inTurns(better, ROUNDS, () => work(ways.ours), others);
      return { row, unit, ...compared, ratioLimit: { 'kubectl port-forward': 1 } };
    };
    const large = `${LARGE_MESSAGES} messages of 1 MiB`;
    return [
      await beside(`tunnel: ${LINES.toLocaleString('en-US')} lines published`, 'messages/s', 'higher', way =>
        publishThrough(queue, way),
      ),
      await beside(`tunnel: ${large} published`, 'MiB/s', 'higher', way => sendLarge(queue, way)),
      await beside(`tunnel: ${large} read`, 'MiB/s', 'higher', way => readLarge(queue, way)),
      await beside('tunnel: a question and its answer', 'ms', 'lower', way => askOften(queue, way)),
      // Without a limit: kubectl has one way for all connections, on which a reader that is slow holds up the others.
      {
        ...(await beside('tunnel: opening a connection', 'ms', 'lower', way => openOften(queue.address, way))),
        ratioLimit: {},
      },
    ];
  } finally {
    forward.kill();
    await tunnel.close();
    cluster.close();
  }
}

async function publishThrough(queue: BenchQueue, { host, port, socketPath }: Way): Promise<number> {
  await queue.empty();
  const items = Array.from({ length: LINES }, (_, i) => ({ body: `line ${i} `.padEnd(LINE_BYTES, 'x'), line: i + 1 }));
  const address = { ...queue.address, host, port };
  const started = performance.now();
  await publish({ address, socketPath, purpose: 'benchmark', queue: queue.name, items, runId: 'bench' });
  const rate = LINES / ((performance.now() - started) / 1_000);
  await queue.assertHolds(LINES);
  return rate;
}

async function sendLarge(queue: BenchQueue, way: Way): Promise<number> {
  await queue.empty();
  return await withChannel(queue.address, way, async channel => {
    const body = randomBytes(LARGE_BYTES);
    const started = performance.now();
    for (let i = 0; i < LARGE_MESSAGES; i++) channel.sendToQueue(queue.name, body);
    // Answered after all that was sent before it.
    await channel.checkQueue(queue.name);
    return (LARGE_MESSAGES * LARGE_BYTES) / 2 ** 20 / ((performance.now() - started) / 1_000);
  });
}

async function readLarge(queue: BenchQueue, way: Way): Promise<number> {
  await sendLarge(queue, way);
  return await withChannel(queue.address, way, async channel => {
    const started = performance.now();
    await new Promise<void>((resolve, reject) => {
      let got = 0;
      const count = () => {
        if (++got === LARGE_MESSAGES) resolve();
      };
      channel.consume(queue.name, count, { noAck: true }).catch(reject);
    });
    return (LARGE_MESSAGES * LARGE_BYTES) / 2 ** 20 / ((performance.now() - started) / 1_000);
  });
}

async function askOften(queue: BenchQueue, way: Way): Promise<number> {
  return await withChannel(queue.address, way, async channel => {
    const started = performance.now();
    for (let i = 0; i < QUESTIONS; i++) await channel.checkQueue(queue.name);
    return (performance.now() - started) / QUESTIONS;
  });
}

async function openOften(address: BrokerAddress, way: Way): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < OPENINGS; i++) await withChannel(address, way, async () => undefined);
  return (performance.now() - started) / OPENINGS;
}

async function withChannel<T>(address: BrokerAddress, way: Way, work: (channel: Channel) => Promise<T>): Promise<T> {
  const { user, password } = address;
  const connection = await amqpConnect(
    { hostname: way.host, port: way.port, username: user, password },
    { noDelay: true, ...(way.socketPath === undefined ? {} : { path: way.socketPath }) },
  );
  try {
    return await work(await connection.createChannel());
  } finally {
    await connection.close();
  }
}
