import { apply } from '../lab/kubectl.ts';
import { seconds } from './job.ts';
import { scenarios } from './scenario.ts';
import type { Stage } from './stage.ts';

const patch = (stage: Stage, spec: object) =>
  stage.kubectl('patch', 'job', 'run', '--type=merge', '-p', JSON.stringify({ spec }));

/** At most so many Pods in the namespace. */
const quota = (stage: Stage, pods: number) =>
  apply([
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'quota', namespace: stage.namespace },
      spec: { hard: { pods: String(pods) } },
    },
  ]);

scenarios('what the cluster does to a run', [
  {
    name: 'suspended and resumed',
    async play(stage) {
      await stage.publish(4);
      await stage.run({ completions: 4, parallelism: 2, work: seconds(9) });
      await stage.running(2);
      await patch(stage, { suspend: true });
      await stage.until('it is suspended', run => run.job.state === 'suspended' && run.job.active === 0);
      await stage.quiet(7000);
      await patch(stage, { suspend: false });
    },
    expected: { end: [] },
  },
  {
    name: 'paused by parallelism 0, and on again',
    async play(stage) {
      await stage.publish(3);
      await stage.run({ completions: 3, parallelism: 1, work: seconds(9) });
      await stage.running(1);
      await patch(stage, { parallelism: 0 });
      await stage.until('it has no Pods', run => run.job.active === 0);
      await stage.quiet(7000);
      await patch(stage, { parallelism: 2 });
    },
    expected: { end: [] },
  },
  {
    name: 'the deadline, with items left',
    async play(stage) {
      await stage.publish(8);
      await stage.run({ completions: 8, parallelism: 1, work: seconds(5), spec: { activeDeadlineSeconds: 12 } });
    },
    expected: { end: ['items-left-behind'] },
  },
  {
    name: 'the deadline, as the end of Pods that wait',
    async play(stage) {
      await stage.publish(1);
      await stage.run({ completions: 2, parallelism: 1 });
      await stage.finds('waiting-on-empty-queue (too-many-completions)');
      await patch(stage, { activeDeadlineSeconds: 5 });
    },
    expected: {
      before: ['completions-above-depth'],
      during: ['waiting-on-empty-queue (too-many-completions)'],
      end: [],
    },
  },
  {
    name: 'an image that is not there',
    async play(stage) {
      await stage.publish(2);
      await stage.run({ completions: 2, parallelism: 2, image: '127.0.0.1:5000/lab/missing:1' });
      await stage.finds('image-pull');
    },
    expected: { during: ['image-pull'] },
  },
  {
    name: 'no node fits',
    async play(stage) {
      await stage.publish(2);
      const resources = { requests: { cpu: '900' } };
      await stage.run({ completions: 2, parallelism: 1, container: { resources } });
      await stage.finds('pod-unschedulable');
    },
    expected: { during: ['pod-unschedulable'] },
  },
  {
    name: 'a quota that allows no Pod',
    async play(stage) {
      await quota(stage, 0);
      await stage.publish(2);
      await stage.run({ completions: 2, parallelism: 2 });
      await stage.finds('pods-not-created');
    },
    expected: { during: ['pods-not-created'] },
  },
  {
    name: 'a quota that allows fewer Pods than the Job asks for',
    async play(stage) {
      await quota(stage, 1);
      await stage.publish(3);
      await stage.run({ completions: 3, parallelism: 3, work: seconds(6) });
      await stage.finds('pods-not-created');
    },
    expected: { during: ['pods-not-created'], end: [] },
  },
  {
    name: 'a ServiceAccount that is not there',
    async play(stage) {
      await stage.publish(1);
      await stage.run({ completions: 1, parallelism: 1, pod: { serviceAccountName: 'nobody' } });
      await stage.finds('pods-not-created');
    },
    expected: { during: ['pods-not-created'] },
  },
  {
    name: 'the broker’s Secret is not there',
    async play(stage) {
      await stage.kubectl('delete', 'secret', 'rabbitmq-broker');
      await stage.publish(1);
      await stage.run({ completions: 1, parallelism: 1 });
      await stage.finds('image-pull');
    },
    expected: { during: ['image-pull'] },
  },
  {
    name: 'many items a Pod',
    telling: true,
    async play(stage) {
      await stage.publish(8);
      await stage.run({ parallelism: 2, worker: 'many', work: seconds(1) });
    },
    expected: { end: [] },
  },
  {
    name: 'many items a Pod, and fewer items than Pods',
    async play(stage) {
      await stage.publish(1);
      await stage.run({ parallelism: 3, worker: 'many', work: seconds(1) });
    },
    expected: { end: [] },
  },
  {
    name: 'many items a Pod, and more are published in mid-run',
    async play(stage) {
      await stage.publish(4);
      await stage.run({ parallelism: 2, worker: 'many', work: seconds(3) });
      await stage.running(2);
      await stage.publish(2);
    },
    expected: { end: [] },
  },
  {
    name: 'many items a Pod, and each Pod takes some of completions',
    async play(stage) {
      await stage.publish(8);
      await stage.run({ completions: 2, parallelism: 2, worker: 'many', work: seconds(1) });
    },
    expected: { before: ['completions-below-depth'], end: [] },
  },
]);
