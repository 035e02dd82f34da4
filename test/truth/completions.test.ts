import { WORKER_IMAGE } from '../integration/cluster/namespace.ts';
import { seconds } from './job.ts';
import { scenarios } from './scenario.ts';

scenarios('as many Pods as items, or not', [
  {
    name: 'the right number',
    telling: true,
    async play(stage) {
      await stage.publish(5);
      await stage.run({ completions: 5, parallelism: 3, work: seconds(1) });
    },
    expected: { end: [] },
  },
  {
    name: 'too few completions',
    telling: true,
    async play(stage) {
      await stage.publish(5);
      await stage.run({ completions: 3, parallelism: 2 });
    },
    expected: { before: ['completions-below-depth'], end: ['items-left-behind'] },
  },
  {
    name: 'too many completions',
    telling: true,
    async play(stage) {
      await stage.publish(3);
      await stage.run({ completions: 5, parallelism: 2 });
      await stage.finds('waiting-on-empty-queue (too-many-completions)');
    },
    expected: {
      before: ['completions-above-depth'],
      during: ['waiting-on-empty-queue (too-many-completions)'],
    },
  },
  {
    name: 'a poison item, strict worker, one at a time',
    async play(stage) {
      await stage.publish(['good', 'poison', 'fine']);
      await stage.run({ completions: 3, parallelism: 1, work: 'grep -qv poison', spec: { backoffLimit: 2 } });
    },
    expected: { end: ['backoff-exhausted'] },
  },
  {
    name: 'a poison item, documented worker, three at a time',
    telling: true,
    async play(stage) {
      await stage.publish(['good', 'poison', 'fine']);
      await stage.counted();
      await stage.run({ completions: 3, parallelism: 3, work: 'grep -qv poison', worker: 'documented' });
    },
    expected: { before: ['worker-hides-failures'], end: ['failed-item-counted-as-done'] },
  },
  {
    name: 'a poison item, documented worker, one at a time',
    async play(stage) {
      await stage.publish(['good', 'poison', 'fine']);
      await stage.counted();
      await stage.run({ completions: 3, parallelism: 1, work: 'grep -qv poison', worker: 'documented' });
    },
    expected: {
      before: ['worker-hides-failures'],
      during: ['failed-item-counted-as-done?'],
      end: ['failed-item-counted-as-done'],
    },
  },
  {
    name: 'a poison item, strict worker, three at a time',
    async play(stage) {
      await stage.publish(['good', 'poison', 'fine']);
      await stage.run({ completions: 3, parallelism: 3, work: 'grep -qv poison', spec: { backoffLimit: 1 } });
    },
    expected: { end: ['backoff-exhausted'] },
  },
  {
    name: 'a strict worker that always fails',
    async play(stage) {
      await stage.publish(3);
      await stage.run({ completions: 3, parallelism: 3, work: 'exit 3', spec: { backoffLimit: 2 } });
    },
    expected: { end: ['backoff-exhausted'] },
  },
  {
    name: 'a documented worker that always fails',
    async play(stage) {
      await stage.publish(3);
      await stage.counted();
      await stage.run({ completions: 3, parallelism: 3, work: 'exit 3', worker: 'documented' });
    },
    expected: { before: ['worker-hides-failures'], end: ['failed-item-counted-as-done'] },
  },
  {
    name: 'backoff exhausted where Pods are restarted in place',
    async play(stage) {
      await stage.publish(2);
      await stage.run({
        completions: 2,
        parallelism: 2,
        work: 'exit 3',
        spec: { backoffLimit: 1 },
        pod: { restartPolicy: 'OnFailure' },
      });
    },
    expected: { before: ['logs-lost-on-failure'], end: ['backoff-exhausted', 'logs-lost-on-failure'] },
  },
  {
    name: 'a strict worker that fails once, and is tried again',
    async play(stage) {
      await stage.publish(3);
      await stage.run({
        completions: 3,
        parallelism: 3,
        work: 'cat >/dev/null; test -e /kept/tried || { : >/kept/tried; exit 3; }',
        pod: { restartPolicy: 'OnFailure', volumes: [{ name: 'kept', emptyDir: {} }] },
        container: { volumeMounts: [{ name: 'kept', mountPath: '/kept' }] },
      });
    },
    expected: { before: ['logs-lost-on-failure'], end: [] },
  },
  {
    name: 'nothing in the queue',
    async play(stage) {
      await stage.run({ completions: 2, parallelism: 2 });
      await stage.finds('waiting-on-empty-queue (too-many-completions)');
    },
    expected: {
      before: ['completions-above-depth'],
      during: ['waiting-on-empty-queue (too-many-completions)'],
    },
  },
  {
    name: 'one item that takes long, with the others done',
    async play(stage) {
      await stage.publish(['long', 'short', 'short']);
      await stage.run({ completions: 3, parallelism: 3, work: 'grep -q long && sleep 25 || true' });
    },
    expected: { end: [] },
  },
  {
    name: 'many items that take less time than their Pods take to start',
    async play(stage) {
      await stage.publish(14);
      // A start as slow as that of a Pod which fetches its data first.
      const initContainers = [{ name: 'slow', image: WORKER_IMAGE, command: ['sleep', '6'] }];
      await stage.run({ completions: 14, parallelism: 5, pod: { initContainers } });
    },
    expected: { during: ['items-too-short-for-a-pod?'], end: ['items-too-short-for-a-pod'] },
  },
]);
