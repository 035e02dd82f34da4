import type { CoreV1Event } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { toEventRow } from './events.ts';
import { resourcePath } from './resourcePath.ts';

/** The last events of a Job suffice: each refusal repeats the one before. */
const AT_MOST = 20;

/**
 * Why the cluster refused to make a Pod for a Job, in its own words: the last FailedCreate event, which the Job
 * controller writes. undefined where there is none.
 * @throws ClusterError
 */
export async function podRefusal(
  cluster: Cluster,
  o: { namespace: string; uid: string; signal?: AbortSignal },
): Promise<string | undefined> {
  const { items } = await cluster.request<{ items?: CoreV1Event[] | null }>({
    path: resourcePath('v1', o.namespace, 'events'),
    query: { fieldSelector: `involvedObject.uid=${o.uid},reason=FailedCreate`, limit: AT_MOST },
    signal: o.signal,
  });
  const events = (items ?? []).map(toEventRow).sort((a, b) => b.at - a.at);
  return events[0]?.message;
}
