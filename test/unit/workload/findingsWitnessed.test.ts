import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings } from '../../../src/workload/findings.ts';
import type { RunLook } from '../../../src/workload/ledger.ts';
import type { PodTimes } from '../../../src/workload/startup.ts';
import { type LookGiven, look, twice } from './look.ts';

/** What is said of a run, with the parts of the proof that are asked for. */
type Case = [name: string, looks: RunLook[], said: string[], proof?: Record<string, number | string | undefined>];

function holds(cases: Case[]): void {
  for (const [name, looks, said, proof = {}] of cases) {
    test(name, () => {
      const found = findings({ looks });
      assert.deepEqual(found.map(({ code, cause }) => (cause ? `${code} (${cause})` : code)).sort(), said);
      for (const [key, value] of Object.entries(proof)) assert.equal(found[0]?.proof[key], value, key);
    });
  }
}

// Whose consumers they are.

const STRANGER = { connection: '10.9.9.9:5000', name: 'cron', user: 'guest' };
const AT_WORK: LookGiven = { queue: { ready: 6, unacked: 2, consumers: 3 } };
const FOREIGN = ['foreign-consumers'];

holds([
  ['a third consumer beside two Pods is a foreign one, also where nobody tells whose', twice(AT_WORK), FOREIGN],
  [
    'the connection of a foreign consumer is named',
    twice({ ...AT_WORK, witness: { strangers: [STRANGER] } }),
    FOREIGN,
    { connection: '10.9.9.9:5000', name: 'cron', user: 'guest', others: 1 },
  ],
  [
    'of several foreign consumers the first is named, and their number',
    twice({ ...AT_WORK, witness: { strangers: [STRANGER, { ...STRANGER, connection: 'b' }] } }),
    FOREIGN,
    { connection: '10.9.9.9:5000', others: 2 },
  ],
  [
    'a client without a name has none',
    twice({ ...AT_WORK, witness: { strangers: [{ ...STRANGER, name: undefined }] } }),
    FOREIGN,
    { name: undefined, user: 'guest' },
  ],
  ['a third consumer that is a Pod of a run here is none', twice({ ...AT_WORK, witness: { strangers: [] } }), []],
  ['a third consumer beside another run may be its Pod', twice({ ...AT_WORK, otherRuns: 1 }), []],
  [
    'a third consumer beside another run is foreign where the broker tells',
    twice({ ...AT_WORK, otherRuns: 1, witness: { strangers: [STRANGER] } }),
    FOREIGN,
  ],
  ['two consumers of two Pods are none', twice({ queue: { ready: 6, unacked: 2, consumers: 2 } }), []],
  [
    'a foreign consumer beside fewer Pods than parallelism allows is found where the broker tells',
    twice({
      job: { parallelism: 8, active: 2 },
      queue: { ready: 0, unacked: 3, consumers: 3 },
      witness: { strangers: [STRANGER] },
    }),
    FOREIGN,
    { active: 2 },
  ],
  [
    'beside fewer Pods than parallelism allows nobody is foreign where the broker does not tell',
    twice({ job: { parallelism: 8, active: 2 }, queue: { ready: 0, unacked: 3, consumers: 3 } }),
    [],
  ],
  ['one look at three consumers is not enough', [look({ ...AT_WORK, witness: { strangers: [STRANGER] } })], []],
  [
    'a third consumer that has gone by the second look is none',
    [
      look({ ...AT_WORK, witness: { strangers: [STRANGER] } }),
      look({ at: 5000, queue: { ready: 6, unacked: 2, consumers: 2 }, witness: { strangers: [STRANGER] } }),
    ],
    [],
  ],
  [
    'the connection of a Pod that is just going is its own',
    twice({ ...AT_WORK, pods: [{}, {}, { terminating: true }], witness: { strangers: [STRANGER] } }),
    [],
  ],
  ['consumers that are unknown are not judged', twice({ queue: { ready: 6, unacked: 2, consumers: undefined } }), []],
]);

// Why Pods wait.

const MISSING: LookGiven = { job: { succeeded: 7, active: 1 }, queue: { consumers: 1 } };
const SEVEN = Array(7).fill({ phase: 'succeeded' });
const BY_OTHERS = ['waiting-on-empty-queue (taken-by-others)'];
const UNCOUNTED = ['waiting-on-empty-queue (acked-without-success)'];

