import { readFileSync } from 'node:fs';
import { connect } from '../../src/broker/index.ts';
import type { BrokerAddress } from '../../src/workload/brokerUrl.ts';
import { containerProcesses } from '../lab/cgroups.ts';
import { apply, kubectl } from '../lab/kubectl.ts';
import { signalProcess } from '../lab/process.ts';
import { until } from '../lab/until.ts';

const POD = 'rabbitmq';
const READY_TIMEOUT_MS = 120_000;

/** A broker of one's own in the cluster, to be treated badly. */
export interface OwnBroker extends AsyncDisposable {
  address: BrokerAddress;
  /** Ends the broker's process with SIGKILL, at this very moment; another one is started with the same files. */
  kill(): void;
  /** Returns when clients can connect. */
  untilUp(): Promise<void>;
  rabbitmqctl(...args: string[]): Promise<string>;
}

/**
 * Starts a RabbitMQ Pod in a namespace of that name, which is deleted with it.
 * @param o.memory the Pod's limit: with more it is killed
 */
export async function ownBroker(namespace: string, { memory = '1Gi' } = {}): Promise<OwnBroker> {
  const inPod = (...argv: string[]) => kubectl(['--namespace', namespace, 'exec', POD, '--', ...argv]);
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, podIn(namespace, memory)]);
  await kubectl(['--namespace', namespace, 'wait', `pod/${POD}`, '--for=condition=Ready', '--timeout=120s'], {
    timeoutMs: READY_TIMEOUT_MS + 10_000,
  });
  const host = await kubectl(['--namespace', namespace, 'get', 'pod', POD, '--output=jsonpath={.status.podIP}']);
  const uid = await kubectl(['--namespace', namespace, 'get', 'pod', POD, '--output=jsonpath={.metadata.uid}']);
  const address: BrokerAddress = { tls: false, host, port: 5672, user: 'guest', password: 'guest', vhost: '/' };
  return {
    address,
    rabbitmqctl: (...args) => inPod('rabbitmqctl', ...args),
    kill() {
      const pids = containerProcesses().filter(pid => isBrokerOf(pid, uid));
      if (pids.length === 0) throw new Error('the broker is not running');
      for (const pid of pids) signalProcess(pid, 'SIGKILL');
    },
    async untilUp() {
      await untilUp(address);
    },
    async [Symbol.asyncDispose]() {
      await kubectl(['delete', 'namespace', namespace, '--wait=false']);
    },
  };
}

/** Waits until a broker takes connections. */
export async function untilUp(address: BrokerAddress): Promise<void> {
  await until(
    'the broker takes connections',
    async () => {
      await (await connect({ address, purpose: 'waiting', timeoutMs: 2_000 })).close();
      return true;
    },
    { timeoutMs: READY_TIMEOUT_MS },
  );
}

function isBrokerOf(pid: number, podUid: string): boolean {
  try {
    const cgroup = readFileSync(`/proc/${pid}/cgroup`, 'utf8').replaceAll('_', '-');
    return cgroup.includes(podUid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('rabbit\0boot');
  } catch {
    // It has just ended.
    return false;
  }
}

function podIn(namespace: string, memory: string): object {
  const container = {
    name: 'rabbitmq',
    image: 'rabbitmq:4-management',
    // Restarted here and not by the kubelet, which waits longer after every crash.
    command: ['bash', '-c', 'while :; do docker-entrypoint.sh rabbitmq-server; done'],
    env: [
      { name: 'RABBITMQ_DEFAULT_USER', value: 'guest' },
      { name: 'RABBITMQ_DEFAULT_PASS', value: 'guest' },
    ],
    readinessProbe: { tcpSocket: { port: 5672 }, periodSeconds: 1 },
    volumeMounts: [{ name: 'data', mountPath: '/var/lib/rabbitmq' }],
    resources: { requests: { memory: '128Mi' }, limits: { memory } },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD, namespace },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [container],
      volumes: [{ name: 'data', emptyDir: {} }],
    },
  };
}
