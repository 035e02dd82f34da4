import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { resourcePath } from './resourcePath.ts';

const PLURALS: Record<string, string> = {
  'v1/Service': 'services',
  'v1/Secret': 'secrets',
  'apps/v1/StatefulSet': 'statefulsets',
};

/**
 * Server-side apply of Services, Secrets and StatefulSets in the order given, with the field manager `kube-work-queue`
 * and strict field validation, never by force.
 * @param o.dryRun let the server check everything and store nothing
 * @throws ClusterError `conflict` with who owns the field, `invalid` with the server's words
 */
export async function apply(
  cluster: Cluster,
  o: { namespace: string; objects: Record<string, unknown>[]; dryRun?: boolean; signal?: AbortSignal },
): Promise<void> {
  const patches = o.objects.map(object => ({ object, path: pathOf(o.namespace, object) }));
  for (const { object, path } of patches) {
    await cluster.request({
      method: 'PATCH',
      path,
      query: { fieldManager: 'kube-work-queue', fieldValidation: 'Strict', dryRun: o.dryRun ? 'All' : undefined },
      // JSON is YAML, which is what the server asks for here.
      contentType: 'application/apply-patch+yaml',
      body: object,
      signal: o.signal,
    });
  }
}

function pathOf(namespace: string, object: Record<string, unknown>): string {
  const { apiVersion, kind, metadata } = object as { apiVersion: string; kind: string; metadata?: { name?: string } };
  const plural = PLURALS[`${apiVersion}/${kind}`];
  const name = metadata?.name;
  if (!plural || !name)
    throw new ClusterError('invalid', `cannot apply ${apiVersion} ${kind} ${name ?? 'without a name'}`);
  return resourcePath(apiVersion, namespace, plural, name);
}
