import { monitorEventLoopDelay } from 'node:perf_hooks';
import { publish } from '../../src/broker/index.ts';
import { attempt, run } from '../lab/command.ts';
import { publishBare } from './bareAmqplib.ts';
import { type Contestant, inTurns } from './inTurns.ts';
import { perfTest, perfTestRate } from './perfTest.ts';
import { type BenchQueue, benchQueue } from './publishQueue.ts';
import { median, type Row } from './table.ts';

const LINE_BYTES = 100;
/** What the adaptive window starts from; the others get it when ours adapts. */
const START_WINDOW = 1_000;
const ROUNDS = 7;
const PERF_TEST_ROUNDS = 3;
/** A process for each message. */
const LOOP_MESSAGES = 200;
/** Ours has no say in it otherwise: an editor that stands still for longer is felt. */
const LONGEST_PAUSE_MS = 50;
/** So that a lap takes about a second. */
const LINES = {
  classic: { one: 3_000, few: 40_000, adaptive: 100_000 },
  quorum: { one: 1_000, few: 20_000, adaptive: 60_000 },
};

/**
 * Confirmed messages a second into a durable queue, each from opening the connection to closing it: with one message
 * at a time, with 200, and with a window that adapts.
 */
export async function publishRates(type: 'classic' | 'quorum'): Promise<Row[]> {
  await using queue = await benchQueue({ 'x-queue-type': type });
  const rows = [await atWindow(queue, type, 1, LINES[type].one), await atWindow(queue, type, 200, LINES[type].few)];
  return [...rows, ...(await adaptive(queue, type, LINES[type].adaptive))];
}

async function atWindow(queue: BenchQueue, type: string, window: number, count: number): Promise<Row> {
  const lines = linesOf(count);
  const compared = await inTurns('higher', ROUNDS, rateOf(queue, lines, ours(queue, lines, window)), {
    amqplib: rateOf(queue, lines, () => publishBare(queue.url, queue.name, lines, { window })),
  });
  const java = await besideJava(queue, count, window);
  return {
    row: `${type}, window ${window}: ${figure(count)} lines of ${LINE_BYTES} bytes, confirmed`,
    unit: 'messages/s',
    ...compared,
    beside: { ...compared.beside, ...java.beside },
    absent: java.absent,
    ratioLimit: { amqplib: 0.95 },
  };
}

async function adaptive(queue: BenchQueue, type: string, count: number): Promise<Row[]> {
  const lines = linesOf(count);
  const pauses: number[] = [];
  const own = ours(queue, lines, undefined);
  const measured = async () => {
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    await own();
    delays.disable();
    pauses.push(delays.max / 1e6);
  };
  const bare = (window: number) => () => publishBare(queue.url, queue.name, lines, { window });
  const compared = await inTurns('higher', ROUNDS, rateOf(queue, lines, measured), {
    amqplib: rateOf(queue, lines, bare(START_WINDOW)),
    'ours, window 1,000': rateOf(queue, lines, ours(queue, lines, 1_000)),
    'ours, window 4,000': rateOf(queue, lines, ours(queue, lines, 4_000)),
  });
  const java = await besideJava(queue, count, START_WINDOW);
  const tools = await besideTools(queue, lines);
  return [
    {
      row: `${type}, window that adapts: ${figure(count)} lines of ${LINE_BYTES} bytes, confirmed`,
      unit: 'messages/s',
      ...compared,
      beside: { ...compared.beside, ...java.beside, ...tools.beside },
      absent: { ...java.absent, ...tools.absent },
      ratioLimit: { amqplib: 0.95, 'ours, window 1,000': 0.95, 'ours, window 4,000': 0.95 },
    },
    {
      row: `${type}: longest pause of the event loop meanwhile`,
      ours: median(pauses.slice(1)),
      unit: 'ms',
      better: 'lower',
      limit: LONGEST_PAUSE_MS,
    },
  ];
}

function linesOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `line ${i} `.padEnd(LINE_BYTES, 'abcdefghij'));
}

function ours(queue: BenchQueue, lines: string[], window: number | undefined): () => Promise<void> {
  const items = lines.map((body, i) => ({ body, line: i + 1 }));
  const { address, name } = queue;
  return async () => {
    const outcome = await publish({ address, purpose: 'benchmark', queue: name, items, runId: 'bench', window });
    if (outcome.confirmed !== items.length) throw new Error(`only ${outcome.confirmed} were confirmed`);
  };
}

/** Messages a second of something that publishes all lines, which is checked. */
function rateOf(queue: BenchQueue, lines: string[], work: () => Promise<void>): Contestant {
  return async () => {
    await queue.empty();
    const started = performance.now();
    await work();
    const seconds = (performance.now() - started) / 1_000;
    await queue.assertHolds(lines.length);
    return lines.length / seconds;
  };
}

type Beside = Pick<Row, 'beside' | 'absent'>;

async function besideJava(queue: BenchQueue, messages: number, window: number): Promise<Beside> {
  const found = await perfTest();
  if ('absent' in found) return { absent: { PerfTest: found.absent } };
  const rates: number[] = [];
  for (let round = 0; round < PERF_TEST_ROUNDS; round++) {
    await queue.empty();
    const options = { url: queue.url, queue: queue.name, messages, bytes: LINE_BYTES, window };
    rates.push(await perfTestRate(found.jars, options));
  }
  return { beside: { PerfTest: median(rates) } };
}

/** The documentation's way, one amqp-publish for each line, and its `-l`: neither waits for confirms. */
async function besideTools(queue: BenchQueue, lines: string[]): Promise<Beside> {
  if ((await attempt(['amqp-publish', '--help'])).code === 127) {
    return { absent: { 'amqp-publish': 'needs amqp-tools, which this machine has not' } };
  }
  const timed = async (count: number, argv: string[], input?: string) => {
    await queue.empty();
    const started = performance.now();
    await run(argv, { input });
    return count / ((performance.now() - started) / 1_000);
  };
  const loop = 'i=0; while [ $i -lt "$1" ]; do amqp-publish --url="$2" -r "$3" -p -b "$4"; i=$((i+1)); done';
  const looped = ['sh', '-c', loop, 'sh', `${LOOP_MESSAGES}`, queue.url, queue.name, lines[0] ?? ''];
  const atOnce = ['amqp-publish', `--url=${queue.url}`, '-r', queue.name, '-p', '-l'];
  return {
    beside: {
      'amqp-publish -l, unconfirmed': await timed(lines.length, atOnce, lines.join('\n')),
      'amqp-publish loop': await timed(LOOP_MESSAGES, looped),
    },
  };
}

function figure(count: number): string {
  return count.toLocaleString('en-US');
}
