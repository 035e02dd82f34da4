import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobDescription } from '../../../src/cluster/index.ts';

const { jobDescription } = await import('../../../src/ui/jobDescription.ts');

const now = new Date(2026, 2, 1, 13, 5, 0).getTime();
const second = 1000;

const described: JobDescription = {
  job: {
    uid: 'u1',
    name: 'job-wq-1',
    namespace: 'fruit',
    state: 'running',
    reason: undefined,
    message: undefined,
    completions: 8,
    parallelism: 2,
    succeeded: 5,
    failed: 0,
    active: 1,
    ready: 1,
    created: now - 60 * second,
    started: now - 60 * second,
    finished: undefined,
    queue: 'job1',
    run: 'r1',
    depthAtStart: 8,
  },
  spec: {
    labels: {},
    annotations: {},
    completionMode: 'NonIndexed',
    backoffLimit: 6,
    restartPolicy: 'Never',
    activeDeadlineSeconds: undefined,
    ttlSecondsAfterFinished: undefined,
    nodeSelector: {},
    completedIndexes: undefined,
    failedIndexes: undefined,
    containers: [
      { name: 'c', image: 'localhost:5000/job-wq-1', command: [], env: [], requests: {}, limits: {}, mounts: [] },
    ],
  },
  conditions: [],
  pods: [
    {
      uid: 'p1',
      jobUid: 'u1',
      name: 'job-wq-1-abcde',
      phase: 'running',
      reason: undefined,
      exitCode: undefined,
      restarts: 0,
      terminating: false,
      containers: ['c'],
      created: now - 12 * second,
      started: now - 10 * second,
      finished: undefined,
      ip: undefined,
      node: 'node-1',
      message: undefined,
    },
  ],
  events: [
    {
      at: now - 12 * second,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      object: 'Job/job-wq-1',
      message: 'Created pod:\n job-wq-1-abcde \u202eevil\x1b[31m',
      count: 3,
    },
  ],
};

test('Describe Job is a page with counts, Pods and events', () => {
  const queue = {
    name: 'job1',
    type: 'classic',
    durable: true,
    ready: 2,
    unacked: 1,
    consumers: 1,
    at: now,
    sample: { ready: 2, unacked: 1, at: 0 },
  };
  const finding = {
    code: 'foreign-consumers',
    severity: 'worth-knowing',
    proof: { consumers: 3, active: 1, parallelism: 2 },
    remedies: [{ action: 'test-broker', numbers: {} }],
  } as const;
  const findings = [{ ...finding, remedies: [...finding.remedies] }];
  assert.equal(
    jobDescription(described, 'lab', { queue, findings }, now),
    `Job job-wq-1
  State               active: 5 of 8 done, 1 running
  Context             lab
  Namespace           fruit
  Queue               job1: 2 ready, 1 unacked, 1 consumer
  Ready at the start  8
  completions         8
  parallelism         2
  backoffLimit        6
  restartPolicy       Never
  Created             13:04:00
  Run                 r1
  As of               13:05:00

Findings
  ! The queue has 3 consumers, and this Job has 2 Pods.
    Someone else takes messages that the Job counts on; its last Pods may then wait for ever.
    → Test Broker

Containers
  c: localhost:5000/job-wq-1

Pods
  job-wq-1-abcde  running for 10 s  node-1

Events
  13:04:48  Normal  SuccessfulCreate  Job/job-wq-1  Created pod: job-wq-1-abcde evil (×3)
`,
  );
});

test('a finding has all that can be done about it, as below its Job', () => {
  const finding = {
    code: 'pods-not-consuming',
    severity: 'has-gone-wrong',
    proof: { queue: 'job1', ready: 3 },
    remedies: [{ action: 'show-log', numbers: {} }],
  } as const;
  const findings = [{ ...finding, remedies: [...finding.remedies] }];
  const page = jobDescription(described, 'lab', { queue: undefined, findings }, now);
  assert.match(page, / {4}→ Replace the Job by One for 3…\n {4}→ Show All Logs\n/);
});

test('a Job that no one watches is described without findings', () => {
  const page = jobDescription(described, 'lab', undefined, now);
  assert.match(page, /Queue {15}job1\n/);
  assert.doesNotMatch(page, /Findings/);
});

