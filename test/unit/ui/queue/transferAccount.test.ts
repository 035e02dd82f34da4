import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerError, type TransferOutcome } from '../../../../src/broker/index.ts';
import type { TransferKind } from '../../../../src/ui/commands/queue/transferAccount.ts';

const { transferAccount } = await import('../../../../src/ui/commands/queue/transferAccount.ts');

const done: TransferOutcome = {
  ended: 'done',
  done: 5,
  arrived: new Map([['job2', 5]]),
  skipped: 0,
  noOrigin: 0,
  of: 5,
  maybeTwice: 0,
};

const account = (kind: TransferKind, outcome: Partial<TransferOutcome>, left?: number) =>
  transferAccount({
    kind,
    from: 'job1',
    to: kind === 'return' ? undefined : 'job2',
    outcome: { ...done, ...outcome },
    left,
  });

test('what went well is told in a sentence, and is nothing to warn of', () => {
  assert.deepEqual(account('move', {}), { text: '5 messages moved from job1 to job2.', clean: true });
  assert.deepEqual(account('copy', { skipped: 1 }), {
    text: '5 messages copied from job1 to job2. Left out: 1 message that did not match.',
    clean: true,
  });
});

test('messages that do not match stay where they are', () => {
  assert.match(account('move', { skipped: 2 }).text, /Still in job1: 2 messages that did not match\.$/);
});

test('returned messages are told by the queues that they went to', () => {
  const arrived = new Map([
    ['job2', 4],
    ['job3', 1],
  ]);
  assert.deepEqual(account('return', { arrived }), {
    text: '5 messages returned from job1: 4 to job2, 1 to job3.',
    clean: true,
  });
});

test('messages without an origin are warned of', () => {
  assert.deepEqual(account('return', { done: 0, arrived: new Map(), noOrigin: 2 }), {
    text: 'None of the messages of job1 were returned. Still in job1: 2 messages that came from no other queue, or from one that is gone.',
    clean: false,
  });
});

test('a cancelled move says what was done and where the rest is', () => {
  assert.deepEqual(account('move', { ended: 'cancelled' }), {
    text: '5 messages moved from job1 to job2. You cancelled the rest; it is still in job1.',
    clean: false,
  });
  assert.match(account('move', { ended: 'cancelled' }, 1200).text, /rest; 1200 messages are still in job1\.$/);
  assert.match(account('return', { ended: 'cancelled' }, 1).text, /rest; 1 message is still in job1\.$/);
});

test('after a lost connection the one message that may be in both queues is told of', () => {
  const error = new BrokerError('closed', 'read ECONNRESET');
  const { text, clean } = account('move', { ended: 'connection-lost', error, maybeTwice: 1 });
  assert.match(
    text,
    /The rest is still in job1\. 1 message may be in both queues: in job2, and still in job1\. .*lost: read ECONNRESET$/,
  );
  assert.equal(clean, false);
  assert.match(account('copy', { ended: 'connection-lost', error, maybeTwice: 1 }).text, /1 more may be in job2:/);
  assert.match(
    account('return', { ended: 'connection-lost', error, maybeTwice: 1 }).text,
    /returned, and still in job1/,
  );
});

test('a target that takes no more is named, once', () => {
  const error = new BrokerError('other', 'queue job2 takes no messages');
  const nacked = account('move', { ended: 'refused', refusal: { queue: 'job2', reason: 'nacked' }, error });
  assert.equal(
    nacked.text,
    '5 messages moved from job1 to job2. Queue job2 took no more: it is full, or not available now. The rest is still in job1.',
  );
  const gone = account('move', { ended: 'refused', refusal: { queue: 'job2', reason: 'unroutable' }, error });
  assert.match(gone.text, /Queue job2 is not there\./);
});

test('what a killed broker put back into the queue is told, and that it could not be found out', () => {
  const lost = { ended: 'connection-lost', done: 5 } as const;
  assert.match(account('move', { ...lost, cameBack: 3 }).text, /3 messages that had gone on are in job1 again, too/);
  assert.match(account('move', lost).text, /may be in job1 again; that could not be found out/);
  assert.doesNotMatch(account('move', { ...lost, cameBack: 0 }).text, /again/);
  assert.doesNotMatch(account('copy', lost).text, /again/);
});
