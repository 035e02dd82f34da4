import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';

const { bytes, clock, duration, jobWords, messages, podWords, queueWords, since } = await import(
  '../../../src/ui/text.ts'
);

test('a length of time is said in its two largest units', () => {
  assert.equal(duration(0), '0 s');
  assert.equal(duration(-5000), '0 s');
  assert.equal(duration(59_400), '59 s');
  assert.equal(duration(59_600), '1 min 0 s');
  assert.equal(duration(200_000), '3 min 20 s');
  assert.equal(duration(7_500_000), '2 h 5 min');
  assert.equal(duration(100 * 3_600_000), '4 d 4 h');
});

test('a time of today is said without its day, another one with it', () => {
  const now = new Date(2026, 2, 1, 15, 0, 0).getTime();
  assert.equal(clock(new Date(2026, 2, 1, 3, 4, 5).getTime(), now), '03:04:05');
  assert.equal(clock(new Date(2026, 1, 28, 23, 59, 59).getTime(), now), '2026-02-28 23:59:59');
  assert.equal(since(now - 61_000, now), 'since 14:58:59');
});

test('an amount of data is said in its largest unit', () => {
  assert.deepEqual([0, 1, 1023, 1024].map(bytes), ['0 B', '1 B', '1023 B', '1 KiB']);
  assert.deepEqual([2 ** 24, 1.5 * 2 ** 30, 2 ** 60].map(bytes), ['16 MiB', '1.5 GiB', '1048576 TiB']);
});

test('one message is not "1 messages"', () => {
  assert.equal(messages(0), '0 messages');
  assert.equal(messages(1), '1 message');
  assert.equal(messages(8), '8 messages');
});

const job = { state: 'running', reason: undefined, completions: 8, succeeded: 5, failed: 0, active: 2 } as const;

test('a Job says how far it is', () => {
  assert.equal(jobWords(job), '5 of 8 done, 2 running');
  assert.equal(jobWords({ ...job, completions: undefined }), '5 done, 2 running');
  assert.equal(jobWords({ ...job, state: 'complete', succeeded: 8, active: 0 }), '8 of 8 done');
  assert.equal(jobWords({ ...job, failed: 1 }), '5 of 8 done, 2 running, 1 Pod failed');
  assert.equal(
    jobWords({ ...job, state: 'failed', reason: 'BackoffLimitExceeded', failed: 7, active: 0 }),
    'failed (BackoffLimitExceeded), 5 of 8 done, 7 Pods failed',
  );
  assert.equal(jobWords({ ...job, state: 'suspended', active: 0 }), 'suspended, 5 of 8 done');
});

test('a figure of a queue that is not known is never said as 0', () => {
  assert.equal(queueWords({ ready: 8, unacked: 2, consumers: 1 }), '8 ready, 2 unacked, 1 consumer');
  assert.equal(queueWords({ ready: 0, unacked: undefined, consumers: 3 }), '0 ready, unacked unknown, 3 consumers');
  assert.equal(
    queueWords({ ready: undefined, unacked: undefined, consumers: undefined }),
    'ready unknown, unacked unknown, consumers unknown',
  );
});

test('a Pod says its state, why, and for how long', () => {
  const now = 1_000_000;
  const pod = {
    phase: 'running',
    reason: undefined,
    exitCode: undefined,
    restarts: 0,
    terminating: false,
    created: now - 20_000,
    started: now - 12_000,
    finished: undefined,
  } as const;
  assert.equal(podWords(pod, now), 'running for 12 s');
  assert.equal(
    podWords({ ...pod, phase: 'waiting', reason: 'ImagePullBackOff', started: undefined }, now),
    'waiting (its image cannot be pulled) for 20 s',
  );
  assert.equal(
    podWords({ ...pod, phase: 'succeeded', reason: 'Completed', exitCode: 0, finished: now - 1000 }, now),
    'succeeded after 11 s',
  );
  assert.equal(
    podWords({ ...pod, phase: 'failed', reason: 'Error', exitCode: 1, finished: now - 9000, restarts: 1 }, now),
    'failed (exit code 1) after 3 s, 1 restart',
  );
  assert.equal(podWords({ ...pod, terminating: true }, now), 'running for 12 s, being deleted');
});
