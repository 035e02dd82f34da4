import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, FindingCode } from '../../../src/workload/findings.ts';

const { findingText } = await import('../../../src/ui/findingText.ts');

const finding = (code: FindingCode, proof: Finding['proof'], more: Partial<Finding> = {}): Finding => ({
  code,
  severity: 'has-gone-wrong',
  proof,
  remedies: [],
  ...more,
});

const words = (code: FindingCode, proof: Finding['proof'], more: Partial<Finding> = {}) => {
  const { title, why } = findingText(finding(code, proof, more));
  return `${title} ${why}`;
};

test('too few completions say how many messages would stay', () => {
  assert.equal(
    findingText(finding('completions-below-depth', { completions: 5, needed: 8, ready: 8, claimed: 0 })).title,
    'completions is 5, with 8 messages in the queue for this Job: 3 would stay there.',
  );
  assert.match(
    words('completions-below-depth', { completions: 1, needed: 5, ready: 8, claimed: 3 }),
    /8 messages ready, of which active Jobs take 3\./,
  );
});

test('too many completions say that the Job would never end, and an empty queue that it is empty', () => {
  const many = findingText(finding('completions-above-depth', { completions: 10, needed: 1, ready: 1, claimed: 0 }));
  assert.equal(many.title, 'completions is 10, with only 1 message in the queue for this Job: it would never end.');
  const empty = findingText(finding('completions-above-depth', { completions: 8, needed: 0, ready: 0, claimed: 0 }));
  assert.equal(empty.title, 'completions is 8, and the queue has no message for this Job now.');
});

test('Pods that wait for nothing say how many, for what, and why', () => {
  const proof = { owed: 2, active: 1, completions: 10, succeeded: 8, failed: 0, publishedSince: 0 };
  const known = { ...proof, depthAtStart: 8, tooMany: 2, missing: 0 };
  const text = words('waiting-on-empty-queue', known, { cause: 'too-many-completions' });
  assert.match(text, /^Waiting on an empty queue: 1 Pod, with 2 of 10 completions still to come\./);
  assert.match(text, /created with 10 completions for 8 items: 2 too many\./);
  assert.match(words('waiting-on-empty-queue', { ...known, missing: 1 }, { cause: 'taken-by-others' }), /1 item/);
  assert.doesNotMatch(words('waiting-on-empty-queue', proof), /too many/);
});

test('items that came back show the sum that proves it', () => {
  const proof = { items: 1, depthAtStart: 8, succeeded: 5, publishedSince: 0, expected: 3, ready: 4, unacked: 0 };
  assert.match(
    words('failed-item-counted-as-done', proof),
    /^1 item came back .*In numbers: 8 at the start, 5 done, 3 should be left, 4 ready\./,
  );
  assert.match(
    words('failed-item-counted-as-done', { ...proof, items: 4, publishedSince: 2, expected: -1, unacked: 1 }),
    /2 published since, 5 done, 0 should be left, 4 ready, 1 unacked/,
  );
});

test('the same code says what is so before a run and during one', () => {
  assert.match(words('queue-missing', { queue: 'job1' }), /^Queue job1 does not exist\./);
  assert.match(words('queue-missing', { active: 2, succeeded: 3 }), /2 Pods without work/);
  assert.match(words('logs-lost-on-failure', { backoffLimit: 6 }), /^After 6 failures/);
  assert.match(words('logs-lost-on-failure', { backoffLimit: 0 }), /^After 1 failure Kubernetes/);
  assert.match(
    words('backoff-limit-low', { backoffLimit: 0, completions: 120 }),
    /the failure of 1 Pod among 120 ends/,
  );
  assert.match(words('logs-lost-on-failure', { failed: 7 }), /^The failed Pods are gone \(7\)/);
});

