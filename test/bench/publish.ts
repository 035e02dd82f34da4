import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Broker, connect, publish } from '../../src/broker/index.ts';
import { type BrokerAddress, parseBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { attempt, run } from '../lab/command.ts';
import { labUp } from '../lab/up.ts';
import { publishBare } from './bareAmqplib.ts';
import { perfTest, perfTestRate } from './perfTest.ts';
import { median, type Row } from './table.ts';

const LINES = 100_000;
const LINE_BYTES = 100;
/** The same for all: what is compared is not who waits less. */
const WINDOW = 1_000;
/** Odd, so that there is a median that was measured. */
const ROUNDS = 7;
const PERF_TEST_ROUNDS = 3;
/** A process for each message: the rest is scaled. */
const LOOP_MESSAGES = 200;

type Item = { body: string; line: number };

interface Lap {
  rate: number;
  cpuMs: number;
  longestPauseMs: number;
}

/**
 * Confirmed messages a second into a durable classic queue. Ours and the bare loop take turns, each from opening its
 * connection to closing it, so that a machine that grows slower or faster meanwhile does so for both.
 */
export async function bench(): Promise<Row[]> {
  const { broker: lab } = await labUp();
  const parsed = parseBrokerUrl(lab.url);
  if ('problem' in parsed) throw new Error(`the lab's broker has the URL ${lab.url}`);
  const { address } = parsed;
  const queue = `bench-${randomBytes(4).toString('hex')}`;
  const broker = await connect({ address, purpose: 'benchmark' });
  await broker.declare(queue);
  try {
    const lines = Array.from({ length: LINES }, (_, i) => `line ${i} `.padEnd(LINE_BYTES, 'abcdefghij'));
    const items = lines.map((body, i) => ({ body, line: i + 1 }));
    const contestants = {
      ours: () => publishOurs(address, queue, items),
      amqplib: () => publishBare(lab.url, queue, lines, WINDOW),
    };
    // The first run of each pays for compiling the code.
    for (const run of Object.values(contestants)) await lap(broker, queue, run);
    const laps: Record<keyof typeof contestants, Lap[]> = { ours: [], amqplib: [] };
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? (['ours', 'amqplib'] as const) : (['amqplib', 'ours'] as const);
      for (const name of order) laps[name].push(await lap(broker, queue, contestants[name]));
    }
    const of = (name: keyof typeof laps, what: keyof Lap) => median(laps[name].map(one => one[what]));
    const java = await besideJava(broker, lab.url, queue);
    const loop = await besideLoop(broker, lab.url, queue, lines[0] ?? '');
    return [
      {
        row: `publish ${LINES.toLocaleString('en-US')} lines of ${LINE_BYTES} bytes, confirmed`,
        ours: of('ours', 'rate'),
        unit: 'messages/s',
        better: 'higher',
        beside: { amqplib: of('amqplib', 'rate'), ...java.beside, ...loop.beside },
        absent: { ...java.absent, ...loop.absent },
        ratioLimit: { amqplib: 0.95 },
      },
      {
        row: 'processor time of that',
        ours: of('ours', 'cpuMs'),
        unit: 'ms',
        better: 'lower',
        beside: { amqplib: of('amqplib', 'cpuMs') },
      },
      {
        row: 'longest pause of the event loop meanwhile',
        ours: of('ours', 'longestPauseMs'),
        unit: 'ms',
        better: 'lower',
        beside: { amqplib: of('amqplib', 'longestPauseMs') },
      },
    ];
  } finally {
    await broker.remove(queue);
    await broker.close();
  }
}

async function publishOurs(address: BrokerAddress, queue: string, items: Item[]): Promise<void> {
  const outcome = await publish({ address, purpose: 'benchmark', queue, items, runId: 'bench', window: WINDOW });
  if (outcome.confirmed !== items.length) throw new Error(`only ${outcome.confirmed} were confirmed`);
}

async function lap(broker: Broker, queue: string, run: () => Promise<void>): Promise<Lap> {
  await broker.purge(queue);
  const pauses = monitorEventLoopDelay({ resolution: 1 });
  const before = process.cpuUsage();
  const started = performance.now();
  pauses.enable();
  await run();
  pauses.disable();
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(before);
  const depth = await broker.depth(queue);
  if (depth?.ready !== LINES) throw new Error(`${depth?.ready} messages are in the queue`);
  return { rate: LINES / seconds, cpuMs: (user + system) / 1_000, longestPauseMs: pauses.max / 1e6 };
}

type Beside = Pick<Row, 'beside' | 'absent'>;

async function besideJava(broker: Broker, url: string, queue: string): Promise<Beside> {
  const found = await perfTest();
  if ('absent' in found) return { absent: { PerfTest: found.absent } };
  const rates: number[] = [];
  for (let round = 0; round < PERF_TEST_ROUNDS; round++) {
    await broker.purge(queue);
    const options = { url, queue, messages: LINES, bytes: LINE_BYTES, window: WINDOW };
    rates.push(await perfTestRate(found.jars, options));
  }
  return { beside: { PerfTest: median(rates) } };
}

/** The documentation's way: one amqp-publish for each line, which does not wait for confirms. */
async function besideLoop(broker: Broker, url: string, queue: string, line: string): Promise<Beside> {
  if ((await attempt(['amqp-publish', '--help'])).code === 127) {
    return { absent: { 'amqp-publish loop': 'needs amqp-tools, which this machine has not' } };
  }
  await broker.purge(queue);
  const started = performance.now();
  const script = 'i=0; while [ $i -lt "$1" ]; do amqp-publish --url="$2" -r "$3" -p -b "$4"; i=$((i+1)); done';
  await run(['sh', '-c', script, 'sh', `${LOOP_MESSAGES}`, url, queue, line]);
  return { beside: { 'amqp-publish loop': LOOP_MESSAGES / ((performance.now() - started) / 1_000) } };
}
