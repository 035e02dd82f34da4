import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Finding, type FindingCode, findings } from '../../../src/workload/findings.ts';
import type { RunLook } from '../../../src/workload/ledger.ts';
import { type LookGiven, look, twice } from './look.ts';

const codes = (looks: RunLook[]): FindingCode[] => findings({ looks }).map(finding => finding.code);
const only = (looks: RunLook[]): Finding => {
  const [finding, ...more] = findings({ looks });
  assert.deepEqual(more, []);
  assert.ok(finding);
  return finding;
};

// Waiting on an empty queue.

/** Eight items done, ten completions: two Pods wait. */
const WAITING: LookGiven = { job: { completions: 10, succeeded: 8, active: 2 }, queue: { consumers: 2 } };

test('two Pods wait because two completions are too many: the numbers, and what can be done', () => {
  assert.deepEqual(only(twice(WAITING)), {
    code: 'waiting-on-empty-queue',
    severity: 'has-gone-wrong',
    cause: 'too-many-completions',
    proof: {
      owed: 2,
      active: 2,
      completions: 10,
      succeeded: 8,
      failed: 0,
      publishedSince: 0,
      consumers: 2,
      depthAtStart: 8,
      tooMany: 2,
      missing: 0,
    },
    remedies: [
      { action: 'delete-job', numbers: { succeeded: 8, active: 2 } },
      { action: 'publish-items', numbers: { items: 2 } },
    ],
  });
});

const HELD_BACK: [string, RunLook[]][] = [
  ['one look', [look(WAITING)]],
  ['two looks within five seconds', twice(WAITING, 4999)],
  ['a message ready', twice({ ...WAITING, depthAtStart: 9, queue: { ready: 1, consumers: 2 } })],
  ['a message unacked', twice({ ...WAITING, depthAtStart: 9, queue: { unacked: 1, consumers: 2 } })],
  ['ready unknown', [look(WAITING), look({ ...WAITING, at: 5000, queue: null })]],
  [
    'unacked unknown in the earlier look',
    [look({ ...WAITING, queue: { unacked: undefined } }), look({ ...WAITING, at: 5000 })],
  ],
  ['fewer consumers than Pods, as one is just exiting', twice({ ...WAITING, queue: { consumers: 1 } })],
  [
    'a Pod that ended well and is not counted yet',
    twice({
      ...WAITING,
      job: { completions: 8, succeeded: 7, active: 1 },
      queue: {},
      pods: Array(8).fill({ phase: 'succeeded' }),
    }),
  ],
  ['no Pod', twice({ ...WAITING, job: { completions: 10, succeeded: 8, active: 0 } })],
  ['all completions there', twice({ ...WAITING, job: { completions: 8, succeeded: 8, active: 2 } })],
  ['a Job without completions', twice({ ...WAITING, job: { completions: undefined, succeeded: 8, active: 2 } })],
  ['a suspended Job', twice({ ...WAITING, job: { ...WAITING.job, state: 'suspended' } })],
  [
    'a completion counted meanwhile',
    [look({ ...WAITING, job: { ...WAITING.job, succeeded: 7 } }), look({ ...WAITING, at: 5000 })],
  ],
  ['an item published meanwhile', [look(WAITING), look({ ...WAITING, at: 5000, publishedSince: 1 })]],
  [
    'a message seen between the two looks',
    [look(WAITING), look({ ...WAITING, at: 2500, queue: { unacked: 1 } }), look({ ...WAITING, at: 5000 })],
  ],
];
for (const [name, looks] of HELD_BACK)
  test(`nobody is said to wait: ${name}`, () => assert.deepEqual(codes(looks), []));

test('who waits is found without knowing the consumers', () => {
  const finding = only(twice({ ...WAITING, queue: { consumers: undefined } }));
  assert.deepEqual([finding.cause, 'consumers' in finding.proof], ['too-many-completions', false]);
});

test('who waits is found without D0, but not why', () => {
  const finding = only(twice({ ...WAITING, depthAtStart: undefined }));
  assert.deepEqual(
    [finding.code, finding.cause, 'tooMany' in finding.proof],
    ['waiting-on-empty-queue', undefined, false],
  );
});

