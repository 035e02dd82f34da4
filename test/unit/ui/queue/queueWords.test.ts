import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueueNow } from '../../../../src/ui/commands/queue/queueNow.ts';

const { deletionWords } = await import('../../../../src/ui/commands/queue/deleteQueue.ts');
const { lookWords } = await import('../../../../src/ui/commands/queue/lookRisks.ts');
const { needMessages } = await import('../../../../src/ui/commands/queue/queueNow.ts');

const queue = (o: { type?: string; version?: string; consumers?: number; ready?: number; unacked?: number }) =>
  ({
    queue: 'job1',
    place: { queues: { find: () => undefined } },
    connected: { broker: { version: o.version ?? '4.1.4' } },
    consumers: o.consumers ?? 0,
    ready: o.ready ?? 8,
    unacked: o.unacked,
    details: o.type === undefined ? undefined : { type: o.type },
  }) as unknown as QueueNow;

test('a look at a classic queue that nobody uses only marks the messages', () => {
  assert.equal(lookWords(queue({ type: 'classic' })), 'Afterwards they are marked as redelivered.');
});

test('a look at a quorum queue before RabbitMQ 4.3 is said to count against the delivery limit', () => {
  assert.match(lookWords(queue({ type: 'quorum' })), /RabbitMQ 4\.1\.4 counts every look .* delivery limit \(20\)/);
  assert.doesNotMatch(lookWords(queue({ type: 'quorum', version: '4.3.0' })), /delivery limit/);
});

test('where the type is unknown, what may be is said', () => {
  assert.match(lookWords(queue({})), /delivery limit/);
});

test('consumers are said to wait meanwhile', () => {
  assert.match(lookWords(queue({ type: 'classic', consumers: 1 })), /A consumer takes messages of it/);
  assert.match(lookWords(queue({ type: 'classic', consumers: 3 })), /3 consumers take messages of it/);
});

test('an empty queue is told from one whose messages are all with consumers', () => {
  assert.throws(() => needMessages(queue({ ready: 0 })), /Queue job1 is empty\./);
  assert.throws(
    () => needMessages(queue({ ready: 0, unacked: 2 })),
    /no ready messages; 2 unacked are with its consumers/,
  );
  needMessages(queue({ ready: 1 }));
});

test('the deletion of a queue names what goes with it and who is left waiting', () => {
  assert.deepEqual(deletionWords(queue({ ready: 0, unacked: 0 }), []), ['It is empty.']);
  assert.deepEqual(deletionWords(queue({ ready: 8, unacked: 2, consumers: 2 }), ['job-wq-1']), [
    'Its messages go with it: 8 ready, 2 unacked. Nothing brings them back.',
    'Its 2 consumers get no message any more; amqp-consume does not notice, and waits for ever.',
    'Active Jobs take their items from it: job-wq-1',
  ]);
  assert.match(
    deletionWords(queue({ ready: 0, unacked: 1, consumers: 1 }), []).join(' '),
    /1 unacked.*Its consumer gets/,
  );
});
