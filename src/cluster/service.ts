import { isIP } from 'node:net';
import type { V1Service } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { resourcePath } from './resourcePath.ts';

/**
 * The Service that a host name means in a Pod of the cluster's namespace: `name`, `name.ns`, `name.ns.svc`,
 * `name.ns.svc.cluster.local`.
 * @returns undefined: it is no Service (an address, another name, or one that leads out of the cluster)
 * @throws ClusterError
 */
export async function findService(
  cluster: Cluster,
  host: string,
  signal?: AbortSignal,
): Promise<{ namespace: string; name: string } | undefined> {
  const [name = '', namespace = cluster.namespace, svc, ...domain] = host.toLowerCase().replace(/\.$/, '').split('.');
  const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
  if (isIP(host) !== 0 || !label.test(name) || !label.test(namespace)) return undefined;
  if (name === 'localhost' || (svc !== undefined && svc !== 'svc')) return undefined;
  if (domain.length > 0 && domain.join('.') !== 'cluster.local') return undefined;
  try {
    const path = resourcePath('v1', namespace, 'services', name);
    const service = await cluster.request<V1Service>({ path, signal });
    return service.spec?.type === 'ExternalName' ? undefined : { namespace, name };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.code === 'not-found') return undefined;
    // `broker.example` may well be a host on the internet; that nobody may look into a namespace `example` says no more.
    if (error.code === 'forbidden' && svc === undefined && namespace !== cluster.namespace) return undefined;
    throw error;
  }
}
