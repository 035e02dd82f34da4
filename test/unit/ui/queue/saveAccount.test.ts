import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerError, type DrainOutcome } from '../../../../src/broker/index.ts';

const { savedWords } = await import('../../../../src/ui/commands/queue/saveAccount.ts');

const done: DrainOutcome = { ended: 'done', written: 8, skipped: 0, maybeStillThere: 0 };

const words = (outcome: Partial<DrainOutcome>, o: { take?: boolean; unfit?: number } = {}) =>
  savedWords({
    queue: 'job1',
    path: '/home/me/saved.jsonl',
    take: o.take ?? false,
    unfit: o.unfit ?? 0,
    outcome: { ...done, ...outcome },
  });

test('saved messages are said to be still there, or taken', () => {
  assert.deepEqual(words({}), { text: '8 messages saved to saved.jsonl; they are still in job1.', clean: true });
  assert.deepEqual(words({}, { take: true }), {
    text: '8 messages saved to saved.jsonl and taken from job1.',
    clean: true,
  });
});

test('bodies that are no lines are told of, and how to have them', () => {
  const { text, clean } = words({ skipped: 1 }, { unfit: 1 });
  assert.match(text, /1 message left out: .*Save as \.jsonl/);
  assert.equal(clean, false);
});

test('a disk that is full, a lost connection and a cancel say where the rest is', () => {
  const full = words({ ended: 'write-failed', writeError: new Error('ENOSPC: no space left') }, { take: true });
  assert.match(full.text, /The rest is still in job1\. The file cannot be written: ENOSPC: no space left$/);
  const error = new BrokerError('closed', 'ECONNRESET');
  const lost = words({ ended: 'connection-lost', error, maybeStillThere: 3 }, { take: true });
  assert.match(
    lost.text,
    /The rest is still in job1\. 3 of those in the file may still be in job1, too\. .*lost: ECONNRESET$/,
  );
  assert.match(words({ ended: 'cancelled' }).text, /You cancelled the rest; it is still in job1\.$/);
  for (const { clean } of [full, lost, words({ ended: 'cancelled' })]) assert.equal(clean, false);
});
