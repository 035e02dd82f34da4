import { seconds } from './job.ts';
import { scenarios } from './scenario.ts';

scenarios('others on the queue', [
  {
    name: 'two Jobs on one queue, with enough for both',
    async play(stage) {
      await stage.publish(6);
      await stage.run({ completions: 3, parallelism: 1, work: seconds(2) });
      await stage.running(1);
      await stage.run({ completions: 3, parallelism: 1, work: seconds(2) }, 'other');
    },
    expected: { before: ['completions-below-depth'], end: [] },
    expectedOfOther: { end: [] },
  },
  {
    name: 'two Jobs on one queue, each with the number for all of it',
    async play(stage) {
      await stage.publish(4);
      await stage.run({ completions: 4, parallelism: 1, work: seconds(1) });
      await stage.run({ completions: 4, parallelism: 1, work: seconds(1) }, 'other');
      await stage.until('the first waits', run => run.findings.length > 0, 'run');
      await stage.until('the other waits', run => run.findings.length > 0, 'other');
    },
    expected: { during: ['waiting-on-empty-queue (taken-by-others)'] },
    expectedOfOther: {
      before: ['completions-above-depth'],
      during: ['waiting-on-empty-queue (taken-by-others)'],
    },
  },
  {
    name: 'a second Job after the first, for what it left',
    async play(stage) {
      await stage.publish(4);
      await stage.run({ completions: 2, parallelism: 2 });
      await stage.settled();
      await stage.run({ completions: 2, parallelism: 2 }, 'other');
    },
    expected: { before: ['completions-below-depth'], end: ['items-left-behind'] },
    expectedOfOther: { end: [] },
  },
  {
    name: 'a foreign consumer that takes one and stays',
    telling: true,
    async play(stage) {
      await stage.publish(6);
      await stage.run({ completions: 6, parallelism: 1, work: seconds(2) });
      const stranger = await stage.stranger();
      let hold: (() => void) | undefined;
      await stranger.consume(stage.queue, message => {
        hold = () => message && stranger.ack(message);
      });
      await stage.finds('foreign-consumers');
      await stranger.prefetch(1);
      await stage.succeeded(5);
      hold?.();
      await stage.finds('waiting-on-empty-queue (taken-by-others)');
    },
    expected: { during: ['foreign-consumers', 'waiting-on-empty-queue (taken-by-others)'] },
  },
  {
    name: 'a foreign consumer that gives back what it took',
    async play(stage) {
      await stage.publish(6);
      await stage.run({ completions: 6, parallelism: 1, work: seconds(2) });
      const stranger = await stage.stranger();
      await stranger.consume(stage.queue, () => undefined);
      await stage.finds('foreign-consumers');
      await stranger.close();
    },
    expected: { during: ['foreign-consumers'], end: [] },
  },
  {
    name: 'a foreign consumer beside a Job that may have more Pods than it has',
    async play(stage) {
      await stage.publish(2);
      await stage.run({ completions: 2, parallelism: 8, work: seconds(40) });
      await stage.running(2);
      await stage.eventually('both have an item', async () => (await stage.ready()) === 0);
      const stranger = await stage.stranger();
      await stranger.consume(stage.queue, () => undefined);
      await stage.finds('foreign-consumers');
    },
    expected: { before: ['parallelism-above-completions'], during: ['foreign-consumers'], end: [] },
  },
  {
    name: 'taken by others between the count and the first Pod',
    async play(stage) {
      await stage.publish(3);
      await stage.run({ completions: 3, parallelism: 3 });
      await stage.channel.get(stage.queue, { noAck: true });
      await stage.finds('waiting-on-empty-queue (taken-by-others)');
    },
    expected: { during: ['waiting-on-empty-queue (taken-by-others)'] },
  },
  {
    name: 'published in mid-run through the extension',
    async play(stage) {
      await stage.publish(3);
      await stage.run({ completions: 3, parallelism: 1, work: seconds(3) });
      await stage.running(1);
      await stage.publish(2, { through: 'extension' });
    },
    expected: { end: ['items-left-behind'] },
  },
  {
    name: 'published in mid-run by others',
    async play(stage) {
      await stage.publish(3);
      await stage.run({ completions: 3, parallelism: 1, work: seconds(8) });
      await stage.succeeded(1);
      await stage.counted();
      await stage.publish(2);
    },
    expected: { end: ['items-left-behind'] },
  },
  {
    name: 'published in mid-run by others, quorum queue',
    queue: { arguments: { 'x-queue-type': 'quorum' } },
    async play(stage) {
      await stage.publish(3);
      await stage.run({ completions: 3, parallelism: 1, work: seconds(4) });
      await stage.succeeded(1);
      await stage.publish(2);
    },
    expected: { end: ['items-left-behind'] },
  },
  {
    name: 'published again while Pods wait, so that the run ends well',
    async play(stage) {
      await stage.publish(2);
      await stage.run({ completions: 4, parallelism: 2 });
      await stage.finds('waiting-on-empty-queue (too-many-completions)');
      await stage.publish(2, { through: 'extension' });
    },
    expected: {
      before: ['completions-above-depth'],
      during: ['waiting-on-empty-queue (too-many-completions)'],
      end: [],
    },
  },
]);