holds([
  [
    'what others took is told with their connection',
    twice({ ...MISSING, pods: [{}, ...SEVEN], witness: { strangers: [STRANGER] } }),
    BY_OTHERS,
    { connection: '10.9.9.9:5000', missing: 1 },
  ],
  [
    'a stranger that was seen takes precedence over Pods that are not all known',
    twice({ ...MISSING, pods: [{}], witness: { strangers: [STRANGER] } }),
    BY_OTHERS,
  ],
  [
    'a Pod that failed after the ack is named',
    twice({ ...MISSING, job: { ...MISSING.job, failed: 1 }, pods: [{ name: 'j-x', phase: 'failed' }, {}, ...SEVEN] }),
    UNCOUNTED,
    { pod: 'j-x', pods: 1 },
  ],
  [
    'a Pod that was deleted after the ack is named',
    twice({ ...MISSING, goneUncounted: ['j-gone'], pods: [{}, ...SEVEN] }),
    UNCOUNTED,
    { pod: 'j-gone' },
  ],
  [
    'a container that was restarted after the ack is named',
    twice({ ...MISSING, pods: [{ name: 'j-r', restarts: 1 }, ...SEVEN] }),
    UNCOUNTED,
    { pod: 'j-r' },
  ],
  [
    'of two Pods that ended badly nobody knows which acked the one item',
    twice({ ...MISSING, job: { ...MISSING.job, failed: 2 }, goneUncounted: ['a', 'b'], pods: [{}, ...SEVEN] }),
    UNCOUNTED,
    { pod: undefined },
  ],
  [
    'two Pods that acked two items are both named',
    twice({
      job: { succeeded: 6, active: 2, failed: 0 },
      queue: { consumers: 2 },
      goneUncounted: ['a', 'b'],
      pods: [{}, {}, ...SEVEN.slice(1)],
    }),
    UNCOUNTED,
    { pod: 'a, b', pods: 2 },
  ],
  [
    'a Pod that went while the Job was suspended is one that ended badly',
    twice({ ...MISSING, job: { ...MISSING.job, failed: 0 }, goneUncounted: ['j-s'], pods: [{}, ...SEVEN] }),
    UNCOUNTED,
  ],
  [
    'a failed Pod and a stranger allow both causes',
    twice({ ...MISSING, goneUncounted: ['a'], pods: [{}, ...SEVEN], witness: { strangers: [STRANGER] } }),
    ['waiting-on-empty-queue'],
  ],
]);

// What came back, and what others published.

const done = (given: LookGiven = {}): LookGiven => ({
  ...given,
  job: { state: 'complete', succeeded: 8, active: 0, ...given.job },
});
const BACK = ['failed-item-counted-as-done'];
const LEFT = ['items-left-behind'];
const BOTH = [...BACK, ...LEFT];

holds([
  ['two that are left are taken for failed ones where nothing is known', twice(done({ queue: { ready: 2 } })), BACK],
  [
    'two that had been handed out before came back',
    twice(done({ queue: { ready: 2 }, witness: { redelivered: 2 } })),
    BACK,
    { items: 2 },
  ],
  [
    'two that were never handed out were published by others',
    twice(done({ queue: { ready: 2 }, witness: { redelivered: 0 } })),
    LEFT,
    { items: 2 },
  ],
  [
    'one of each is told apart',
    twice(done({ queue: { ready: 2 }, witness: { redelivered: 1 } })),
    BOTH,
    { items: 1, ready: 2 },
  ],
  [
    'items of failed Pods that blocked others are all counted where the broker counted nothing of others',
    twice(done({ queue: { ready: 3 }, witness: { redelivered: 1, othersPublished: false } })),
    BACK,
    { items: 3 },
  ],
  [
    'items that came back and were then done are counted where the broker counted nothing of others',
    twice(done({ job: { completions: 9, succeeded: 9 }, witness: { redelivered: 0, othersPublished: false } })),
    BACK,
    { items: 1 },
  ],
  [
    'an item more than there was that is done is nothing where others published',
    twice(done({ job: { completions: 9, succeeded: 9 }, witness: { othersPublished: true } })),
    [],
  ],
  [
    'what others published into a queue that cannot be looked at is left',
    twice(done({ queue: { ready: 2 }, witness: { othersPublished: true } })),
    LEFT,
    { items: 2 },
  ],
  [
    'while it is looked at what is left, nothing is said',
    twice(done({ queue: { ready: 2 }, witness: { isLooking: true } })),
    [],
  ],
  [
    'more handed out than too many are counts no more than too many',
    twice(done({ job: { completions: 6, succeeded: 6 }, queue: { ready: 3 }, witness: { redelivered: 3 } })),
    BOTH,
    { items: 1 },
  ],
  [
    'what is published in mid-run is not said to have come back',
    twice({ job: { succeeded: 3 }, queue: { ready: 9, unacked: 2 } }),
    [],
  ],
  [
    'what came back in mid-run is said as far as the broker proves it',
    twice({ job: { succeeded: 3 }, queue: { ready: 5, unacked: 2 }, witness: { proven: 1 } }),
    BACK,
    { items: 1 },
  ],
  [
    'what was proven and is done by now is not said any more',
    twice({ job: { succeeded: 3 }, queue: { ready: 3, unacked: 2 }, witness: { proven: 2 } }),
    [],
  ],
  [
    'more than were counted cannot have come back',
    twice({ job: { succeeded: 1 }, queue: { ready: 9, unacked: 2 }, witness: { proven: 4 } }),
    [],
  ],
]);

