import type { V1Pod, V1Service } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { listAll } from './list.ts';
import { toPodRow } from './podRow.ts';
import { resourcePath } from './resourcePath.ts';

/** Where a connection to a Service ends. */
export interface Backend {
  pod: string;
  port: number;
}

/**
 * Chooses a ready Pod behind a Service, at random among several, and finds the port there. It goes by the Service's
 * selector, as `kubectl port-forward service/…` does, so that no more rights are needed than that needs.
 * @param o.port a port of the Service (its targetPort, also by name, is resolved in the Pod); one that the Service does
 *   not list is the Pod's own port of that number
 * @throws ClusterError `not-found` (no such Service), `not-ready` (no Pod is ready; says what the Pods are)
 */
export async function findBackend(
  cluster: Cluster,
  o: { namespace: string; service: string; port: number; signal?: AbortSignal },
): Promise<Backend> {
  const { service, pods } = await podsBehind(cluster, o);
  const ready = pods.filter(isReady);
  const pod = ready[Math.floor(Math.random() * ready.length)];
  if (!pod?.metadata?.name) throw noneReady(o.service, pods);
  const target = service.spec?.ports?.find(one => one.port === o.port)?.targetPort ?? o.port;
  const port = typeof target === 'number' ? target : portNamed(pod, target);
  if (port === undefined) {
    throw new ClusterError('not-ready', `Pod ${pod.metadata.name} has no port named ${target}`);
  }
  return { pod: pod.metadata.name, port };
}

/**
 * The image that a Pod behind the Service runs: it is on a node already.
 * @returns undefined when no Pod stands behind the Service
 * @throws ClusterError
 */
export async function imageBehind(
  cluster: Cluster,
  o: { namespace: string; name: string; signal?: AbortSignal },
): Promise<string | undefined> {
  const { pods } = await podsBehind(cluster, { namespace: o.namespace, service: o.name, signal: o.signal });
  const pod = pods.find(isReady) ?? pods[0];
  return pod?.spec?.containers[0]?.image;
}

/**
 * A Service and the Pods that its selector means.
 * @throws ClusterError `not-found` (no such Service), `not-ready` (it selects no Pods)
 */
export async function podsBehind(
  cluster: Cluster,
  o: { namespace: string; service: string; signal?: AbortSignal },
): Promise<{ service: V1Service; pods: V1Pod[] }> {
  const path = resourcePath('v1', o.namespace, 'services', o.service);
  const service = await cluster.request<V1Service>({ path, signal: o.signal });
  const selector = Object.entries(service.spec?.selector ?? {});
  if (selector.length === 0) throw new ClusterError('not-ready', `Service ${o.service} selects no Pods`);
  const { items } = await listAll<V1Pod>(cluster, {
    path: resourcePath('v1', o.namespace, 'pods'),
    query: { labelSelector: selector.map(([label, value]) => `${label}=${value}`).join(',') },
    signal: o.signal,
  });
  return { service, pods: items };
}

function isReady(pod: V1Pod): boolean {
  const ready = pod.status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True') ?? false;
  return ready && pod.metadata?.deletionTimestamp === undefined;
}

function portNamed(pod: V1Pod, name: string): number | undefined {
  const ports = pod.spec?.containers.flatMap(one => one.ports ?? []) ?? [];
  return ports.find(one => one.name === name)?.containerPort;
}

function noneReady(service: string, pods: V1Pod[]): ClusterError {
  if (pods.length === 0) return new ClusterError('not-ready', `no Pod behind Service ${service}`);
  const looks = pods.map(toPodRow).map(pod => {
    const state = pod.terminating
      ? 'is being deleted'
      : [pod.reason ?? `is ${pod.phase}`, pod.message].filter(Boolean).join(': ');
    return `${pod.name} ${state}`;
  });
  return new ClusterError('not-ready', `no Pod behind Service ${service} is ready: Pod ${looks.join(', ')}`);
}
