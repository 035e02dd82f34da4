import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BrokerLook,
  type BrokerNode,
  type BrokerPod,
  brokerFindings,
} from '../../../src/workload/brokerFindings.ts';
import type { FindingCode } from '../../../src/workload/findings.ts';

const GIB = 2 ** 30;
const login = { user: 'work-queue', password: 'secret', host: 'rabbitmq-service' };

const node = (given: Partial<BrokerNode> = {}): BrokerNode => ({
  name: 'rabbit@rabbitmq-0',
  memoryUsed: 0.1 * GIB,
  memoryLimit: 0.5 * GIB,
  memoryAlarm: false,
  diskFree: 20 * GIB,
  diskLimit: 50_000_000,
  diskAlarm: false,
  running: true,
  ...given,
});
const pod = (given: Partial<BrokerPod> = {}): BrokerPod => ({
  name: 'rabbitmq-0',
  memoryLimit: GIB,
  data: 'kept',
  restarts: 0,
  oomKilled: false,
  ...given,
});
const codes = (look: BrokerLook): FindingCode[] => brokerFindings(look).map(({ code }) => code);
const proofOf = (look: BrokerLook) => brokerFindings(look)[0]?.proof;

test('nothing is said of nothing, nor of a broker that is as it should be', () => {
  assert.deepEqual(brokerFindings({}), []);
  assert.deepEqual(codes({ nodes: [node()], pods: [pod()], login, tunnel: true, fromPods: { kind: 'works' } }), []);
});

test('a figure that is not known holds every verdict back', () => {
  const unknown = node({ memoryLimit: undefined, memoryAlarm: undefined, diskAlarm: undefined, running: undefined });
  assert.deepEqual(codes({ nodes: [unknown], pods: [pod({ data: undefined })] }), []);
  assert.deepEqual(codes({ nodes: [node({ memoryLimit: 2 * GIB })], pods: [pod({ memoryLimit: undefined })] }), []);
  assert.deepEqual(codes({ version: '' }), []);
});

const VERSIONS: [string, Record<string, number>][] = [
  ['3.13.7', { maxMessageBytes: 134_217_728 }],
  ['4.0.5', { maxMessageBytes: 16_777_216, deliveryLimit: 20 }],
  ['4.2.1', { maxMessageBytes: 16_777_216, deliveryLimit: 20 }],
  ['4.3.0-rc.1', { maxMessageBytes: 16_777_216, deliveryLimit: 20, refusesTransient: 1 }],
  ['5.0.0', { maxMessageBytes: 16_777_216, deliveryLimit: 20, refusesTransient: 1 }],
];
for (const [version, proof] of VERSIONS) {
  test(`RabbitMQ ${version} says what its version means`, () => {
    const [finding, ...more] = brokerFindings({ version });
    assert.deepEqual(more, []);
    assert.equal(finding?.code, 'broker-version');
    assert.equal(finding?.severity, 'worth-knowing');
    assert.deepEqual(finding?.proof, { version, ...proof });
  });
}

test('a container limit that is reached before the watermark will end the broker', () => {
  const nodes = [node({ memoryLimit: GIB })];
  const [finding] = brokerFindings({ nodes, pods: [pod()] });
  assert.equal(finding?.code, 'memory-limit-below-watermark');
  assert.equal(finding?.severity, 'will-go-wrong');
  assert.deepEqual(finding?.proof, { pod: 'rabbitmq-0', limit: GIB, watermark: GIB });
  assert.deepEqual(finding?.remedies, [{ action: 'tell-memory', numbers: { bytes: Math.floor(0.8 * GIB) } }]);
  assert.deepEqual(codes({ nodes: [node({ memoryLimit: GIB - 1 })], pods: [pod()] }), []);
});

test('in a cluster each Pod is held against its own node, whatever the order', () => {
  const nodes = [
    node({ name: 'rabbit@mq-1.mq.default.svc', memoryLimit: 0.5 * GIB }),
    node({ name: 'rabbit@mq-0.mq.default.svc', memoryLimit: 2 * GIB }),
    node({ name: 'rabbit@mq-10', memoryLimit: 9 * GIB }),
  ];
  assert.equal(proofOf({ nodes, pods: [pod({ name: 'mq-1' }), pod({ name: 'mq-0' })] })?.pod, 'mq-0');
  assert.deepEqual(codes({ nodes, pods: [pod({ name: 'mq-1' }), pod({ name: 'mq' })] }), []);
});