test('what the Job says of its Pods and its limits is there, without passwords, and which logs outlast their Pods', () => {
  const [container] = described.spec.containers;
  assert.ok(container);
  const spec: JobDescription['spec'] = {
    ...described.spec,
    labels: { team: 'fruit' },
    annotations: {
      note: 'ask amqp://user:secret@host',
      'kubectl.kubernetes.io/last-applied-configuration': '{"all": "of it"}',
      'work-queue.vscode/run': 'r1',
    },
    completionMode: 'Indexed',
    activeDeadlineSeconds: 600,
    ttlSecondsAfterFinished: 0,
    nodeSelector: { disk: 'ssd' },
    completedIndexes: '0-4',
    failedIndexes: '5',
    containers: [
      {
        ...container,
        command: ['consume', '--url=amqp://user:secret@host'],
        env: [
          { name: 'QUEUE', value: 'job1', from: undefined },
          { name: 'BROKER_URL', value: '', from: 'secretKeyRef rabbitmq-broker/url' },
          { name: 'OLD_URL', value: 'amqp://user:secret@host', from: undefined },
        ],
        requests: { cpu: '100m' },
        limits: { cpu: '1', memory: '64Mi' },
        mounts: [{ path: '/data', kind: 'secret', name: 'keys' }],
      },
    ],
  };
  const log = {
    podUid: 'gone',
    pod: 'job-wq-1-fghij',
    container: 'c',
    attempt: 1,
    jobUid: 'u1',
    job: 'job-wq-1',
    namespace: 'fruit',
    context: 'lab',
    phase: 'failed',
    reason: undefined,
    exitCode: 3,
    started: 1,
    finished: 2,
    keptAt: 3,
    leftOut: 0,
    missed: undefined,
  } as const;
  const kept = [
    log,
    { ...log, podUid: 'lost', pod: 'job-wq-1-klmno', attempt: 0, missed: 'gone' },
    { ...log, podUid: 'p1' },
  ];
  const page = jobDescription({ ...described, spec }, 'lab', undefined, now, kept);
  assert.match(page, /completionMode +Indexed\n +activeDeadlineSeconds +600\n +ttlSecondsAfterFinished +0\n/);
  assert.match(page, / {4}requests: cpu 100m\n {4}limits: cpu 1, memory 64Mi\n {4}QUEUE=job1\n/);
  assert.match(page, / {4}BROKER_URL=\(secretKeyRef rabbitmq-broker\/url\)\n/);
  assert.match(page, / {4}\/data: secret keys\n/);
  assert.match(page, /Indexes done +0-4\n +Indexes failed +5\n +nodeSelector +disk=ssd\n/);
  assert.match(page, /Labels\n {2}team {2}fruit\n/);
  assert.match(page, /Annotations\n {2}note {2}ask [^\n]*\n\n/);
  assert.doesNotMatch(page, /secret@|of it/);
  assert.match(
    page,
    /Pods that are gone\n {2}job-wq-1-fghij \/2 {2}exit code 3 {2}its log is kept: Show All Logs\n {2}job-wq-1-klmno +exit code 3 {2}its log is lost\n\n/,
  );
});

test('which item went to which Pod is told where the worker tells it, the failed ones first', () => {
  const items = [
    { pod: 'job-wq-1-aaaaa', item: 'apple', outcome: 'done', seconds: 1.5, running: false },
    { pod: 'job-wq-1-bbbbb', item: 'banana', outcome: 'failed', exitCode: 3, seconds: 0.2, running: false },
  ] as const;
  const account = { logs: 2, silent: 0, cut: 0, lost: 0, older: 0 };
  const page = jobDescription(described, 'lab', undefined, now, [], { ...account, items: [...items] });
  assert.match(
    page,
    /Items\n {2}1 done, 1 failed\n {2}banana {2}job-wq-1-bbbbb {2}failed \(exit code 3\) {2}0\.2 s\n {2}apple +job-wq-1-aaaaa {2}done +1\.5 s\n {2}A failed item is not acknowledged/,
  );
  assert.doesNotMatch(jobDescription(described, 'lab', undefined, now, [], { ...account, items: [] }), /Items/);
});

test('a Job that failed says so once, and one that was suspended first when it was started', () => {
  const failed = {
    ...described.job,
    state: 'failed',
    reason: 'BackoffLimitExceeded',
    started: now - 30 * second,
  } as const;
  const page = jobDescription({ ...described, job: { ...failed, active: 0 } }, 'lab', undefined, now);
  assert.match(page, /\n {2}State +failed \(BackoffLimitExceeded\), 5 of 8 done\n/);
  assert.match(page, /\n {2}Created +13:04:00\n {2}Started +13:04:30\n/);
});
