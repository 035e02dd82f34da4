import { randomBytes } from 'node:crypto';
import { openCluster } from '../../src/cluster/index.ts';

/** Makes a namespace of the cluster, which goes when it is disposed of. */
export async function labNamespaceOf(kubeconfig: string): Promise<AsyncDisposable & { namespace: string }> {
  const namespace = `bench-${randomBytes(4).toString('hex')}`;
  const cluster = openCluster({ kubeconfig });
  await cluster.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
  return {
    namespace,
    async [Symbol.asyncDispose]() {
      await cluster.request({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
      cluster.close();
    },
  };
}
