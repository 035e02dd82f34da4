import type { V1Secret } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { resourcePath } from './resourcePath.ts';

/**
 * One value of a Secret as text.
 * @returns undefined when the Secret or the key is not there
 * @throws ClusterError
 */
export async function readSecret(
  cluster: Cluster,
  o: { namespace: string; name: string; key: string; signal?: AbortSignal },
): Promise<string | undefined> {
  try {
    const path = resourcePath('v1', o.namespace, 'secrets', o.name);
    const { data = {} } = await cluster.request<V1Secret>({ path, signal: o.signal });
    const value = Object.hasOwn(data, o.key) ? data[o.key] : undefined;
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'not-found') return undefined;
    throw error;
  }
}
