import { type LocalCluster, localCluster } from '../workload/localCluster.ts';
import { goArchitecture, type NodeLook, platformFor } from '../workload/platform.ts';
import type { App } from './app.ts';

/** Whoever waits for the nodes waits before a build: a cluster that does not answer must not hold that up. */
const ASK_NODES_MS = 3000;

/** The cluster's nodes as far as they are known: none without a cluster, an answer in time or the right to see them. */
export async function knownNodes(app: App, signal: AbortSignal): Promise<NodeLook[]> {
  try {
    const { listNodes } = await app.model.cluster.api();
    const cluster = await app.model.cluster.get();
    return await listNodes(cluster, AbortSignal.any([signal, AbortSignal.timeout(ASK_NODES_MS)]));
  } catch {
    return [];
  }
}

/** @returns the platform that the cluster's nodes need, where it is not this machine's own */
export async function nodePlatform(app: App, signal: AbortSignal): Promise<string | undefined> {
  return platformFor(await knownNodes(app, signal), goArchitecture(process.arch));
}

/** The kind, minikube or k3d cluster that the chosen context means; undefined when it is another, or none. */
export async function currentLocalCluster({ model }: Pick<App, 'model'>): Promise<LocalCluster | undefined> {
  try {
    return localCluster(await model.cluster.get());
  } catch {
    return undefined;
  }
}