/** Eight items, eight completions, seven counted, nothing left. */
const MISSING: LookGiven = { job: { succeeded: 7, active: 1 }, queue: { consumers: 1 } };
const SEVEN_DONE = Array(7).fill({ phase: 'succeeded' });

const CAUSES: [string, LookGiven, Finding['cause']][] = [
  ['a Pod failed, and nobody else took', { ...MISSING, job: { ...MISSING.job, failed: 1 } }, 'acked-without-success'],
  ['a container was restarted', { ...MISSING, pods: [{ restarts: 1 }] }, 'acked-without-success'],
  ['no Pod failed or was restarted, and all are known', { ...MISSING, pods: [{}, ...SEVEN_DONE] }, 'taken-by-others'],
  ['no Pod failed, but not all are known', { ...MISSING, pods: [{}] }, undefined],
  ['there is a consumer more than Pods', { ...MISSING, queue: { consumers: 2 } }, 'taken-by-others'],
  ['another Job takes from the queue', { ...MISSING, otherRuns: 1 }, 'taken-by-others'],
  ['another Job took from the queue', { ...MISSING, otherRunsEnded: 1 }, 'taken-by-others'],
  ['a Pod failed and another Job took', { ...MISSING, job: { ...MISSING.job, failed: 1 }, otherRuns: 1 }, undefined],
  [
    'one Pod failed, but two items are missing',
    {
      ...MISSING,
      job: { succeeded: 6, active: 2, failed: 1 },
      queue: { consumers: 2 },
      pods: [{}, {}, ...SEVEN_DONE.slice(1)],
    },
    'taken-by-others',
  ],
  [
    'more completions are too many than items missing',
    { ...MISSING, job: { completions: 10, succeeded: 7, active: 2 }, queue: { consumers: 2 } },
    'too-many-completions',
  ],
  [
    'as many completions are too many as items are missing',
    { ...MISSING, job: { completions: 9, succeeded: 7, active: 2, failed: 1 }, queue: { consumers: 2 } },
    'too-many-completions',
  ],
  [
    'more items are missing than completions too many',
    { ...MISSING, job: { completions: 9, succeeded: 5, active: 2, failed: 3 }, queue: { consumers: 2 } },
    'acked-without-success',
  ],
];
for (const [name, given, cause] of CAUSES) {
  test(`why Pods wait: ${name}`, () => assert.equal(only(twice(given)).cause, cause));
}

test('what others took is published again first; after a lost count the Job is ended first', () => {
  const taken = only(twice({ ...MISSING, queue: { consumers: 2 } }));
  assert.deepEqual(taken.remedies, [
    { action: 'publish-items', numbers: { items: 1 } },
    { action: 'delete-job', numbers: { succeeded: 7, active: 1 } },
  ]);
  const lost = only(twice({ ...MISSING, job: { ...MISSING.job, failed: 1 } }));
  assert.deepEqual(
    lost.remedies.map(remedy => remedy.action),
    ['delete-job', 'publish-items'],
  );
  assert.equal(lost.proof.missing, 1);
});

test('items published after the start are counted before completions are called too many', () => {
  const finding = only(twice({ ...WAITING, publishedSince: 2, job: { completions: 12, succeeded: 10, active: 2 } }));
  assert.deepEqual([finding.cause, finding.proof.tooMany], ['too-many-completions', 2]);
});

// Items that came back although their Pod counted as done.

const complete = (given: LookGiven): LookGiven => ({
  ...given,
  job: { state: 'complete', succeeded: 8, active: 0, ...given.job },
});

test('of eight items one failed and was counted as done: it is in the queue again', () => {
  assert.deepEqual(only(twice(complete({ queue: { ready: 1 } }))), {
    code: 'failed-item-counted-as-done',
    severity: 'has-gone-wrong',
    proof: { items: 1, depthAtStart: 8, succeeded: 8, publishedSince: 0, expected: 0, ready: 1, unacked: 0 },
    remedies: [
      { action: 'use-strict-worker', numbers: {} },
      { action: 'show-log', numbers: {} },
      { action: 'run-rest', numbers: { completions: 1 } },
    ],
  });
});