// Jobs without completions: a Pod takes any number of items.

const many = (given: LookGiven = {}): LookGiven => ({
  ...given,
  job: { state: 'complete', completions: undefined, succeeded: 3, active: 0, parallelism: 3, ...given.job },
});

holds([
  ['three Pods of many items did one, and nothing came back', twice(many({ depthAtStart: 1 })), []],
  ['three Pods of many items did eight, and none are missing', twice(many()), []],
  ['three Pods of many items left two', twice(many({ queue: { ready: 2 } })), LEFT, { items: 2, expected: undefined }],
  [
    'Pods of many items that end when the queue is empty do not wait',
    twice(many({ job: { state: 'running', active: 2 } })),
    [],
  ],
  [
    'Pods of many items that are at it are no risk for the ack',
    twice(many({ job: { state: 'running', active: 3 }, queue: { ready: 3 }, witness: { ackTimeoutMs: 1000 } })),
    [],
  ],
]);

// The deadline.

const LATE = { state: 'failed', reason: 'DeadlineExceeded', active: 0 } as const;

holds([
  [
    'what is left at the deadline',
    twice({ job: { ...LATE, succeeded: 3 }, queue: { ready: 5 } }),
    LEFT,
    { items: 5, reason: 'DeadlineExceeded' },
  ],
  ['nothing is left at the deadline', twice({ job: { ...LATE, succeeded: 8 } }), []],
  [
    'a deadline deletes what runs, and loses no logs of failures',
    twice({ job: { ...LATE, succeeded: 8, failed: 2 } }),
    [],
  ],
  [
    'too many failures tell what is left by themselves',
    twice({
      job: { state: 'failed', reason: 'BackoffLimitExceeded', active: 0, failed: 1 },
      queue: { ready: 8 },
      pods: [{ phase: 'failed' }],
    }),
    ['backoff-exhausted'],
  ],
]);

// The time that an ack may take.

const SLOW = { name: 'j-s', phase: 'failed', exitCode: 1, started: 1000, finished: 61_000 } as const;
const working = (given: LookGiven): RunLook[] => twice({ queue: { ready: 3, unacked: 2, consumers: 2 }, ...given });
const ACK = ['ack-timeout-risk'];

holds([
  [
    'a Pod that failed after the timeout',
    working({ pods: [SLOW], witness: { ackTimeoutMs: 60_000 } }),
    ACK,
    { pod: 'j-s', tookMs: 60_000, timeoutMs: 60_000 },
  ],
  ['a Pod that failed before the timeout', working({ pods: [SLOW], witness: { ackTimeoutMs: 60_001 } }), []],
  [
    'a Pod that failed late with another exit code',
    working({ pods: [{ ...SLOW, exitCode: 3 }], witness: { ackTimeoutMs: 60_000 } }),
    [],
  ],
  [
    'a Pod that ended well, late: its ack was taken',
    working({ pods: [{ ...SLOW, phase: 'succeeded', exitCode: 0 }], witness: { ackTimeoutMs: 60_000 } }),
    [],
  ],
  [
    'a Pod whose times are unknown',
    working({ pods: [{ ...SLOW, started: undefined, finished: undefined }], witness: { ackTimeoutMs: 60_000 } }),
    [],
  ],
  [
    'half of the timeout is gone',
    working({ longest: { pod: 'j', ms: 900_000 }, witness: { ackTimeoutMs: 1_800_000 } }),
    ACK,
    { pod: 'j', tookMs: 900_000 },
  ],
  [
    'less than half of the timeout is gone',
    working({ longest: { pod: 'j', ms: 899_999 }, witness: { ackTimeoutMs: 1_800_000 } }),
    [],
  ],
  ['the timeout is unknown', working({ longest: { pod: 'j', ms: 9_000_000 } }), []],
  ['nobody knows how long a Pod has been at its item', working({ witness: { ackTimeoutMs: 1 } }), []],
]);

