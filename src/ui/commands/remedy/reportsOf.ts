import type { JobRow } from '../../../cluster/index.ts';
import type { PodItem } from '../../../model/itemReports.ts';
import type { App } from '../../app.ts';

/** @returns what the logs of a Job's Pods say of their items, also of Pods that are gone; none where no worker tells */
export async function reportsOf(app: App, job: JobRow, signal: AbortSignal): Promise<PodItem[]> {
  await app.logs.kept.load();
  const api = await app.model.cluster.api();
  const cluster = await app.model.cluster.get();
  const pods = app.model.runs.find(job.uid)?.pods ?? [];
  const { uid: jobUid, namespace } = job;
  const { items } = await app.logs.items.of({ api, cluster, kept: app.logs.kept, jobUid, namespace, pods, signal });
  return items;
}
