import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';

const { runDetails } = await import('../../../../src/ui/commands/job/runDetails.ts');

type Plan = Parameters<typeof runDetails>[0];

const plan = (more: Partial<Plan> = {}): Plan => ({
  name: 'wq',
  taken: undefined,
  context: 'lab',
  namespace: 'fruit',
  queue: 'job1',
  broker: 'amqp://guest@rabbitmq',
  otherBroker: undefined,
  image: 'worker:1',
  ready: 8,
  claimed: 0,
  completions: 8,
  parallelism: 2,
  manifestCompletions: undefined,
  restOf: undefined,
  confirmed: undefined,
  large: undefined,
  ...more,
});

const said = (more: Partial<Plan>, o: { changed?: boolean; warning?: string } = {}) =>
  runDetails(plan(more), { changed: o.changed ?? false, warning: o.warning }).join('\n');

test('a run says where it is created and why with these completions', () => {
  assert.equal(
    said({}),
    'Context: lab\nNamespace: fruit\nQueue: job1 (amqp://guest@rabbitmq)\ncompletions: 8, one for each of the 8 messages ready\nparallelism: 2\nImage: worker:1',
  );
});

test('a run for what was just published says when the queue held other messages, or others take of them', () => {
  assert.match(said({ confirmed: 8 }), /completions: 8, as many as the broker confirmed/);
  assert.doesNotMatch(said({ confirmed: 8 }), /⚠/);
  assert.match(
    said({ confirmed: 8, ready: 12 }),
    /⚠ job1 held 4 messages besides\. This Job takes 8, the oldest first/,
  );
  assert.match(said({ confirmed: 8, ready: 5 }), /⚠ Only 5 left for it: /);
  assert.match(
    said({ confirmed: 8, ready: 8, claimed: 3 }),
    /⚠ Active Jobs will take 3 of job1\.[\s\S]*⚠ Only 5 left for it: /,
  );
});

test('a run says that its name is another, what it is the rest of, and what the image lacks', () => {
  const text = said({ name: 'wq-2', taken: 'wq', restOf: 'wq' }, { warning: '⚠ no image', changed: true });
  assert.match(text, /^The queue has changed meanwhile/);
  assert.match(text, /Name: wq-2, as there is a Job wq already/);
  assert.match(text, /Like Job wq, for what is left/);
  assert.match(text, /⚠ no image/);
});

test('a run without completions says that its Pods take messages until there are no more', () => {
  assert.match(
    said({ completions: undefined }),
    /No completions: each Pod takes messages until there are no more\. 8 messages ready now/,
  );
});
