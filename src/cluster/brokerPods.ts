import type { V1Container, V1Pod } from '@kubernetes/client-node';
import type { BrokerPod } from '../workload/brokerFindings.ts';
import { podsBehind } from './backend.ts';
import type { Cluster } from './cluster.ts';
import { quantity } from './quantity.ts';

/** Where RabbitMQ's images keep their data: the official one, and Bitnami's. */
const DATA_PATHS = [
  '/var/lib/rabbitmq',
  '/var/lib/rabbitmq/mnesia',
  '/var/lib',
  '/var',
  '/bitnami/rabbitmq',
  '/bitnami/rabbitmq/mnesia',
];
/** Variables that put the data elsewhere. */
const DATA_VARIABLES = ['RABBITMQ_MNESIA_BASE', 'RABBITMQ_MNESIA_DIR'];

/**
 * The Pods behind a broker's Service: what memory they may use, and whether their data outlives them.
 * @param o.port the Service's port for AMQP
 * @throws ClusterError
 */
export async function brokerPods(
  cluster: Cluster,
  o: { namespace: string; service: string; port: number; signal?: AbortSignal },
): Promise<BrokerPod[]> {
  const { service, pods } = await podsBehind(cluster, o);
  const target = service.spec?.ports?.find(one => one.port === o.port)?.targetPort ?? o.port;
  return pods.map(pod => toBrokerPod(pod, target)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function toBrokerPod(pod: V1Pod, port: number | string): BrokerPod {
  const containers = pod.spec?.containers ?? [];
  const container =
    containers.find(one => one.ports?.some(({ containerPort, name }) => containerPort === port || name === port)) ??
    containers.find(one => /rabbitmq/.test(one.image ?? '')) ??
    containers[0];
  const status = pod.status?.containerStatuses?.find(one => one.name === container?.name);
  const ends = [status?.state?.terminated, status?.lastState?.terminated];
  return {
    name: pod.metadata?.name ?? '',
    memoryLimit: quantity(container?.resources?.limits?.memory ?? pod.spec?.resources?.limits?.memory),
    data: container && dataOf(pod, container),
    restarts: status?.restartCount ?? 0,
    oomKilled: ends.some(end => end?.reason === 'OOMKilled'),
  };
}

function dataOf(pod: V1Pod, container: V1Container): BrokerPod['data'] {
  if (container.env?.some(({ name }) => DATA_VARIABLES.includes(name))) return undefined;
  const mounts = container.volumeMounts ?? [];
  const mount = mounts.find(({ mountPath }) => DATA_PATHS.includes(mountPath.replace(/(?<=.)\/+$/, '')));
  if (!mount) return /(^|\/)rabbitmq(:|@|$)/.test(container.image ?? '') ? 'container' : undefined;
  const volume = pod.spec?.volumes?.find(({ name }) => name === mount.name);
  // A generic ephemeral volume has a claim of its own, which goes with the Pod as an emptyDir does.
  return volume?.emptyDir || volume?.ephemeral ? 'emptyDir' : 'kept';
}
