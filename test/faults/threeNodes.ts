import type { BrokerAddress } from '../../src/workload/brokerUrl.ts';
import { apply, kubectl } from '../lab/kubectl.ts';
import { untilUp } from './ownBroker.ts';

const NODES = ['rabbitmq-0', 'rabbitmq-1', 'rabbitmq-2'] as const;
const READY_TIMEOUT_MS = 120_000;

/** A RabbitMQ of three nodes. */
export interface ThreeNodes extends AsyncDisposable {
  /** Of the node that keeps running. */
  address: BrokerAddress;
  /** Of one that stops: a queue declared there has its leader there. */
  stopping: BrokerAddress;
  /** Stops the broker on the second and the third node; Erlang goes on there. */
  stopTwo(): Promise<void>;
  /** Starts it there again, and returns when all three are members. */
  startTwo(): Promise<void>;
}

/** Starts three RabbitMQ Pods in a namespace of that name, which is deleted with them, and joins them to a cluster. */
export async function threeNodes(namespace: string): Promise<ThreeNodes> {
  const inPod = (pod: string, ...argv: string[]) => kubectl(['--namespace', namespace, 'exec', pod, '--', ...argv]);
  const ctl = (pod: string, ...args: string[]) => inPod(pod, 'rabbitmqctl', ...args);
  await apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...NODES.map(name => podOf(namespace, name)),
  ]);
  await kubectl(
    ['--namespace', namespace, 'wait', ...NODES.map(name => `pod/${name}`), '--for=condition=Ready', '--timeout=120s'],
    { timeoutMs: READY_TIMEOUT_MS + 10_000 },
  );
  const [first, ...others] = NODES;
  const [host, stopping] = await Promise.all(
    [first, others[0]].map(pod =>
      kubectl(['--namespace', namespace, 'get', 'pod', pod, '--output=jsonpath={.status.podIP}']),
    ),
  );
  const addressOf = (host = ''): BrokerAddress => ({
    tls: false,
    host,
    port: 5672,
    user: 'guest',
    password: 'guest',
    vhost: '/',
  });
  const address = addressOf(host);
  for (const pod of others) {
    await ctl(pod, 'stop_app');
    await ctl(pod, 'join_cluster', `rabbit@${host}`);
    await ctl(pod, 'start_app');
  }
  return {
    address,
    stopping: addressOf(stopping),
    async stopTwo() {
      await Promise.all(others.map(pod => ctl(pod, 'stop_app')));
    },
    async startTwo() {
      await Promise.all(others.map(pod => ctl(pod, 'start_app')));
      await untilUp(address);
    },
    async [Symbol.asyncDispose]() {
      await kubectl(['delete', 'namespace', namespace, '--wait=false']);
    },
  };
}

function podOf(namespace: string, name: string): object {
  // Nodes find each other by address: names would need a Service, and DNS before the Pods are ready.
  const start = [
    'echo a-cookie-for-tests >/var/lib/rabbitmq/.erlang.cookie',
    'chmod 400 /var/lib/rabbitmq/.erlang.cookie',
    'chown rabbitmq:rabbitmq /var/lib/rabbitmq/.erlang.cookie',
    'exec docker-entrypoint.sh rabbitmq-server',
  ];
  const container = {
    name: 'rabbitmq',
    image: 'rabbitmq:4-management',
    command: ['bash', '-c', start.join(' && ')],
    env: [
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'RABBITMQ_USE_LONGNAME', value: 'true' },
      { name: 'RABBITMQ_NODENAME', value: 'rabbit@$(POD_IP)' },
      { name: 'RABBITMQ_DEFAULT_USER', value: 'guest' },
      { name: 'RABBITMQ_DEFAULT_PASS', value: 'guest' },
    ],
    readinessProbe: { tcpSocket: { port: 5672 }, periodSeconds: 1 },
    resources: { requests: { memory: '128Mi' }, limits: { memory: '1Gi' } },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: { terminationGracePeriodSeconds: 1, restartPolicy: 'Never', containers: [container] },
  };
}
