import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Broker, connect, publish } from '../../src/broker/index.ts';
import { fillTemplate, readTemplate } from '../../src/ui/templates.ts';
import { parseBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { buildCommand, pushCommand } from '../../src/workload/imageCommands.ts';
import { readManifest, setCompletions, setImage } from '../../src/workload/manifest.ts';
import type { CommandOptions } from '../lab/command.ts';
import { docker } from '../lab/docker.ts';
import { kubectl } from '../lab/kubectl.ts';
import type { LabStatus } from '../lab/status.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';

const root = join(import.meta.dirname, '../..');
const namespace = `worker-${process.pid}`;
const queue = namespace;

let lab: LabStatus;
let broker: Broker;
let image: string;

before(
  async () => {
    lab = await labUp();
    image = `${lab.registry}/worker-test:1`;
    broker = await connect({ address: address(), purpose: 'test of the worker' });
    await broker.declare(queue);
    await kubectl(['create', 'namespace', namespace]);
    await inNamespace(['create', 'secret', 'generic', 'rabbitmq-broker', `--from-literal=url=${lab.broker.url}`]);
    for (const [, ...args] of [buildCommand({ image, context: '.' }), pushCommand(image)]) {
      await docker(args, { cwd: join(root, 'media/templates/worker'), timeoutMs: 5 * 60_000 });
    }
  },
  { timeout: 10 * 60_000 },
);

after(async () => {
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
  await broker?.remove(queue);
  await broker?.close();
});

function address() {
  const parsed = parseBrokerUrl(lab.broker.url);
  assert.ok('address' in parsed);
  return parsed.address;
}

function inNamespace(args: string[], options?: CommandOptions): Promise<string> {
  return kubectl(['--namespace', namespace, ...args], options);
}

interface Outcome {
  job: 'Complete' | 'Failed';
  pods: string[];
  log: string;
  /** Messages ready in the queue when the Job has ended and its connections are gone. */
  left: number;
}

/**
 * Publishes one item, runs the template's Job for it, and deletes both.
 * @param workSeconds what the worker takes as WORK_SECONDS; what is no number makes it fail after it has read the item
 * @param command instead of the image's own
 */
async function runOneItem(name: string, workSeconds: string, command?: string[]): Promise<Outcome> {
  const items = [{ body: 'apple', line: 1 }];
  const { ended } = await publish({ address: address(), purpose: 'test of the worker', queue, items, runId: name });
  assert.equal(ended, 'done');

  const template = fillTemplate(await readTemplate(root, 'worker/job.yaml'), { QUEUE: queue, COMPLETIONS: '1' });
  const job = readManifest(setCompletions(setImage(template, image), 1)).jobs[0]?.body;
  assert.ok(job);
  const manifest = JSON.stringify({
    ...job,
    metadata: { name },
    spec: withContainer(job, { workSeconds, command }),
  });
  await inNamespace(['create', '-f', '-'], { input: manifest });

  let conditions: string[] = [];
  await until(
    `the Job ${name} to end`,
    async () => {
      const found = await inNamespace(['get', 'job', name, '-o', 'jsonpath={.status.conditions[*].type}']);
      conditions = found.split(' ');
      return conditions.includes('Complete') || conditions.includes('Failed');
    },
    { timeoutMs: 90_000, intervalMs: 500 },
  );
  const selector = `job-name=${name}`;
  const pods = await inNamespace(['get', 'pods', '-l', selector, '-o', 'jsonpath={.items[*].status.phase}']);
  const log = await inNamespace(['logs', '-l', selector]);
  await until('the queue to be left alone', async () => (await broker.depth(queue))?.consumers === 0, {
    timeoutMs: 20_000,
  });
  const left = (await broker.depth(queue))?.ready ?? 0;
  await inNamespace(['delete', 'job', name, '--timeout=60s']);
  await broker.purge(queue);
  return { job: conditions.includes('Complete') ? 'Complete' : 'Failed', pods: pods.split(' '), log, left };
}

/** The Job's spec with one try only, so that the Job ends with its first failed Pod. */
function withContainer(job: Record<string, unknown>, o: { workSeconds: string; command: string[] | undefined }) {
  const spec = structuredClone(job.spec) as {
    template: { spec: { containers: { env: object[]; command?: string[] }[] } };
  };
  const [container] = spec.template.spec.containers;
  assert.ok(container);
  container.env.push({ name: 'WORK_SECONDS', value: o.workSeconds });
  if (o.command) container.command = o.command;
  return { ...spec, backoffLimit: 0 };
}

const documented = ['/bin/sh', '-c', 'amqp-consume --url=$BROKER_URL -q $QUEUE -c 1 /worker.py'];

test('an item that the worker does is done: Pod and Job succeed, the queue is empty', async () => {
  const { log, ...outcome } = await runOneItem('good', '0');
  assert.deepEqual(outcome, { job: 'Complete', pods: ['Succeeded'], left: 0 });
  assert.equal(log, 'Processing apple\n');
});

test('a worker that fails makes its Pod fail, and the item is in the queue again', async () => {
  const { log, ...outcome } = await runOneItem('bad', 'none');
  assert.deepEqual(outcome, { job: 'Failed', pods: ['Failed'], left: 1 });
  assert.match(log, /^Processing apple$/m);
  assert.match(log, /ValueError/);
});

test('in the shape that the documentation shows, a worker that fails looks like one that succeeded', async () => {
  const { log, ...outcome } = await runOneItem('documented', 'none', documented);
  assert.deepEqual(outcome, { job: 'Complete', pods: ['Succeeded'], left: 1 });
  assert.match(log, /ValueError/);
});
