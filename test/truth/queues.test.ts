import type { TestContext } from 'node:test';
import { type OwnBroker, ownBroker } from '../faults/ownBroker.ts';
import { seconds } from './job.ts';
import { scenarios } from './scenario.ts';
import type { Stage } from './stage.ts';

const QUORUM = { arguments: { 'x-queue-type': 'quorum' } };

const brokers = new Map<string, OwnBroker>();
let made = 0;

/** A broker that is the scenario's own, for one that is treated badly. */
async function broker(t: TestContext): Promise<string> {
  const own = await ownBroker(`truth-broker-${process.pid}-${made++}`);
  t.after(() => own[Symbol.asyncDispose]());
  const url = `amqp://guest:guest@${own.address.host}:5672`;
  brokers.set(url, own);
  return url;
}

function brokerOf(stage: Stage): OwnBroker {
  const own = brokers.get(stage.brokerUrl);
  if (!own) throw new Error('the scenario has no broker of its own');
  return own;
}

scenarios('what becomes of the queue and its broker', [
  {
    name: 'the right number, quorum queue',
    queue: QUORUM,
    async play(stage) {
      await stage.publish(4);
      await stage.run({ completions: 4, parallelism: 2, work: seconds(1) });
    },
    expected: { end: [] },
  },
  {
    name: 'too few completions, quorum queue',
    queue: QUORUM,
    async play(stage) {
      await stage.publish(4);
      await stage.run({ completions: 2, parallelism: 2 });
    },
    expected: { before: ['completions-below-depth'], end: ['items-left-behind'] },
  },
  {
    name: 'too many completions, quorum queue',
    queue: QUORUM,
    async play(stage) {
      await stage.publish(2);
      await stage.run({ completions: 3, parallelism: 2 });
      await stage.finds('waiting-on-empty-queue (too-many-completions)');
    },
    expected: {
      before: ['completions-above-depth'],
      during: ['waiting-on-empty-queue (too-many-completions)'],
    },
  },
  {
    name: 'a documented worker that always fails, quorum queue',
    queue: QUORUM,
    async play(stage) {
      await stage.publish(3);
      await stage.counted();
      await stage.run({ completions: 3, parallelism: 3, work: 'exit 3', worker: 'documented' });
    },
    expected: { before: ['worker-hides-failures'], end: ['failed-item-counted-as-done'] },
  },
  {
    name: 'the queue is purged in mid-run',
    async play(stage) {
      await stage.publish(6);
      await stage.run({ completions: 6, parallelism: 2, work: seconds(3) });
      await stage.running(2);
      await stage.eventually('both have an item', async () => (await stage.ready()) <= 4);
      await stage.channel.purgeQueue(stage.queue);
      await stage.finds('waiting-on-empty-queue (taken-by-others)');
    },
    expected: { during: ['waiting-on-empty-queue (taken-by-others)'] },
  },
  {
    name: 'the queue is deleted under waiting Pods',
    async play(stage) {
      await stage.run({ completions: 2, parallelism: 2 });
      await stage.consumers(2);
      await stage.channel.deleteQueue(stage.queue);
      await stage.finds('queue-missing');
    },
    expected: { before: ['completions-above-depth'], during: ['queue-missing'] },
  },
  {
    name: 'the queue is deleted, and created again under waiting Pods',
    async play(stage) {
      await stage.run({ completions: 2, parallelism: 2 });
      await stage.consumers(2);
      await stage.channel.deleteQueue(stage.queue);
      await stage.finds('queue-missing');
      await stage.channel.assertQueue(stage.queue, { durable: true });
      await stage.publish(2);
      await stage.until('it does not find queue-missing any more', run =>
        run.findings.every(({ code }) => code !== 'queue-missing'),
      );
      await stage.finds('pods-not-consuming');
    },
    expected: { before: ['completions-above-depth'], during: ['pods-not-consuming', 'queue-missing'] },
  },
  {
    name: 'no queue of that name',
    queue: 'none',
    async play(stage) {
      await stage.run({ completions: 2, parallelism: 2, spec: { backoffLimit: 1 } });
    },
    expected: { before: ['queue-missing'], during: ['queue-missing?'], end: ['backoff-exhausted', 'queue-missing'] },
  },
  {
    name: 'the broker restarts, with its data',
    broker,
    async play(stage) {
      await stage.publish(4);
      await stage.run({ completions: 4, parallelism: 1, work: seconds(3) });
      await stage.succeeded(1);
      brokerOf(stage).kill();
    },
    // The ack of an item that was done when the broker went may be lost: then it is there once more.
    expected: { end: ['failed-item-counted-as-done?'] },
  },
  {
    name: 'the broker restarts, without its data',
    broker,
    async play(stage) {
      await stage.publish(4);
      await stage.run({ completions: 4, parallelism: 1, work: seconds(3), spec: { backoffLimit: 2 } });
      await stage.succeeded(1);
      const own = brokerOf(stage);
      await own.rabbitmqctl('eval', 'os:cmd("rm -rf /var/lib/rabbitmq/mnesia").');
      own.kill();
    },
    expected: { during: ['queue-missing?'], end: ['backoff-exhausted', 'queue-missing'] },
  },
  {
    name: 'an ack timeout of seconds, quorum queue',
    queue: QUORUM,
    async broker(t) {
      const url = await broker(t);
      const settings = 'application:set_env(rabbit, channel_tick_interval, 1000).';
      await brokers.get(url)?.rabbitmqctl('eval', settings);
      await brokers.get(url)?.rabbitmqctl('set_policy', 'short', '.*', '{"consumer-timeout":3000}');
      return url;
    },
    async play(stage) {
      await stage.publish(1);
      await stage.run({ completions: 1, parallelism: 1, work: seconds(10), spec: { backoffLimit: 0 } });
    },
    expected: { during: ['ack-timeout-risk?'], end: ['ack-timeout-risk', 'backoff-exhausted'] },
  },
]);
