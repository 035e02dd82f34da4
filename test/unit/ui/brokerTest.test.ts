import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BrokerCheckResult, BrokerError } from '../../../src/broker/index.ts';
import type { PodCheckResult } from '../../../src/cluster/index.ts';
import { brokerFindings } from '../../../src/workload/brokerFindings.ts';

const { editorChecks, podChecks } = await import('../../../src/ui/commands/broker/testChecks.ts');
const { testReport } = await import('../../../src/ui/commands/broker/testReport.ts');

const passed = (check: BrokerCheckResult['check']): BrokerCheckResult => ({ check, ok: true, milliseconds: 3.4 });
const names = { host: 'mq', variable: 'MQ_SERVICE_HOST' };
const fromPod = (...lines: string[]) =>
  podChecks(
    lines.map(line => {
      const [check = '', state = '', ...detail] = line.split(' ');
      return { check, state, detail: detail.join(' ') } as PodCheckResult;
    }),
    names,
  );

test('a test reads as a list of checks, each with what it proves and what came of it', () => {
  const error = new BrokerError('no-permission', 'write');
  const editor = editorChecks([
    passed('connect'),
    { check: 'permissions', ok: false, milliseconds: 2, error, missing: ['configure', 'write'] },
  ]);
  const text = testReport(
    {
      display: 'amqp://guest@mq:5672',
      version: '4.0.5',
      service: 'mq',
      namespace: 'farm',
      summary: 'It works.',
      editor,
      pod: fromPod('name ok 10.96.0.7', 'tools absent amqp-publish'),
      findings: brokerFindings({ login: { user: 'guest', password: 'guest', host: 'mq' } }),
      notKnown: ['not known: memory'],
    },
    new Date(2026, 2, 1, 15, 4, 5).getTime(),
  );
  const lines = text.split('\n');
  assert.deepEqual(lines.slice(0, 14), [
    'amqp://guest@mq:5672',
    'RabbitMQ 4.0.5, tested at 15:04:05',
    'It works.',
    '',
    'From the editor, by a port-forward to Service mq: the broker sees 127.0.0.1',
    '  ✓ Connect and log in: 3 ms',
    '      So the address, the user and the password are right.',
    '  ✗ Ask for the user’s rights',
    '      The user lacks: configure, write. RabbitMQ gives rights by names; this was asked for a queue whose name',
    '        begins with work-queue-test-.',
    '      It would prove: the user may configure, write and read: create queues, publish and take messages.',
    '  – Create a queue: not tried, an earlier check failed',
    '      It would prove: the broker takes a durable queue; this one would go by itself after a minute.',
    '  – Publish a message: not tried, an earlier check failed',
  ]);
  assert.deepEqual(lines.slice(lines.indexOf('From a Pod in namespace farm, as a worker')), [
    'From a Pod in namespace farm, as a worker',
    '  ✓ Resolve the name mq: 10.96.0.7',
    '      So the cluster’s DNS knows the broker: workers find it by this name.',
    '  – Find amqp-tools in the image',
    '      amqp-tools are not at hand (amqp-publish is missing), so the round trip was not tried from a Pod',
    '      It would prove: the image has what the documentation’s worker uses; the next checks are made with it.',
    '',
    'Findings',
    '  i mq is used with user guest and password guest.',
    '      Everybody knows them: who reaches the port may read and delete every queue.',
    '      → Make a user of your own (rabbitmqctl add_user, set_permissions) and put its URL into BROKER_URL',
    '  – not known: memory',
    '',
  ]);
});

test('a round trip that breaks off says what was not tried, and what was too late', () => {
  const checks = fromPod('name ok 10.0.0.1', 'tools ok', 'declare ok', 'publish ok', 'get late', 'delete ok');
  const state = { true: '✓', false: '✗', undefined: '–' } as const;
  assert.deepEqual(
    checks.map(({ ok, what }) => `${state[`${ok}`]} ${what}`),
    [
      '✓ Resolve the name mq',
      '✓ Find amqp-tools in the image',
      '✓ Connect, log in and create a queue (amqp-declare-queue)',
      '✓ Publish a message (amqp-publish)',
      '✗ Take the message (amqp-consume)',
      '– Compare the two',
      '✓ Delete the queue (amqp-delete-queue)',
    ],
  );
  assert.equal(checks[4]?.detail, 'no answer within 10 s');
});

test('a name that does not resolve, and a variable that is not there, fail; a missing program is no failure', () => {
  const [name, variable] = fromPod('name failed', 'variable absent');
  assert.deepEqual([name?.ok, name?.detail], [false, 'the name does not resolve']);
  assert.deepEqual([variable?.ok, variable?.what], [false, 'Read the variable MQ_SERVICE_HOST']);
  assert.deepEqual([fromPod('name absent getent')[0]?.ok], [undefined]);
});

test('what a broker or a program says cannot colour or turn the document around', () => {
  const [check] = fromPod('declare failed \x1b[31mno\u202e');
  assert.equal(check?.detail, 'no');
});
