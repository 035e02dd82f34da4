import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { ClusterError } from '../../../src/cluster/error.ts';
import { type Cluster, openCluster } from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { watchUntil } from '../../../src/cluster/until.ts';
import { labUp } from '../../lab/up.ts';

/** Debian with amqp-tools and python3. */
export const WORKER_IMAGE = '127.0.0.1:5000/lab/worker:1';

/**
 * The lab's cluster with a namespace of its own.
 * @param owner what it ends with; default: the tests of the file at whose top it is called
 */
export async function labNamespace(owner: { after(end: () => Promise<void>): void } = { after }): Promise<Cluster> {
  const lab = await labUp(() => {});
  const namespace = `cluster-test-${randomBytes(4).toString('hex')}`;
  const cluster = openCluster({ kubeconfig: lab.kubeconfig, namespace });
  await cluster.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
  owner.after(async () => {
    await cluster.request({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` }).catch(() => {});
    cluster.close();
  });
  // A Pod made before the namespace's own account is there would be refused.
  await watchUntil(cluster, {
    path: resourcePath('v1', namespace, 'serviceaccounts'),
    signal: AbortSignal.timeout(30_000),
    timeoutMs: 30_000,
    late: () => new ClusterError('timeout', 'no service account'),
    done: items => (items.length > 0 ? true : undefined),
  });
  return cluster;
}

/** The cluster, with its calls seen, and perhaps changed, on their way. */
export function seenThrough(cluster: Cluster, request: Cluster['request']): Cluster {
  const { context, namespace, server } = cluster;
  return {
    context,
    namespace,
    server,
    request,
    stream: o => cluster.stream(o),
    webSocket: o => cluster.webSocket(o),
    close: () => {},
  };
}