test('alarms say their numbers, and both can be on', () => {
  const nodes = [node(), node({ name: 'rabbit@b', memoryUsed: 0.6 * GIB, memoryAlarm: true, diskAlarm: true })];
  const found = brokerFindings({ nodes });
  assert.deepEqual(
    found.map(({ code, severity, proof }) => [code, severity, proof]),
    [
      ['broker-alarm', 'has-gone-wrong', { alarm: 'memory', node: 'rabbit@b', used: 0.6 * GIB, limit: 0.5 * GIB }],
      ['broker-alarm', 'has-gone-wrong', { alarm: 'disk', node: 'rabbit@b', free: 20 * GIB, limit: 50_000_000 }],
    ],
  );
});

test('an alarm that a connection was told of is believed before the figures of the nodes say it', () => {
  assert.deepEqual(proofOf({ blocked: 'low on memory', nodes: [node()] }), { alarm: 'memory' });
  assert.equal(brokerFindings({ blocked: 'low on memory & disk' }).length, 2);
  const told = proofOf({ blocked: 'low on disk', nodes: [node({ diskAlarm: true })] });
  assert.equal(told?.node, 'rabbit@rabbitmq-0');
});

test('a node that is down is counted among all', () => {
  const nodes = [node(), node({ name: 'rabbit@b', running: false }), node({ name: 'rabbit@c' })];
  assert.deepEqual(proofOf({ nodes }), { node: 'rabbit@b', down: 1, nodes: 3 });
});

test('a broker that the kernel has ended is said before what is only worth knowing', () => {
  const pods = [pod({ oomKilled: true, restarts: 2, data: 'emptyDir' })];
  assert.deepEqual(codes({ version: '4.0.5', pods }), ['broker-oom-killed', 'data-on-emptydir', 'broker-version']);
  assert.deepEqual(proofOf({ pods }), { pod: 'rabbitmq-0', restarts: 2, limit: GIB });
});

test('messages that go with the Pod, or with its container, are told apart', () => {
  assert.deepEqual(proofOf({ pods: [pod({ data: 'emptyDir' })] }), { pod: 'rabbitmq-0', pods: 1, volume: 'emptyDir' });
  const both = [pod({ data: 'emptyDir' }), pod({ name: 'rabbitmq-1', data: 'container' }), pod({ name: 'rabbitmq-2' })];
  assert.deepEqual(proofOf({ pods: both }), { pod: 'rabbitmq-0', pods: 2, volume: 'container' });
});

test('guest:guest is known to everybody; a URL without a user means it too', () => {
  const guest = { user: 'guest', password: 'guest', host: 'mq' };
  assert.deepEqual(codes({ login: guest }), ['guest-credentials']);
  assert.deepEqual(codes({ login: { ...guest, user: undefined, password: undefined } }), ['guest-credentials']);
  assert.deepEqual(codes({ login: { ...guest, password: 'other' } }), []);
  assert.deepEqual(codes({ login }), []);
  assert.ok(!JSON.stringify(brokerFindings({ login: { ...login, user: 'guest' } })).includes('secret'));
});

test('the login that works here and is refused in a Pod is one from loopback, if a port-forward led there', () => {
  const guest = { user: undefined, password: undefined, host: 'mq' };
  const look: BrokerLook = { login: guest, tunnel: true, fromPods: { kind: 'refused' } };
  const [finding] = brokerFindings(look);
  assert.equal(finding?.code, 'login-from-loopback-only');
  assert.equal(finding?.severity, 'has-gone-wrong');
  assert.deepEqual(finding?.proof, { user: 'guest' });
  assert.deepEqual(
    finding?.remedies.map(({ action }) => action),
    ['make-broker-user', 'allow-remote-login'],
  );
  assert.deepEqual(codes({ ...look, tunnel: false }), ['guest-credentials']);
  assert.deepEqual(codes({ ...look, login }), ['login-from-loopback-only']);
});

test('a broker that Pods cannot reach says whether its name, its address or the way is at fault', () => {
  const unreachable = (more: object) =>
    brokerFindings({ login, fromPods: { kind: 'unreachable', name: 'unknown', ...more } })[0];
  assert.deepEqual(unreachable({})?.proof, { host: 'rabbitmq-service', name: 'unknown' });
  assert.deepEqual(unreachable({})?.remedies, []);
  const variable = { variable: 'RABBITMQ_SERVICE_SERVICE_HOST', address: '10.96.0.7' };
  assert.deepEqual(unreachable(variable)?.proof, { host: 'rabbitmq-service', name: 'unknown', ...variable });
  assert.deepEqual(unreachable(variable)?.remedies, [{ action: 'use-service-variable', numbers: {} }]);
  assert.deepEqual(unreachable({ name: 'resolves', ...variable })?.proof, {
    host: 'rabbitmq-service',
    name: 'resolves',
  });
});
