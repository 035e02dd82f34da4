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

/**
 * The events of a namespace in time order.
 * @param o.names only those of objects with these names
 * @throws ClusterError
 */
export async function listEvents(
  cluster: Cluster,
  o: { namespace: string; names?: ReadonlySet<string>; signal?: AbortSignal },
): Promise<EventRow[]> {
  const { names } = o;
  const path = resourcePath('v1', o.namespace, 'events');
  const { items } = await listAll<CoreV1Event>(cluster, { path, signal: o.signal });
  return items
    .filter(event => names === undefined || names.has(event.involvedObject.name ?? ''))
    .map(toEventRow)
    .sort((a, b) => a.at - b.at);
}
