import type { V1Service, V1ServicePort } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { resourcePath } from './resourcePath.ts';

/** A Service with a port for AMQP. */
export interface BrokerService {
  name: string;
  port: number;
  tls: boolean;
  /** Its addresses in the cluster. */
  addresses: string[];
}

/** IANA's ports and names for AMQP, without and with TLS. */
const AMQP = { port: 5672, name: 'amqp' };
const AMQPS = { port: 5671, name: 'amqps' };

/**
 * The Services of the cluster's namespace that speak AMQP, by their ports' numbers or names; of several that lead to the
 * same Pods the first by name. Empty where Services may not be listed.
 * @throws ClusterError
 */
export async function listBrokerServices(cluster: Cluster, signal?: AbortSignal): Promise<BrokerService[]> {
  const path = resourcePath('v1', cluster.namespace, 'services');
  try {
    const { items } = await cluster.request<{ items: V1Service[] }>({ path, signal });
    const found = new Map<string, BrokerService>();
    for (const service of items.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
      const broker = toBroker(service);
      const pods = JSON.stringify(Object.entries(service.spec?.selector ?? { '': nameOf(service) }).sort());
      if (broker && !found.has(pods)) found.set(pods, broker);
    }
    return [...found.values()];
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') return [];
    throw error;
  }
}

const nameOf = (service: V1Service) => service.metadata?.name ?? '';

function toBroker(service: V1Service): BrokerService | undefined {
  if (service.spec?.type === 'ExternalName') return undefined;
  const ports = service.spec?.ports ?? [];
  const speaks = (what: typeof AMQP) => (port: V1ServicePort) =>
    (port.protocol ?? 'TCP') === 'TCP' && (port.name === what.name || port.port === what.port);
  const plain = ports.find(speaks(AMQP));
  const port = plain ?? ports.find(speaks(AMQPS));
  const addresses = service.spec?.clusterIPs ?? [];
  return port && { name: nameOf(service), port: port.port, tls: port !== plain, addresses };
}
