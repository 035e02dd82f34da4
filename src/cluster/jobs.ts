import type { Cluster } from './cluster.ts';
import type { JobRow } from './jobRow.ts';

export interface CreateJob {
  namespace: string;
  /** The Job as plain JSON, sent unchanged; `metadata.name` must be set, the ledger's annotations are the caller's. */
  body: Record<string, unknown>;
  dryRun?: boolean;
  signal?: AbortSignal;
}

/**
 * Creates a Job with strict field validation. A POST whose answer never came is looked up and, if it was not stored,
 * sent again; a Job of that name with the same run annotation counts as this one.
 * Throws ClusterError: `conflict` when the name is another run's, `invalid` with the server's words.
 */
export async function createJob(_cluster: Cluster, _o: CreateJob): Promise<JobRow> {
  throw new Error('not written yet');
}

/** Deletes a Job, its Pods in the background; with `uid` only that very Job. A Job already gone is fine. */
export async function deleteJob(
  _cluster: Cluster,
  _o: { namespace: string; name: string; uid?: string; signal?: AbortSignal },
): Promise<void> {
  throw new Error('not written yet');
}

/** The Jobs of a namespace. */
export async function listJobs(_cluster: Cluster, _namespace: string, _signal?: AbortSignal): Promise<JobRow[]> {
  throw new Error('not written yet');
}
