import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Broker, connect, publish } from '../../src/broker/index.ts';
import { fillTemplate, readTemplate } from '../../src/ui/templates.ts';
import { buildCommand, pushCommand } from '../../src/workload/imageCommands.ts';
import { type ItemReport, parseReport } from '../../src/workload/itemReport.ts';
import { readManifest, setImage } from '../../src/workload/manifest.ts';
import { dockerfile, programOfFile, scriptOf, type WorkerShape } from '../../src/workload/workerImage.ts';
import { docker } from '../lab/docker.ts';
import { kubectl } from '../lab/kubectl.ts';
import type { LabStatus } from '../lab/status.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';
import { address, newQueueName, purpose } from './broker/labBroker.ts';

const root = join(import.meta.dirname, '../..');
const namespace = `worker-${process.pid}`;

/** Fails for items that begin with "bad", waits for "slow" ones, and ends those that begin with "late" after SIGTERM. */
const PROGRAM = `#!/bin/sh
sum=$(tee /tmp/body | sha256sum)
echo "read $sum"
case $(head -c 4 /tmp/body | tr '\\0' .) in
    bad*) exit 3 ;;
    slow) sleep 300 & trap 'echo told; kill $!; exit 9' TERM; wait ;;
    late) sleep 300 & trap 'echo told; kill $!; exit 0' TERM; wait ;;
esac
exit 0
`;

let lab: LabStatus;
let broker: Broker;
let runs = 0;
const shapes: WorkerShape[] = ['strict', 'documentation', 'many-items'];

before(
  async () => {
    lab = await labUp();
    broker = await connect({ address, purpose });
    await kubectl(['create', 'namespace', namespace]);
    await inNamespace(['create', 'secret', 'generic', 'rabbitmq-broker', `--from-literal=url=${lab.broker.url}`]);
    for (const shape of shapes) await build(shape);
  },
  { timeout: 10 * 60_000 },
);

after(async () => {
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
  await broker?.close();
});

const imageOf = (shape: WorkerShape) => `${lab.registry}/worker-test-${shape}:1`;

async function build(shape: WorkerShape): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kwq-worker-'));
  const program = programOfFile('work.sh', PROGRAM.slice(0, 100));
  assert.ok(program);
  await writeFile(join(folder, 'work.sh'), PROGRAM);
  await writeFile(join(folder, 'Dockerfile'), dockerfile(program, shape));
  const script = scriptOf(shape);
  if (script) await copyFile(join(root, 'media/templates/worker', script), join(folder, script));
  const image = imageOf(shape);
  for (const [, ...args] of [buildCommand({ image, context: '.' }), pushCommand(image)]) {
    await docker(args, { cwd: folder, timeoutMs: 5 * 60_000 });
  }
  await rm(folder, { recursive: true });
}

function inNamespace(args: string[], options?: { input: string }): Promise<string> {
  return kubectl(['--namespace', namespace, ...args], options);
}

interface Run {
  name: string;
  queue: string;
  pods: () => Promise<{ name: string; phase: string }[]>;
  log: () => Promise<string>;
  says: (line: string) => Promise<void>;
  /** Waits for the Job's end. */
  end: () => Promise<{ job: string; phases: string[]; left: number; reports: ItemReport[] }>;
  left: (expected: number) => Promise<void>;
}

/** Publishes the items and starts the Job that Create Worker writes for the shape, with one try only. */
async function start(shape: WorkerShape, bodies: string[], parallelism = 1): Promise<Run> {
  const name = `${shape}-${++runs}`;
  const queue = newQueueName('worker');
  await broker.declare(queue);
  const items = bodies.map((body, index) => ({ body, line: index + 1 }));
  const { ended } = await publish({ address, purpose, queue, items, runId: name });
  assert.equal(ended, 'done');
  const text =
    shape === 'many-items'
      ? fillTemplate(await readTemplate(root, 'worker/job-many-items.yaml'), { QUEUE: queue })
      : fillTemplate(await readTemplate(root, 'worker/job.yaml'), {
          QUEUE: queue,
          COMPLETIONS: String(bodies.length),
          GRACE_SECONDS: shape === 'documentation' ? '1' : '30',
        });
  const body = readManifest(setImage(text, imageOf(shape))).jobs[0]?.body;
  assert.ok(body);
  const spec = { ...(body.spec as object), backoffLimit: 0, parallelism };
  await inNamespace(['create', '-f', '-'], { input: JSON.stringify({ ...body, metadata: { name }, spec }) });

  const selector = ['-l', `job-name=${name}`];
  const pods = async () => {
    const path = '{range .items[*]}{.metadata.name} {.status.phase}{"\\n"}{end}';
    const rows = await inNamespace(['get', 'pods', ...selector, '-o', `jsonpath=${path}`]);
    return rows
      .split('\n')
      .filter(Boolean)
      .map(row => {
        const [pod = '', phase = ''] = row.split(' ');
        return { name: pod, phase };
      });
  };
  const log = async () => (await inNamespace(['logs', ...selector, '--tail=-1', '--ignore-errors'])) ?? '';
  const left = (expected: number) =>
    until(
      `${expected} to be left in ${queue}`,
      async () => {
        const depth = await broker.depth(queue);
        return depth?.consumers === 0 && depth.ready === expected;
      },
      { timeoutMs: 20_000 },
    );
  const end = async () => {
    let job = '';
    await until(
      `the Job ${name} to end`,
      async () => {
        const path = 'jsonpath={.status.conditions[?(@.status=="True")].type}';
        job =
          /Complete|Failed/.exec(
            (await inNamespace(['get', 'job', name, '-o', path])).replace(/FailureTarget/, ''),
          )?.[0] ?? '';
        return job !== '';
      },
      { timeoutMs: 60_000, intervalMs: 300 },
    );
    await until('the queue to be let go', async () => (await broker.depth(queue))?.consumers === 0, {
      timeoutMs: 20_000,
    });
    const phases = (await pods()).map(({ phase }) => phase).sort();
    return { job, phases, left: (await broker.depth(queue))?.ready ?? -1, reports: parseReport(await log()) };
  };
  const says = (line: string) =>
    until(`the worker to say ${line}`, async () => (await log().catch(() => '')).includes(line), { timeoutMs: 60_000 });
  return { name, queue, pods, log, says, end, left };
}

