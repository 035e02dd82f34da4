import type { Cluster } from './cluster.ts';

/** The Service that `host` (`name`, `name.ns`, `name.ns.svc`, `name.ns.svc.cluster.local`) names as seen from a Pod of the cluster's namespace; undefined: it is no Service. */
export async function findService(
  _cluster: Cluster,
  _host: string,
  _signal?: AbortSignal,
): Promise<{ namespace: string; name: string } | undefined> {
  throw new Error('not written yet');
}

/** One value of a Secret as text; undefined when the Secret or the key is not there. */
export async function readSecret(
  _cluster: Cluster,
  _o: { namespace: string; name: string; key: string; signal?: AbortSignal },
): Promise<string | undefined> {
  throw new Error('not written yet');
}

/** The names of the namespaces. Throws `forbidden` for a user who sees only their own. */
export async function listNamespaces(_cluster: Cluster, _signal?: AbortSignal): Promise<string[]> {
  throw new Error('not written yet');
}