test('while the Job runs it is found as well, and there is no rest to run yet', () => {
  const finding = only(twice({ job: { succeeded: 3 }, queue: { ready: 4, unacked: 2 }, witness: { proven: 1 } }));
  assert.deepEqual([finding.code, finding.proof.items, finding.proof.expected], ['failed-item-counted-as-done', 1, 5]);
  assert.deepEqual(
    finding.remedies.map(remedy => remedy.action),
    ['use-strict-worker', 'show-log'],
  );
});

test('an item that came back and was then done is still told of', () => {
  const given: LookGiven = { job: { state: 'complete', completions: 9, succeeded: 9, active: 0 } };
  const finding = only(twice(given));
  assert.deepEqual([finding.proof.items, finding.proof.expected], [1, -1]);
  assert.deepEqual(
    finding.remedies.map(remedy => remedy.action),
    ['use-strict-worker', 'show-log'],
  );
});

test('without the unacked figure it is what is ready beyond the sum', () => {
  const given: LookGiven = { job: { succeeded: 3 }, queue: { ready: 7, unacked: undefined }, witness: { proven: 2 } };
  const finding = only(twice(given));
  assert.deepEqual([finding.proof.items, 'unacked' in finding.proof], [2, false]);
});

const NOT_BACK: [string, RunLook[]][] = [
  ['one look', [look(complete({ queue: { ready: 1 } }))]],
  ['two looks within five seconds', twice(complete({ queue: { ready: 1 } }), 4999)],
  ['a sum that fits', twice({ job: { succeeded: 3 }, queue: { ready: 3, unacked: 2 } })],
  [
    'completions counted between the looks, the queue lagging',
    [
      look({ job: { succeeded: 3 }, queue: { ready: 3, unacked: 2 } }),
      look({ at: 5000, job: { succeeded: 5 }, queue: { ready: 3, unacked: 2 } }),
    ],
  ],
  [
    'figures that were asked for too early to know of what was counted',
    [
      look({ job: { succeeded: 3 } }),
      look({ at: 6000, job: { succeeded: 3 }, queue: { ready: 4, unacked: 2, at: 4000 } }),
    ],
  ],
  ['items published meanwhile', twice({ job: { succeeded: 3 }, queue: { ready: 5, unacked: 2 }, publishedSince: 2 })],
  ['D0 unknown', twice({ job: { succeeded: 3 }, queue: { ready: 5, unacked: 2 }, depthAtStart: undefined })],
  ['ready unknown', twice(complete({ queue: { ready: undefined } }))],
  ['the queue unknown', twice(complete({ queue: null }))],
  ['another Job on the queue', twice({ job: { succeeded: 3 }, queue: { ready: 4, unacked: 2 }, otherRuns: 1 })],
  [
    'another Job on the queue that has ended',
    twice({ job: { succeeded: 3 }, queue: { ready: 4, unacked: 2 }, otherRunsEnded: 1 }),
  ],
  [
    'more too many than were counted: someone else publishes',
    twice({ job: { succeeded: 3 }, queue: { ready: 9, unacked: 2 } }),
  ],
  [
    'unacked unknown, and what is ready fits',
    twice({ job: { succeeded: 3 }, queue: { ready: 5, unacked: undefined } }),
  ],
];
for (const [name, looks] of NOT_BACK)
  test(`no item is said to have come back: ${name}`, () => assert.deepEqual(codes(looks), []));

test('what is published long after the end came back from nowhere', () => {
  const looks = [
    ...twice(complete({})),
    look({ ...complete({ queue: { ready: 8 } }), at: 600_000, publishedSince: 8 }),
  ];
  assert.deepEqual(codes(looks), []);
});

test('the verdict of an ended run stays when the next run takes the item', () => {
  const looks = [
    ...twice(complete({ queue: { ready: 1 } })),
    look({ ...complete({ queue: { unacked: 1 } }), at: 60_000, otherRuns: 1 }),
  ];
  assert.equal(only(looks).code, 'failed-item-counted-as-done');
});

// Items left behind.

const FIVE: LookGiven = { job: { state: 'complete', completions: 5, succeeded: 5, active: 0 } };

