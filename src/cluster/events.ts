import type { Cluster } from './cluster.ts';

/** An event. `at`: when it was last seen, ms since 1970; `object`: `Job/x`, `Pod/y`. */
export interface EventRow {
  at: number;
  type: string;
  reason: string;
  object: string;
  message: string;
  count: number;
}

/** The events of a namespace in time order, of the objects named so, or of all. */
export async function listEvents(
  _cluster: Cluster,
  _o: { namespace: string; names?: ReadonlySet<string>; signal?: AbortSignal },
): Promise<EventRow[]> {
  throw new Error('not written yet');
}
