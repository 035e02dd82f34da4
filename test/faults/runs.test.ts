import assert from 'node:assert/strict';
import { after, type TestContext } from 'node:test';
import { connect as amqpConnect, type ChannelModel } from 'amqplib';
import { ANNOTATION, createJob, openCluster } from '../../src/cluster/index.ts';
import type { Finding } from '../../src/workload/findings.ts';
import { newQueueName } from '../integration/broker/labBroker.ts';
import { labNamespace, WORKER_IMAGE } from '../integration/cluster/namespace.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';
import { fault, NOTHING } from './fault.ts';
import { type OwnBroker, ownBroker } from './ownBroker.ts';
import { openViews, type Views } from './views.ts';

const lab = await labUp();
const admin = await labNamespace();
const { namespace } = admin;

// They outlive the connections to them, whose ends a test waits for.
const brokers: OwnBroker[] = [];
after(() => Promise.all(brokers.map(own => own[Symbol.asyncDispose]())));

const STARTED_MS = 60_000;
const ENDED_MS = 90_000;
const SEEN_MS = 20_000;

interface RunGiven {
  completions: number;
  parallelism?: number;
  /** What is done with an item, in a shell. */
  work: string;
  depth: number;
  broker?: string;
  graceSeconds?: number;
}

/** A queue with messages, and views of the namespace and that broker. */
async function queueWith(t: TestContext, messages: number, o: { broker?: string; args?: object } = {}) {
  const { broker = lab.broker.url, args = {} } = o;
  const queue = newQueueName('fault');
  const connection: ChannelModel = await amqpConnect(broker);
  connection.on('error', () => undefined);
  t.after(() => connection.close(), { timeout: 10_000 });
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue(queue, { durable: true, arguments: args });
  const publish = async (count: number) => {
    for (let i = 0; i < count; i++) channel.sendToQueue(queue, Buffer.from(`item ${i}`), { persistent: true });
    await channel.waitForConfirms();
  };
  await publish(messages);
  const cluster = openCluster({ kubeconfig: lab.kubeconfig, namespace });
  t.after(() => cluster.close());
  const views = await openViews(t, lab.kubeconfig, cluster, { broker });
  const ready = async () => (await channel.checkQueue(queue)).messageCount;
  return { queue, channel, publish, ready, cluster, views, broker };
}

type Given = Awaited<ReturnType<typeof queueWith>>;

