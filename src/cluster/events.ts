import type { CoreV1Event } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { listAll } from './list.ts';
import { resourcePath } from './resourcePath.ts';
import { timeOf } from './time.ts';

/** An event. `at`: when it was last seen, ms since 1970; `object`: `Job/x`, `Pod/y`. */
export interface EventRow {
  at: number;
  type: string;
  reason: string;
  object: string;
  message: string;
  count: number;
}

/** Reads an event as the API server sends it (dates as text). */
export function toEventRow(event: CoreV1Event): EventRow {
  const { involvedObject, series } = event;
  const at = [series?.lastObservedTime, event.lastTimestamp, event.eventTime, event.firstTimestamp];
  return {
    at: at.map(timeOf).find(time => time !== undefined) ?? timeOf(event.metadata.creationTimestamp) ?? 0,
    type: event.type ?? '',
    reason: event.reason ?? '',
    object: `${involvedObject.kind ?? ''}/${involvedObject.name ?? ''}`,
    message: event.message ?? '',
    count: series?.count ?? event.count ?? 1,
  };
}

/** Events as rows, in time order. */
export function inTimeOrder(events: readonly CoreV1Event[]): EventRow[] {
  return events.map(toEventRow).sort((a, b) => a.at - b.at);
}

/**
 * The events of a namespace in time order.
 * @param o.names only those of objects with these names
 * @param o.fieldSelector only those that the server finds by it
 * @throws ClusterError
 */
export async function listEvents(
  cluster: Cluster,
  o: { namespace: string; names?: ReadonlySet<string>; fieldSelector?: string; signal?: AbortSignal },
): Promise<EventRow[]> {
  const { namespace, names, fieldSelector, signal } = o;
  const path = resourcePath('v1', namespace, 'events');
  const query = fieldSelector === undefined ? {} : { fieldSelector };
  const { items } = await listAll<CoreV1Event>(cluster, { path, query, signal });
  return inTimeOrder(items.filter(event => names === undefined || names.has(event.involvedObject.name ?? '')));
}

/**
 * Why the cluster refused to make a Pod for a Job, in its own words: the last FailedCreate event, which the Job
 * controller writes. undefined where there is none.
 * @throws ClusterError
 */
export async function podRefusal(
  cluster: Cluster,
  o: { namespace: string; uid: string; signal?: AbortSignal },
): Promise<string | undefined> {
  const fieldSelector = `involvedObject.uid=${o.uid},reason=FailedCreate`;
  const events = await listEvents(cluster, { namespace: o.namespace, fieldSelector, signal: o.signal });
  return events.at(-1)?.message;
}