test('what works here and fails from Pods is named as such, with its cause', () => {
  assert.match(words('login-from-loopback-only', { user: 'guest' }), /^Works from here, fails from Pods: user guest/);
  const unreachable = (name: string, more = {}) => words('unreachable-from-pods', { host: 'mq', name, ...more });
  assert.match(unreachable('loopback'), /^Works from here, fails from Pods: mq is, in a Pod, the Pod itself\./);
  assert.match(unreachable('unknown'), /does not resolve there\. No Service of that name/);
  assert.match(
    unreachable('unknown', { variable: 'MQ_SERVICE_HOST', address: '10.1.2.3' }),
    /MQ_SERVICE_HOST is 10\.1/,
  );
  assert.match(unreachable('resolves'), /nothing answers at mq there\. A NetworkPolicy/);
});

test('amounts of memory are said in units, and an unknown one as unknown', () => {
  const proof = { pod: 'rabbitmq-0', limit: 512_000_000, watermark: 2 ** 30 };
  assert.match(words('memory-limit-below-watermark', proof), /may use 488 MiB, .* only from 1 GiB\./);
  assert.match(words('broker-alarm', { alarm: 'memory', node: 'a', limit: 2 ** 29 }), /unknown in use, .* 512 MiB\./);
  assert.match(words('broker-alarm', { alarm: 'disk', node: 'a', free: 2 ** 20, limit: 50_000_000 }), /1 MiB free/);
  assert.match(words('broker-alarm', { alarm: 'disk' }), /^Disk alarm: the broker holds publishers back\./);
  assert.match(words('broker-version', { version: '4.0.5', maxMessageBytes: 2 ** 24, deliveryLimit: 20 }), /16 MiB/);
});

test('a name from the cluster cannot turn the text around or colour it', () => {
  assert.match(
    words('image-pull', { pods: 1, pod: 'pod\u202e-1', reason: '\x1b[31mErrImagePull' }),
    /^The image cannot be had\. ErrImagePull: 1 Pod, first pod-1\./,
  );
});

test('an image that cannot be had is told of with its cause and what mends it', () => {
  const proof = { pods: 2, pod: 'pod-1', reason: 'ImagePullBackOff' };
  assert.match(
    words('image-pull', { ...proof, trouble: 'not-found', message: 'r/w:1: not found' }),
    /^The registry does not have the image\. ImagePullBackOff: 2 Pods, first pod-1\. Push it, or correct its name/,
  );
  assert.match(
    words('image-pull', { ...proof, trouble: 'no-access' }),
    /kubectl create secret docker-registry .*imagePull/,
  );
  assert.match(
    words('image-pull', { ...proof, trouble: 'wrong-architecture' }),
    /Build and Push builds it for the nodes/,
  );
  assert.match(
    words('image-pull', { ...proof, trouble: 'needs-object', message: 'secret "a"\n not\u202e found' }),
    /The cluster says: secret "a" not found$/,
  );
  assert.match(words('image-pull', { ...proof, message: 'something new' }), /The cluster says: something new$/);
});

test('every finding has words, also where a number is not known', () => {
  const codes: FindingCode[] = [
    'completions-below-depth',
    'completions-above-depth',
    'waiting-on-empty-queue',
    'failed-item-counted-as-done',
    'items-left-behind',
    'queue-missing',
    'broker-unreachable',
    'depth-unknown',
    'foreign-consumers',
    'ack-timeout-risk',
    'worker-hides-failures',
    'placeholder-image',
    'image-pull',
    'pod-unschedulable',
    'backoff-exhausted',
    'plaintext-credentials',
    'logs-lost-on-failure',
    'items-too-short-for-a-pod',
    'login-from-loopback-only',
    'unreachable-from-pods',
    'broker-node-down',
    'broker-alarm',
    'broker-oom-killed',
    'memory-limit-below-watermark',
    'data-on-emptydir',
    'guest-credentials',
    'broker-version',
    'broker-not-here',
    'policy-cannot-work',
    'backoff-limit-low',
    'parallelism-above-completions',
    'ttl-missing',
    'ttl-too-short',
  ];
  for (const code of codes) {
    const { title, why } = findingText(finding(code, {}));
    assert.doesNotMatch(`${title} ${why}`, /undefined|NaN|\{\d\}/, code);
    assert.ok(title.length > 10 && why.length > 10, code);
  }
});