/** Creates a run whose worker is amqp-consume itself, the first process of its container. @returns the Job's name */
async function run(t: TestContext, given: Given, o: RunGiven): Promise<string> {
  const { cluster, queue, broker } = given;
  const name = queue;
  await createJob(cluster, {
    namespace,
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        annotations: { [ANNOTATION.run]: name, [ANNOTATION.queue]: queue, [ANNOTATION.depth]: String(o.depth) },
      },
      spec: {
        completions: o.completions,
        parallelism: o.parallelism ?? 1,
        backoffLimit: 0,
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
        },
        template: {
          spec: {
            restartPolicy: 'Never',
            terminationGracePeriodSeconds: o.graceSeconds ?? 0,
            containers: [
              {
                name: 'c',
                image: WORKER_IMAGE,
                command: ['amqp-consume', `--url=${broker}`, '-q', queue, '-c', '1', '--', 'sh', '-c', o.work],
              },
            ],
          },
        },
      },
    },
  });
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`;
  t.after(() => admin.request({ method: 'DELETE', path, body: { propagationPolicy: 'Background' } }));
  return name;
}

const runOf = (views: Views, name: string) => views.runs.rows.find(({ job }) => job.name === name);
const findingsOf = (views: Views, name: string): Finding[] => runOf(views, name)?.findings ?? [];
const state = (views: Views, name: string) => runOf(views, name)?.job.state;

async function untilRunning(views: Views, name: string, count: number): Promise<void> {
  const running = () => runOf(views, name)?.pods.filter(pod => pod.phase === 'running').length;
  await views.until(() => running() === count, STARTED_MS);
}

fault(16, 'a queue that is deleted under waiting Pods', {}, async t => {
  const given = await queueWith(t, 0);
  const { views, channel, queue } = given;
  const name = await run(t, given, { completions: 2, parallelism: 2, depth: 2, work: 'cat' });
  await untilRunning(views, name, 2);
  // A Pod runs before its amqp-consume waits on the queue.
  await until('both wait', async () => (await channel.checkQueue(queue)).consumerCount === 2, {
    timeoutMs: STARTED_MS,
  });
  await channel.deleteQueue(queue);
  await views.until(() => findingsOf(views, name).some(({ code }) => code === 'queue-missing'), SEEN_MS);
  await views.untilTrue();
  assert.equal(state(views, name), 'running', 'amqp-consume does not notice');
});

fault(
  16,
  'work that takes longer than the broker waits for its ack',
  { long: true, timeoutMs: 240_000 },
  async (t, round) => {
    const own = await ownBroker(`fault-ack-${process.pid}-${round}`);
    brokers.push(own);
    await own.rabbitmqctl(
      'eval',
      'application:set_env(rabbit, consumer_timeout, 3000), application:set_env(rabbit, channel_tick_interval, 1000).',
    );
    const given = await queueWith(t, 1, {
      broker: `amqp://guest:guest@${own.address.host}:5672`,
      args: { 'x-queue-type': 'quorum' },
    });
    const { views, ready } = given;
    const name = await run(t, given, { completions: 1, depth: 1, work: 'cat > /dev/null; sleep 15' });
    await views.until(() => state(views, name) === 'failed', ENDED_MS);
    await views.untilTrue();
    const pods = runOf(views, name)?.pods ?? [];
    assert.deepEqual(
      pods.map(pod => [pod.phase, pod.exitCode]),
      [['failed', 1]],
      'the ack came too late, so the work does not count',
    );
    return { ...NOTHING, lost: 1 - (await ready()) };
  },
);

fault(17, 'a Pod that is evicted and ignores SIGTERM in the middle of an item', { long: true }, async t => {
  const given = await queueWith(t, 3);
  const { views, cluster, ready } = given;
  const name = await run(t, given, { completions: 3, depth: 3, graceSeconds: 2, work: 'cat > /dev/null; sleep 4' });
  await untilRunning(views, name, 1);
  const pod = runOf(views, name)?.pods[0]?.name ?? '';
  await cluster.request({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`,
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod } },
  });
  await views.until(() => state(views, name) === 'complete', ENDED_MS);
  await views.untilTrue();
  assert.equal(runOf(views, name)?.job.succeeded, 3);
  return { ...NOTHING, unexplained: await ready() };
});

fault(13, 'messages that others take between the count and the creation', {}, async t => {
  const given = await queueWith(t, 3);
  const { views, channel, queue } = given;
  await channel.get(queue, { noAck: true });
  const name = await run(t, given, { completions: 3, parallelism: 3, depth: 3, work: 'cat > /dev/null' });
  const waits = () => findingsOf(views, name).find(({ code }) => code === 'waiting-on-empty-queue');
  await views.until(() => waits() !== undefined, STARTED_MS);
  await views.untilTrue();
  assert.equal(waits()?.cause, 'taken-by-others');
  assert.equal(runOf(views, name)?.job.succeeded, 2);
});

fault(13, 'messages that others publish between the count and the creation', { long: true }, async t => {
  const given = await queueWith(t, 3);
  const { views, publish } = given;
  await publish(2);
  const name = await run(t, given, { completions: 3, parallelism: 3, depth: 3, work: 'cat > /dev/null' });
  await views.until(() => state(views, name) === 'complete', ENDED_MS);
  // Whoever put them there: they are left, and another run can take them.
  const rest = () =>
    findingsOf(views, name).flatMap(({ remedies }) => remedies.filter(one => one.action === 'run-rest'));
  await views.until(() => rest().length > 0, SEEN_MS);
  assert.deepEqual(new Set(rest().map(({ numbers }) => numbers.completions)), new Set([2]));
  await views.untilTrue();
});
