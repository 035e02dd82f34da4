import { scenarios } from './scenario.ts';

const ONE_SECOND = 'cat >/dev/null; sleep 1';

scenarios('as many Pods as items, or not', [
  {
    name: 'the right number',
    telling: true,
    async play(stage) {
      await stage.publish(5);
      await stage.run({ completions: 5, parallelism: 3, work: ONE_SECOND });
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
      await stage.run({ completions: 3, parallelism: 3, work: 'grep -qv poison', worker: 'documented' });
    },
    expected: { before: ['worker-hides-failures'], end: ['failed-item-counted-as-done'] },
  },
]);
