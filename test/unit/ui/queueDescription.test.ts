import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueueConsumer, QueueDetails } from '../../../src/broker/index.ts';
import type { QueuePage } from '../../../src/ui/queueDescription.ts';

const { queueDescription } = await import('../../../src/ui/queueDescription.ts');

const at = new Date(2026, 2, 1, 13, 5, 0).getTime();

const consumer: QueueConsumer = {
  tag: 'amq.ctag-1',
  connection: '10.244.0.7:5000 -> 10.244.0.2:5672',
  peer: '10.244.0.7:5000',
  connectionName: undefined,
  user: 'guest',
  prefetch: 1,
  ackRequired: true,
  active: true,
};

const details: QueueDetails = {
  type: 'quorum',
  durable: true,
  exclusive: false,
  autoDelete: false,
  published: undefined,
  arguments: { 'x-queue-type': 'quorum', 'x-message-ttl': 60_000 },
  policy: undefined,
  operatorPolicy: undefined,
  effectivePolicy: {},
  state: 'running',
  node: 'rabbit@a',
  leader: 'rabbit@a',
  members: ['rabbit@a', 'rabbit@b', 'rabbit@c'],
  online: ['rabbit@a', 'rabbit@b'],
  ready: 8,
  unacked: 2,
  bytes: 34,
  consumers: [consumer],
  rates: { publish: 3.25, deliver: 0, ack: undefined, redeliver: undefined },
  deadLetter: { exchange: '', routingKey: 'job1.dead', queue: 'job1.dead' },
  deliveryLimit: undefined,
};

const page: QueuePage = {
  queue: 'job1',
  broker: 'amqp://guest@rabbitmq-service:5672',
  version: '4.1.4',
  context: 'lab',
  ready: 8,
  consumers: 1,
  details,
  pods: new Map([['10.244.0.7:5000', 'job-wq-1-abcde']]),
  jobs: [],
  at,
};

test('a queue’s page says what it holds, how it is made, where its dead letters go and who takes from it', () => {
  assert.equal(
    queueDescription(page),
    `Queue job1
  Messages              8 ready, 2 unacked, 1 consumer
  Size of their bodies  34 B
  Type                  quorum, durable
  State                 running
  Node                  rabbit@a leads; 2 of 3 members are up
  Dead letters          to queue job1.dead (the default exchange, routing key job1.dead)
  Delivery limit        the broker’s own (20 from RabbitMQ 4.0 on)
  Broker                amqp://guest@rabbitmq-service:5672 (RabbitMQ 4.1.4)
  Context               lab
  As of                 13:05:00

Messages a second
  published    3.3
  delivered    0.0
  acked        unknown
  redelivered  unknown

Arguments
  x-queue-type   quorum
  x-message-ttl  60000

Consumers
  Pod job-wq-1-abcde  10.244.0.7:5000  prefetch 1, acks  user guest  amq.ctag-1
`,
  );
});

test('a consumer that is no Pod goes by its connection’s name, and one that loses messages is said to', () => {
  const text = queueDescription({
    ...page,
    pods: new Map(),
    details: {
      ...details,
      consumers: [
        { ...consumer, connectionName: 'billing', ackRequired: false, prefetch: 0 },
        { ...consumer, peer: undefined, user: undefined, active: false, tag: 't2' },
      ],
    },
  });
  assert.match(text, /billing +10\.244\.0\.7:5000 +prefetch unlimited, no acks: a message is gone once it is sent/);
  assert.match(text, /no Pod known +prefetch 1, acks, waiting: another takes all +t2/);
});

test('without the management API its own words stand in place of what only it knows, and no figure is made up', () => {
  const text = queueDescription({ ...page, details: 'The broker’s management API does not answer: ECONNREFUSED' });
  assert.match(text, /8 ready, unacked unknown, 1 consumer/);
  assert.match(text, /management API does not answer: ECONNREFUSED/);
  assert.doesNotMatch(text, /Messages a second|Arguments|Dead letters|State/);
});

test('without a dead-letter target it is said what becomes of rejected messages; a policy is told', () => {
  const text = queueDescription({
    ...page,
    details: {
      ...details,
      type: 'classic',
      deadLetter: undefined,
      policy: 'short',
      effectivePolicy: { 'max-length': 5 },
    },
  });
  assert.match(text, /Dead letters +none: rejected and expired messages are gone/);
  assert.match(text, /Policy\n {2}Name +short\n {2}max-length +5/);
  assert.doesNotMatch(text, /Delivery limit/);
});

test('names and arguments from the broker cannot break the page', () => {
  const text = queueDescription({
    ...page,
    queue: 'a\u202Eb\nState  fake',
    details: { ...details, arguments: { 'x\u001b[2J': 'v\n  State  fake' } },
  });
  assert.match(text, /^Queue ab State fake\n/);
  assert.match(text, /\n {2}x {2}v State fake\n/);
});

test('of very many consumers the first are shown, and how many more there are', () => {
  const consumers = Array.from({ length: 250 }, (_, n) => ({ ...consumer, tag: `t${n}` }));
  const text = queueDescription({ ...page, details: { ...details, consumers } });
  assert.match(text, /and 50 more\n/);
});