// A queue that was deleted, and is there again.

const RENEWED: LookGiven = {
  queueWasMissing: true,
  queue: { ready: 2, unacked: 0, consumers: 0 },
  pods: [{}, {}],
};
const NOT_CONSUMING = ['pods-not-consuming'];

holds([
  ['Pods wait on the queue that was deleted', twice(RENEWED), NOT_CONSUMING, { ready: 2, active: 2 }],
  ['one look at Pods that do not consume is not enough', [look(RENEWED)], []],
  [
    'Pods without consumers get their messages one by one where no queue was deleted',
    twice({ ...RENEWED, queueWasMissing: false }),
    [],
  ],
  ['a Pod that consumes the new queue', twice({ ...RENEWED, queue: { ready: 2, unacked: 0, consumers: 1 } }), []],
  [
    'nothing is in the new queue',
    twice({ ...RENEWED, depthAtStart: 0, queue: { ready: 0, unacked: 0, consumers: 0 } }),
    [],
  ],
  ['a Pod that is only starting will find the new queue', twice({ ...RENEWED, pods: [{}, { phase: 'waiting' }] }), []],
  [
    'other Pods than before',
    [look(RENEWED), look({ ...RENEWED, at: 5000, pods: [{ name: 'new' }, { name: 'newer' }] })],
    [],
  ],
]);

// Items that are shorter than their Pods' start.

const times = (count: number, startUp: number, work: number): PodTimes[] =>
  Array.from({ length: count }, (_, i) => ({ created: i, begun: i + startUp, finished: i + startUp + work }));
const timed = (podTimes: PodTimes[], given: LookGiven = {}): RunLook[] =>
  twice(done(given)).map(one => ({ ...one, podTimes }));
const SHORT = ['items-too-short-for-a-pod'];

holds([
  [
    'ten Pods that started for longer than they worked',
    timed(times(10, 2000, 500)),
    SHORT,
    { pods: 10, startUpMs: 2000, workMs: 500 },
  ],
  ['nine Pods are too few to say so', timed(times(9, 2000, 500)), []],
  ['Pods that worked as long as they started', timed(times(10, 2000, 2000)), []],
  ['Pods that worked for longer', timed(times(20, 2000, 60_000)), []],
  ['Pods that took many items', timed(times(10, 2000, 500), { job: { completions: undefined } }), []],
  ['Pods whose beginning nobody saw', timed(times(10, 2000, 500).map(one => ({ ...one, begun: undefined }))), []],
]);

// A Job that failed for want of its queue.

const GONE = { exists: false, ready: undefined, unacked: undefined };
const FAILED = { state: 'failed', reason: 'BackoffLimitExceeded', active: 0, failed: 3 } as const;
const failing = (given: LookGiven): RunLook[] => [
  look({ queue: GONE, job: { failed: 2 }, pods: [{}] }),
  ...[1000, 6000].map(at => look({ at, job: FAILED, pods: [{ phase: 'failed' }], ...given })),
];

holds([
  ['a Job that failed without its queue', failing({ queue: GONE }), ['backoff-exhausted', 'queue-missing']],
  ['a Job that failed with its queue', failing({ queue: { ready: 8 } }), ['backoff-exhausted']],
  ['a failed Job that was first seen without its queue', failing({ queue: GONE }).slice(1), ['backoff-exhausted']],
  [
    'a complete Job whose queue has been deleted',
    failing({ queue: GONE, job: { state: 'complete', succeeded: 8, active: 0 } }),
    [],
  ],
]);
