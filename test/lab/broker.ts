import { once } from 'node:events';
import { connect } from 'node:net';
import { BROKER_ADDRESS } from './layout.ts';

const USER = 'guest';
const PASSWORD = 'guest';
const AMQP_PORT = 5672;
const MANAGEMENT_PORT = 15672;
const LABELS = { app: 'lab-rabbitmq' };

/** The RabbitMQ for tests, as they see it. */
export const BROKER = {
  url: `amqp://${USER}:${PASSWORD}@${BROKER_ADDRESS}:${AMQP_PORT}`,
  management: `http://${BROKER_ADDRESS}:${MANAGEMENT_PORT}`,
  namespace: 'lab',
  service: 'lab-rabbitmq',
  pod: 'lab-rabbitmq-0',
};

/** Whether the broker greets an AMQP client. */
export async function brokerAnswers(): Promise<boolean> {
  const socket = connect({ host: BROKER_ADDRESS, port: AMQP_PORT, timeout: 2000 });
  socket.on('timeout', () => socket.destroy(new Error('the broker does not answer')));
  try {
    socket.write('AMQP\0\0\x09\x01');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    // A method frame: connection.start.
    return answer[0] === 1;
  } finally {
    socket.destroy();
  }
}

/** The broker's version, asked of its management API. */
export async function brokerVersion(): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
  const response = await fetch(`${BROKER.management}/api/overview`, {
    headers: { authorization },
    signal: AbortSignal.timeout(2000),
  });
  const overview = (await response.json()) as { rabbitmq_version?: string };
  if (overview.rabbitmq_version === undefined)
    throw new Error(`the broker's management API answers ${response.status}`);
  return overview.rabbitmq_version;
}

/** A RabbitMQ in the cluster at a fixed address. */
export function brokerObjects(): object[] {
  const { namespace, service } = BROKER;
  const metadata = { name: service, namespace, labels: LABELS };
  const ports = [
    { name: 'amqp', port: AMQP_PORT },
    { name: 'management', port: MANAGEMENT_PORT },
  ];
  const container = {
    name: 'rabbitmq',
    image: 'rabbitmq:4-management',
    env: [
      { name: 'RABBITMQ_DEFAULT_USER', value: USER },
      { name: 'RABBITMQ_DEFAULT_PASS', value: PASSWORD },
    ],
    ports: ports.map(({ name, port }) => ({ name, containerPort: port })),
    readinessProbe: { tcpSocket: { port: AMQP_PORT }, periodSeconds: 1 },
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } },
  };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: BROKER_ADDRESS, selector: LABELS, ports } },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: {
        replicas: 1,
        serviceName: service,
        selector: { matchLabels: LABELS },
        template: { metadata: { labels: LABELS }, spec: { terminationGracePeriodSeconds: 5, containers: [container] } },
      },
    },
  ];
}
