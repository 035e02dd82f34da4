import type { BrokerLook } from '../workload/brokerFindings.ts';
import type { BrokerLink } from './brokerLink.ts';
import type { ClusterLink } from './clusterLink.ts';
import { type Connected, managementOf } from './connected.ts';

/** Looks at a broker for what its findings rest on. What cannot be read, or may not be, is left out. Never rejects. */
export async function lookAtBroker(
  link: BrokerLink,
  connected: Connected,
  clusterLink: ClusterLink,
  signal?: AbortSignal,
): Promise<BrokerLook> {
  const { address, service, broker } = connected;
  const [nodes, pods] = await Promise.all([
    readNodes(link, connected, signal).catch(() => undefined),
    service &&
      readPods(clusterLink, { namespace: service.namespace, service: service.name, port: address.port, signal }),
  ]);
  return { version: broker.version, nodes, pods, login: address };
}

async function readNodes(link: BrokerLink, connected: Connected, signal?: AbortSignal): Promise<BrokerLook['nodes']> {
  const { brokerHealth } = await link.api();
  return (await brokerHealth({ ...managementOf(connected), signal })).nodes;
}

async function readPods(
  link: ClusterLink,
  o: { namespace: string; service: string; port: number; signal?: AbortSignal | undefined },
): Promise<BrokerLook['pods']> {
  try {
    const cluster = await link.get();
    const { brokerPods } = await link.api();
    return await brokerPods(cluster, o);
  } catch {
    return undefined;
  }
}