test('five completions for eight items leave three behind, and a second Job can take them', () => {
  assert.deepEqual(only(twice({ ...FIVE, queue: { ready: 3 } })), {
    code: 'items-left-behind',
    severity: 'has-gone-wrong',
    proof: {
      items: 3,
      present: 3,
      ready: 3,
      succeeded: 5,
      publishedSince: 0,
      unacked: 0,
      depthAtStart: 8,
      expected: 3,
    },
    remedies: [{ action: 'run-rest', numbers: { completions: 3 } }],
  });
});

test('beside three left behind a fourth came back: each is told, both are in the rest', () => {
  const found = findings({ looks: twice({ ...FIVE, queue: { ready: 4 } }) });
  assert.deepEqual(
    found.map(({ code, proof }) => [code, proof.items, proof.expected]),
    [
      ['failed-item-counted-as-done', 1, 3],
      ['items-left-behind', 3, 3],
    ],
  );
  for (const { remedies } of found)
    assert.deepEqual(remedies.at(-1), { action: 'run-rest', numbers: { completions: 4 } });
});

test('items published while it ran are left, but nothing went wrong', () => {
  const finding = only(twice(complete({ queue: { ready: 2 }, publishedSince: 2 })));
  assert.deepEqual([finding.code, finding.severity, finding.proof.items], ['items-left-behind', 'worth-knowing', 2]);
});

test('without D0 what is in the queue at the end is left, if the end was seen', () => {
  const given: LookGiven = { ...FIVE, queue: { ready: 3 }, depthAtStart: undefined };
  assert.deepEqual(codes(twice(given)), []);
  const finding = only([look({ at: -1000, depthAtStart: undefined }), ...twice(given)]);
  assert.deepEqual([finding.proof.items, 'expected' in finding.proof], [3, false]);
});

const NOT_LEFT: [string, RunLook[]][] = [
  ['an empty queue', twice(FIVE)],
  ['one look', [look({ ...FIVE, queue: { ready: 3 } })]],
  ['another Job that takes them', twice({ ...FIVE, queue: { ready: 3 }, otherRuns: 1 })],
  ['a queue that nobody knows', twice({ ...FIVE, queue: null })],
  ['a Job that runs', twice({ job: { succeeded: 5 }, queue: { ready: 3 } })],
  [
    'a second Job that came for the rest',
    [
      ...twice({ ...FIVE, queue: { ready: 3 } }),
      look({ ...FIVE, at: 9000, queue: { ready: 2, unacked: 1 }, otherRuns: 1 }),
    ],
  ],
  [
    'a second Job that has taken the rest',
    [...twice({ ...FIVE, queue: { ready: 3 } }), look({ ...FIVE, at: 9000, queue: { ready: 8 }, otherRunsEnded: 1 })],
  ],
  ['a queue that was emptied', [...twice({ ...FIVE, queue: { ready: 3 } }), look({ ...FIVE, at: 9000 })]],
  [
    'a queue that was deleted',
    [
      ...twice({ ...FIVE, queue: { ready: 3 } }),
      look({ ...FIVE, at: 9000, queue: { exists: false, ready: undefined, unacked: undefined } }),
    ],
  ],
];
for (const [name, looks] of NOT_LEFT) test(`nothing is left behind: ${name}`, () => assert.deepEqual(codes(looks), []));

test('items left stay left when the broker goes away, but no number of a rest is made up', () => {
  const finding = only([...twice({ ...FIVE, queue: { ready: 3 } }), look({ ...FIVE, at: 9000, queue: null })]);
  assert.deepEqual([finding.proof.items, finding.remedies], [3, []]);
});

// Pods that cannot start.

const NO_IMAGE: [string, object][] = [
  ['ErrImagePull', {}],
  ['ImagePullBackOff', {}],
  ['InvalidImageName', { trouble: 'bad-name' }],
  ['ErrImageNeverPull', { trouble: 'never-pulled' }],
];
for (const [reason, cause] of NO_IMAGE) {
  test(`a Pod that waits for ${reason} has no image`, () => {
    const pods: LookGiven['pods'] = [
      { name: 'j-a', phase: 'waiting', reason },
      { name: 'j-b', phase: 'waiting', reason },
      {},
    ];
    const finding = only([look({ queue: { ready: 8 }, pods })]);
    assert.deepEqual(
      [finding.code, finding.severity, finding.proof],
      ['image-pull', 'has-gone-wrong', { pods: 2, pod: 'j-a', reason, ...cause }],
    );
    assert.deepEqual(
      finding.remedies.map(remedy => remedy.action),
      ['build-and-push', 'set-image'],
    );
  });
}