const withoutTimes = (reports: ItemReport[]) => reports.map(({ seconds: _, ...report }) => report);

test('strict: items of any kind are done, whole, and the log says which', async () => {
  const bodies = ['apple', '', 'two\nlines "quoted" \\ \u0000\u0001', '队列🍎'.repeat(100), 'x'.repeat(1_000_000)];
  const run = await start('strict', bodies, 5);
  const { reports, ...outcome } = await run.end();
  assert.deepEqual(outcome, { job: 'Complete', phases: bodies.map(() => 'Succeeded'), left: 0 });
  const first200 = (text: string) => [...text].slice(0, 200).join('');
  const expected = bodies.map(body => ({ item: first200(body), outcome: 'done' as const }));
  const order = (one: { item: string }, other: { item: string }) => (one.item < other.item ? -1 : 1);
  assert.deepEqual(withoutTimes(reports).sort(order), expected.sort(order));
  const log = await run.log();
  for (const body of bodies) assert.ok(log.includes(createHash('sha256').update(body).digest('hex')));
});

test('strict: a worker that fails makes its Pod fail, and the item is in the queue again', async () => {
  const run = await start('strict', ['bad apple']);
  const { reports, ...outcome } = await run.end();
  assert.deepEqual(outcome, { job: 'Failed', phases: ['Failed'], left: 1 });
  assert.deepEqual(withoutTimes(reports), [{ item: 'bad apple', outcome: 'failed', exitCode: 3 }]);
});

for (const shape of ['strict', 'many-items'] as const) {
  test(`${shape}: a Pod that is deleted at work tells the worker, and the item is in the queue once`, async () => {
    const run = await start(shape, ['slow']);
    await run.says('read ');
    const log = inNamespace(['logs', '-f', '-l', `job-name=${run.name}`]);
    await inNamespace(['delete', 'job', run.name, '--timeout=20s']);
    await run.left(1);
    assert.match(await log, /^told\nwork-queue failed 9 \d+\.\ds$/m);
  });

  test(`${shape}: a worker that ends its item after it was told to stop has done it`, async () => {
    const run = await start(shape, ['late']);
    await run.says('read ');
    const log = inNamespace(['logs', '-f', '-l', `job-name=${run.name}`]);
    await inNamespace(['delete', 'job', run.name, '--timeout=20s']);
    await run.left(0);
    assert.match(await log, /^told\nwork-queue done \d+\.\ds$/m);
  });
}

test('strict: a Pod that waits for a message ends when it is deleted, long before its grace period', async () => {
  const waiting = await start('strict', ['apple', 'fig']);
  await broker.purge(waiting.queue);
  await until('it to wait', async () => (await broker.depth(waiting.queue))?.consumers === 1, { timeoutMs: 30_000 });
  await inNamespace(['delete', 'job', waiting.name, '--timeout=20s']);
  await waiting.left(0);
});

test('documentation: a worker that fails looks like one that succeeded', async () => {
  const { reports, ...outcome } = await (await start('documentation', ['bad apple'])).end();
  assert.deepEqual(outcome, { job: 'Complete', phases: ['Succeeded'], left: 1 });
  assert.deepEqual(reports, []);
});

test('many items: two Pods empty a queue of twenty and the Job is complete', async () => {
  const bodies = Array.from({ length: 20 }, (_, index) => `item ${index}`);
  const { reports, ...outcome } = await (await start('many-items', bodies, 2)).end();
  assert.deepEqual(outcome, { job: 'Complete', phases: ['Succeeded', 'Succeeded'], left: 0 });
  assert.deepEqual(reports.map(({ item }) => item).sort(), bodies.sort());
});

test('many items: one that fails is tried once a Pod, the others are done, and the Pod fails', async () => {
  const { reports, ...outcome } = await (await start('many-items', ['bad', 'apple', '', 'fig'])).end();
  assert.deepEqual(outcome, { job: 'Failed', phases: ['Failed'], left: 1 });
  assert.deepEqual(withoutTimes(reports), [
    { item: 'bad', outcome: 'failed', exitCode: 3 },
    { item: 'apple', outcome: 'done' },
    { item: '', outcome: 'done' },
    { item: 'fig', outcome: 'done' },
  ]);
});
