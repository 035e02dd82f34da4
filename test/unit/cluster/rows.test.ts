import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { ANNOTATION, toJobRow, toPodRow } from '../../../src/cluster/index.ts';

const at = (text: string) => text as unknown as Date;
const T0 = at('2026-01-02T03:04:05Z');
const T1 = at('2026-01-02T03:05:05Z');
const MS0 = Date.parse('2026-01-02T03:04:05Z');

function job(change: Partial<V1Job> & { annotations?: Record<string, string> } = {}): V1Job {
  const { annotations, ...rest } = change;
  return {
    metadata: { uid: 'u', name: 'job-wq-1', namespace: 'n', creationTimestamp: T0, annotations },
    spec: {
      completions: 8,
      parallelism: 2,
      template: { spec: { containers: [{ name: 'c', env: [{ name: 'QUEUE', value: 'job1' }] }] } },
    },
    ...rest,
  };
}

test('a Job just created has numbers, not gaps', () => {
  assert.deepEqual(toJobRow(job()), {
    uid: 'u',
    name: 'job-wq-1',
    namespace: 'n',
    state: 'running',
    reason: undefined,
    message: undefined,
    completions: 8,
    parallelism: 2,
    succeeded: 0,
    failed: 0,
    active: 0,
    ready: 0,
    created: MS0,
    started: undefined,
    finished: undefined,
    queue: 'job1',
    run: undefined,
    depthAtStart: undefined,
  });
});

test('the ledger of a run is read from the annotations, and a depth that is no number is unknown', () => {
  const annotations = { [ANNOTATION.queue]: 'other', [ANNOTATION.run]: 'r', [ANNOTATION.depth]: '8' };
  const row = toJobRow(job({ annotations }));
  assert.deepEqual([row.queue, row.run, row.depthAtStart], ['other', 'r', 8]);
  for (const depth of ['', '-1', '8e3', 'eight', '99999999999999999']) {
    assert.equal(toJobRow(job({ annotations: { [ANNOTATION.depth]: depth } })).depthAtStart, undefined, depth);
  }
});

test('a Job is complete, failed or suspended when its conditions say so, with the reason and the time', () => {
  const complete = toJobRow(
    job({
      status: {
        startTime: T0,
        completionTime: T1,
        succeeded: 8,
        conditions: [
          { type: 'SuccessCriteriaMet', status: 'True' },
          { type: 'Complete', status: 'True', lastTransitionTime: T1 },
        ],
      },
    }),
  );
  assert.deepEqual([complete.state, complete.started, complete.finished], ['complete', MS0, MS0 + 60_000]);
  const failed = toJobRow(
    job({
      status: {
        failed: 7,
        conditions: [
          { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'm', lastTransitionTime: T1 },
        ],
      },
    }),
  );
  assert.deepEqual([failed.state, failed.reason, failed.finished], ['failed', 'BackoffLimitExceeded', MS0 + 60_000]);
  const ending = toJobRow(
    job({ status: { conditions: [{ type: 'FailureTarget', status: 'True', reason: 'DeadlineExceeded' }] } }),
  );
  assert.deepEqual([ending.state, ending.reason, ending.finished], ['running', 'DeadlineExceeded', undefined]);
  const resumed = toJobRow(job({ status: { conditions: [{ type: 'Suspended', status: 'False' }] } }));
  assert.equal(resumed.state, 'running');
  const suspended = job();
  if (suspended.spec) suspended.spec.suspend = true;
  assert.equal(toJobRow(suspended).state, 'suspended');
});

test('a Job without a number of completions, or without a queue, stays without', () => {
  const row = toJobRow(job({ spec: { parallelism: 0, template: { spec: { containers: [{ name: 'c' }] } } } }));
  assert.deepEqual([row.completions, row.parallelism, row.queue], [undefined, 0, undefined]);
});

function pod(status: V1Pod['status'], metadata: V1Pod['metadata'] = {}): V1Pod {
  return {
    metadata: { uid: 'p', name: 'job-wq-1-abcde', creationTimestamp: T0, ...metadata },
    spec: { nodeName: 'node', containers: [{ name: 'c' }] },
    status,
  };
}

const container = (state: object, more: object = {}) => ({
  name: 'c',
  image: 'i',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...more,
});

const look = (row: ReturnType<typeof toPodRow>) => [row.phase, row.reason, row.exitCode, row.restarts];

test('a Pod is what its containers are', () => {
  const cases: [V1Pod['status'], unknown[]][] = [
    [{ phase: 'Pending' }, ['waiting', undefined, undefined, 0]],
    [
      { phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] },
      ['waiting', 'ContainerCreating', undefined, 0],
    ],
    [
      { phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ImagePullBackOff', message: 'm' } })] },
      ['waiting', 'ImagePullBackOff', undefined, 0],
    ],
    [
      {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }],
      },
      ['waiting', 'Unschedulable', undefined, 0],
    ],
    [{ phase: 'Running', containerStatuses: [container({ running: {} })] }, ['running', undefined, undefined, 0]],
    [
      {
        phase: 'Running',
        containerStatuses: [
          container(
            { waiting: { reason: 'CrashLoopBackOff' } },
            { restartCount: 3, lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
          ),
        ],
      },
      ['waiting', 'CrashLoopBackOff', 1, 3],
    ],
    [
      { phase: 'Succeeded', containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } })] },
      ['succeeded', undefined, 0, 0],
    ],
    [
      { phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 137, reason: 'OOMKilled' } })] },
      ['failed', 'OOMKilled', 137, 0],
    ],
    [{ phase: 'Failed', reason: 'Evicted', message: 'low on memory' }, ['failed', 'Evicted', undefined, 0]],
    [
      {
        phase: 'Pending',
        initContainerStatuses: [container({ waiting: { reason: 'ErrImagePull' } })],
        containerStatuses: [container({ waiting: { reason: 'PodInitializing' } })],
      },
      ['waiting', 'ErrImagePull', undefined, 0],
    ],
  ];
  for (const [status, expected] of cases)
    assert.deepEqual(look(toPodRow(pod(status))), expected, JSON.stringify(status));
});

test('a Pod belongs to the Job that owns it, and is ending when it is being deleted', () => {
  const owned = toPodRow(
    pod(
      {},
      {
        deletionTimestamp: T1,
        ownerReferences: [{ kind: 'Job', uid: 'j', name: 'x', apiVersion: 'batch/v1', controller: true }],
      },
    ),
  );
  assert.deepEqual([owned.jobUid, owned.terminating], ['j', true]);
  assert.equal(toPodRow(pod({}, { labels: { 'batch.kubernetes.io/controller-uid': 'k' } })).jobUid, 'k');
  assert.equal(toPodRow(pod({})).jobUid, undefined);
});

test('a Pod is finished when its last container is', () => {
  const ended = (finishedAt: Date) => container({ terminated: { exitCode: 0, finishedAt } });
  assert.equal(toPodRow(pod({ containerStatuses: [ended(T0), ended(T1)] })).finished, MS0 + 60_000);
  assert.equal(toPodRow(pod({ containerStatuses: [ended(T0), container({ running: {} })] })).finished, undefined);
});