test('the cause that a kubelet told first stays while it only says that it backs off', () => {
  const message = 'failed to resolve reference "r/w:1": r/w:1: not found';
  const pods = (reason: string, said: string): LookGiven['pods'] => [
    { name: 'j-a', phase: 'waiting', reason, message: said },
  ];
  const finding = only([
    look({ queue: { ready: 8 }, pods: pods('ErrImagePull', message) }),
    look({ at: 2000, queue: { ready: 8 }, pods: pods('ImagePullBackOff', 'Back-off pulling image "r/w:1"') }),
  ]);
  assert.deepEqual(finding.proof, { pods: 1, pod: 'j-a', reason: 'ImagePullBackOff', trouble: 'not-found', message });
});

test('Pods that lack a Secret are told of without a word of building', () => {
  const message = 'secret "rabbitmq-broker" not found';
  const finding = only([
    look({
      queue: { ready: 8 },
      pods: [{ name: 'j-a', phase: 'waiting', reason: 'CreateContainerConfigError', message }],
    }),
  ]);
  assert.deepEqual([finding.code, finding.proof.trouble, finding.remedies], ['image-pull', 'needs-object', []]);
});

test('a Pod whose program is of another architecture has failed by its image', () => {
  const finding = only([
    look({
      queue: { ready: 8 },
      pods: [{ name: 'j-a', phase: 'failed', reason: 'Error', message: 'exec /worker.py: exec format error' }],
    }),
  ]);
  assert.deepEqual([finding.code, finding.proof.trouble], ['image-pull', 'wrong-architecture']);
});

test('Pods that fit on no node are told of', () => {
  const finding = only([
    look({ queue: { ready: 8 }, pods: [{ name: 'j-a', phase: 'waiting', reason: 'Unschedulable' }] }),
  ]);
  assert.deepEqual(
    [finding.code, finding.severity, finding.proof],
    ['pod-unschedulable', 'has-gone-wrong', { pods: 1, pod: 'j-a', reason: 'Unschedulable' }],
  );
});

test('while another Pod runs, one that fits on no node may only have to wait', () => {
  const finding = only([
    look({ queue: { ready: 8 }, pods: [{ phase: 'running' }, { phase: 'waiting', reason: 'Unschedulable' }] }),
  ]);
  assert.equal(finding.severity, 'worth-knowing');
});

const PODS_WELL: [string, LookGiven][] = [
  ['a Pod that starts', { pods: [{ phase: 'waiting', reason: 'ContainerCreating' }] }],
  ['a Pod that is going', { pods: [{ phase: 'waiting', reason: 'ErrImagePull', terminating: true }] }],
  ['a Pod that failed', { pods: [{ phase: 'failed', reason: 'Error' }] }],
  ['a Job that has ended', complete({ pods: [{ phase: 'waiting', reason: 'ErrImagePull' }] })],
];
for (const [name, given] of PODS_WELL) {
  test(`nothing keeps Pods from starting: ${name}`, () =>
    assert.deepEqual(codes([look({ queue: { ready: 0 }, ...given })]), []));
}

// A Job that failed.

const FAILED: LookGiven = {
  job: { state: 'failed', reason: 'BackoffLimitExceeded', succeeded: 3, failed: 7, active: 0 },
  queue: { ready: 5 },
};

test('a Job at its limit of failures is told with its numbers, its logs and its rest', () => {
  assert.deepEqual(only([look({ ...FAILED, pods: [{ phase: 'failed' }] })]), {
    code: 'backoff-exhausted',
    severity: 'has-gone-wrong',
    proof: { failed: 7, succeeded: 3, completions: 8, ready: 5 },
    remedies: [
      { action: 'show-log', numbers: {} },
      { action: 'run-rest', numbers: { completions: 5 } },
    ],
  });
});

test('where no Pod is left there is no log to show', () => {
  assert.deepEqual(
    only([look(FAILED)]).remedies.map(remedy => remedy.action),
    ['run-rest'],
  );
});

