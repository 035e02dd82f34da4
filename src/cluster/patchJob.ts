import type { V1Job, V1JobSpec } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { type JobRow, toJobRow } from './jobRow.ts';
import { resourcePath } from './resourcePath.ts';

/** One very Job: another one that has taken its name since is not meant. */
export interface JobReference {
  namespace: string;
  name: string;
  uid: string;
}

/** What can be changed of a Job that is there; the rest of its spec is immutable (Job API, batch/v1). */
export type JobChange = Partial<Pick<V1JobSpec, 'parallelism' | 'suspend' | 'activeDeadlineSeconds' | 'backoffLimit'>>;

/**
 * Changes a Job.
 * @param o.annotations are set besides
 * @throws ClusterError `not-found`; `conflict` when the name is another Job's now; `invalid` with the server's words
 */
export async function patchJob(
  cluster: Cluster,
  o: JobReference & { spec: JobChange; annotations?: Record<string, string>; signal?: AbortSignal | undefined },
): Promise<JobRow> {
  const { namespace, name, uid, spec, annotations, signal } = o;
  const path = resourcePath('batch/v1', namespace, 'jobs', name);
  try {
    const job = await cluster.request<V1Job>({
      method: 'PATCH',
      path,
      body: { metadata: { uid, annotations }, spec },
      contentType: 'application/merge-patch+json',
      signal,
    });
    return toJobRow(job);
  } catch (error) {
    if (!(error instanceof ClusterError && error.status === 422)) throw error;
    // The server calls another uid an immutable field that was changed, in words about selectors and labels.
    const now = await cluster.request<V1Job>({ path, signal });
    if (now.metadata?.uid === uid) throw error;
    throw new ClusterError('conflict', `jobs.batch "${name}" has another uid`, { status: 409 });
  }
}
