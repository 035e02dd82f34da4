import type { PodRow } from '../cluster/index.ts';
import type { ItemAccount } from '../model/itemReports.ts';
import type { App } from './app.ts';
import { clusterOf, type Subject } from './subject.ts';

/**
 * @param subject a Job, which need not be there any more
 * @param known its Pods, where they were just read
 * @returns its items as its Pods' logs, and those that are kept, tell them
 * @throws UserError when another context is chosen now; ClusterError
 */
export async function itemsOf(
  app: App,
  subject: Subject,
  signal: AbortSignal,
  known?: readonly PodRow[],
): Promise<ItemAccount> {
  const { kept, items } = app.logs;
  const { namespace, name, uid } = subject;
  const cluster = await clusterOf(app, subject);
  const api = await app.model.cluster.api();
  await kept.load();
  const found = known ?? (await api.listPods(cluster, { namespace, job: name, signal }));
  const pods = found.filter(({ jobUid }) => jobUid === uid);
  return items.of({ api, cluster, kept, jobUid: uid, namespace, pods, signal });
}