test('when no Pod is left for a while, the logs are lost', () => {
  assert.deepEqual(codes(twice(FAILED)), ['backoff-exhausted', 'logs-lost-on-failure']);
});

test('a Job that failed for another reason is not at its limit', () => {
  for (const reason of ['DeadlineExceeded', 'PodFailurePolicy', undefined]) {
    assert.deepEqual(codes([look({ ...FAILED, job: { ...FAILED.job, reason } })]), []);
  }
});

test('a failed Job says nothing of a rest that nobody knows', () => {
  assert.deepEqual(only([look({ ...FAILED, queue: null })]), {
    code: 'backoff-exhausted',
    severity: 'has-gone-wrong',
    proof: { failed: 7, succeeded: 3, completions: 8 },
    remedies: [],
  });
});

// The queue of a running Job.

const GONE = { exists: false, ready: undefined, unacked: undefined, consumers: undefined };

test('a queue that was deleted under its Pods leaves them waiting for ever', () => {
  assert.deepEqual(only(twice({ job: { succeeded: 3 }, queue: GONE })), {
    code: 'queue-missing',
    severity: 'has-gone-wrong',
    proof: { active: 2, succeeded: 3 },
    remedies: [
      { action: 'delete-job', numbers: { succeeded: 3, active: 2 } },
      { action: 'create-queue', numbers: {} },
    ],
  });
});

test('where unacked is not known, it is said that nobody can tell who waits', () => {
  assert.deepEqual(only(twice({ ...WAITING, queue: { unacked: undefined } })), {
    code: 'depth-unknown',
    severity: 'worth-knowing',
    proof: { unknown: 'unacked', owed: 2, active: 2 },
    remedies: [],
  });
});

test('where nothing is known of the queue, that is said', () => {
  assert.deepEqual(only(twice({ ...WAITING, queue: null })).proof, { unknown: 'ready', owed: 2, active: 2 });
});

test('more consumers than the Job can have Pods are others', () => {
  const finding = only(twice({ job: { succeeded: 3 }, queue: { ready: 3, unacked: 2, consumers: 4 } }));
  assert.deepEqual(
    [finding.code, finding.severity, finding.proof],
    ['foreign-consumers', 'worth-knowing', { consumers: 4, active: 2, parallelism: 2 }],
  );
});

const QUEUE_WELL: [string, RunLook[]][] = [
  ['a missing queue seen once', [look({ queue: { ready: 8 } }), look({ at: 5000, queue: GONE })]],
  ['as many consumers as Pods', twice({ queue: { ready: 6, unacked: 2, consumers: 2 } })],
  [
    'a consumer of a Pod that is going',
    twice({ queue: { ready: 6, unacked: 2, consumers: 3 }, pods: [{ terminating: true }] }),
  ],
  [
    'more consumers once',
    [
      look({ queue: { ready: 6, unacked: 2, consumers: 3 } }),
      look({ at: 5000, queue: { ready: 6, unacked: 2, consumers: 2 } }),
    ],
  ],
  ["another Job's consumers", twice({ queue: { ready: 6, unacked: 2, consumers: 4 }, otherRuns: 1 })],
  ['unacked unknown while messages are ready', twice({ queue: { ready: 6, unacked: undefined } })],
  [
    'a figure that was unknown once',
    [
      look({ ...WAITING, queue: { unacked: undefined } }),
      look({ ...WAITING, depthAtStart: 9, at: 5000, queue: { ready: 1 } }),
    ],
  ],
  ['a missing queue of a complete Job', twice(complete({ queue: GONE }))],
];
for (const [name, looks] of QUEUE_WELL)
  test(`nothing is wrong with the queue: ${name}`, () => assert.deepEqual(codes(looks), []));

test('the gravest is told first', () => {
  const pods: LookGiven['pods'] = [{ phase: 'running' }, { phase: 'waiting', reason: 'Unschedulable' }];
  const found = findings({ looks: twice({ ...WAITING, pods }), brokerError: { reason: 'timeout' } });
  assert.deepEqual(
    found.map(finding => finding.severity),
    ['has-gone-wrong', 'has-gone-wrong', 'worth-knowing'],
  );
});
