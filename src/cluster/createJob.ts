import type { V1Job } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { ANNOTATION, type JobRow, toJobRow } from './jobRow.ts';
import { resourcePath } from './resourcePath.ts';
import { pause } from './scope.ts';

export interface CreateJob {
  namespace: string;
  /** The Job as plain JSON, sent unchanged; `metadata.name` must be set, the ledger's annotations are the caller's. */
  body: Record<string, unknown>;
  /** Let the server check everything and store nothing. */
  dryRun?: boolean;
  signal?: AbortSignal;
  /** How long to wait for the answer to one POST; default 30 000. */
  timeoutMs?: number;
}

const MAX_POSTS = 4;
const MAX_PAUSE_SECONDS = 15;

/**
 * Creates a Job with strict field validation. A POST whose answer never came is looked up and, if it was not stored,
 * sent again (the name is the same each time, so that there is never a second Job); a Job of that name with the same
 * run annotation counts as this one.
 * @throws ClusterError: `conflict` when the name is taken by another run, `invalid` with the server's words
 */
export async function createJob(cluster: Cluster, o: CreateJob): Promise<JobRow> {
  const { name, annotations } = (o.body.metadata ?? {}) as { name?: unknown; annotations?: Record<string, unknown> };
  if (typeof name !== 'string' || name === '') throw new ClusterError('invalid', 'the Job has no metadata.name');
  const run = annotations?.[ANNOTATION.run];
  for (let post = 1; ; post++) {
    try {
      const job = await cluster.request<V1Job>({
        method: 'POST',
        path: resourcePath('batch/v1', o.namespace, 'jobs'),
        query: { fieldValidation: 'Strict', dryRun: o.dryRun ? 'All' : undefined },
        body: o.body,
        signal: o.signal,
        timeoutMs: o.timeoutMs,
      });
      return toJobRow(job);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      const taken = error.code === 'conflict';
      if (!taken && !mayHaveArrived(error)) throw error;
      const found = o.dryRun ? undefined : await lookUp(cluster, o, name, error);
      if (found) {
        if (run !== undefined && found.run === run) return found;
        throw taken ? error : new ClusterError('conflict', `jobs.batch "${name}" already exists`, { status: 409 });
      }
      if (taken || post === MAX_POSTS) throw error;
      await pause(Math.min(error.retryAfterSeconds ?? 2 ** (post - 2), MAX_PAUSE_SECONDS) * 1000, o.signal);
    }
  }
}

/** Whether it is unknown, or may change by asking again, if the Job is stored. */
function mayHaveArrived(error: ClusterError): boolean {
  return ['timeout', 'unreachable', 'throttled', 'server'].includes(error.code);
}

async function lookUp(cluster: Cluster, o: CreateJob, name: string, post: ClusterError): Promise<JobRow | undefined> {
  try {
    const path = resourcePath('batch/v1', o.namespace, 'jobs', name);
    return toJobRow(await cluster.request<V1Job>({ path, signal: o.signal, timeoutMs: o.timeoutMs }));
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code === 'cancelled') throw error;
    if (error.code === 'not-found') return undefined;
    // The look failed like the POST: that a POST is repeated is safe, the name sees to that.
    if (mayHaveArrived(error)) return undefined;
    throw post;
  }
}
