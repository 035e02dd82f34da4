import { seconds } from './job.ts';
import { scenarios } from './scenario.ts';
import type { Stage } from './stage.ts';

/** The first item is acked, and its container stays for a minute. */
const SLOW_TO_EXIT = {
  afterwards: 'if grep -q slow /tmp/item; then sleep 60 & echo $! >/tmp/pid; wait $!; fi',
};

/** Waits until the run's first Pod has acked the slow item. */
async function acked(stage: Stage): Promise<string> {
  await stage.running(1);
  let pod = '';
  await stage.eventually('an item is acked', async () => {
    for (const name of stage.pods('running')) {
      pod = name;
      await stage.kubectl('exec', name, '--', 'test', '-e', '/tmp/pid');
      return true;
    }
    return false;
  });
  return pod;
}

const ACKED = 'waiting-on-empty-queue (acked-without-success)';

scenarios('Pods that are killed', [
  {
    name: 'killed before the ack',
    telling: true,
    async play(stage) {
      await stage.publish(3);
      await stage.run({ completions: 3, parallelism: 2, work: seconds(6) });
      const { pods } = await stage.running(2);
      await stage.eventually('both have an item', async () => (await stage.ready()) === 1);
      await stage.kill(pods.slice(0, 1).map(pod => pod.name));
    },
    expected: { end: [] },
  },
  {
    name: 'killed before the ack, documented worker',
    async play(stage) {
      await stage.publish(3);
      await stage.run({ completions: 3, parallelism: 2, work: seconds(6), worker: 'documented' });
      const { pods } = await stage.running(2);
      await stage.eventually('both have an item', async () => (await stage.ready()) === 1);
      await stage.kill(pods.slice(0, 1).map(pod => pod.name));
    },
    expected: { before: ['worker-hides-failures'], end: [] },
  },
  {
    name: 'killed after the ack: the Pod is gone',
    telling: true,
    async play(stage) {
      await stage.publish(['slow', 'fast']);
      await stage.run({ completions: 2, parallelism: 1, ...SLOW_TO_EXIT });
      await stage.kill([await acked(stage)]);
      await stage.finds(ACKED);
    },
    expected: { during: [ACKED] },
  },
  {
    name: 'killed after the ack: the container dies',
    async play(stage) {
      await stage.publish(['slow', 'fast', 'fast']);
      await stage.run({ completions: 3, parallelism: 1, ...SLOW_TO_EXIT });
      await stage.kubectl('exec', await acked(stage), '--', 'sh', '-c', 'kill -9 $(cat /tmp/pid)');
      await stage.finds(ACKED);
    },
    expected: { during: [ACKED] },
  },
  {
    name: 'killed after the ack: the container dies and is restarted in place',
    async play(stage) {
      await stage.publish(['slow', 'fast']);
      await stage.run({ completions: 2, parallelism: 1, pod: { restartPolicy: 'OnFailure' }, ...SLOW_TO_EXIT });
      await stage.kubectl('exec', await acked(stage), '--', 'sh', '-c', 'kill -9 $(cat /tmp/pid)');
      await stage.finds(ACKED);
    },
    expected: { before: ['logs-lost-on-failure'], during: [ACKED] },
  },
  {
    name: 'killed while it exits, after it ignored the signal',
    async play(stage) {
      await stage.publish(['slow', 'fast']);
      await stage.run({ completions: 2, parallelism: 1, grace: 8, ...SLOW_TO_EXIT });
      await stage.kubectl('delete', 'pod', '--wait=false', await acked(stage));
      await stage.finds(ACKED);
    },
    expected: { during: [ACKED] },
  },
  {
    name: 'two killed after the ack, side by side',
    async play(stage) {
      await stage.publish(['slow', 'slow', 'fast']);
      await stage.run({ completions: 3, parallelism: 2, ...SLOW_TO_EXIT });
      await acked(stage);
      await stage.running(2);
      await stage.eventually('both have acked', async () => {
        const pods = stage.pods('running').slice(0, 2);
        for (const pod of pods) await stage.kubectl('exec', pod, '--', 'test', '-e', '/tmp/pid');
        return pods.length === 2;
      });
      await stage.kill(stage.pods('running').slice(0, 2));
      await stage.finds(ACKED);
    },
    expected: { during: [ACKED] },
  },
  {
    name: 'evicted with an item in hand, as from a node that is drained',
    async play(stage) {
      await stage.publish(3);
      await stage.run({ completions: 3, parallelism: 1, work: seconds(5) });
      const { pods } = await stage.running(1);
      await stage.eventually('it has an item', async () => (await stage.ready()) === 2);
      const name = pods[0]?.name ?? '';
      await stage.cluster.request({
        method: 'POST',
        path: `/api/v1/namespaces/${stage.namespace}/pods/${name}/eviction`,
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } },
      });
    },
    expected: { end: [] },
  },
  {
    name: 'all Pods at once, as with their node',
    async play(stage) {
      await stage.publish(5);
      await stage.run({ completions: 5, parallelism: 3, work: seconds(5) });
      const { pods } = await stage.running(3);
      await stage.eventually('each has an item', async () => (await stage.ready()) <= 2);
      await stage.kill(pods.map(pod => pod.name));
    },
    expected: { end: [] },
  },
]);
