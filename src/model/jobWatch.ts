import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { Cluster, JobRow, PodRow, WatchState } from '../cluster/index.ts';
import type { ClusterApi } from './clusterLink.ts';

/** The Jobs of one namespace and their Pods, kept live by one watch for each. */
export class JobWatch {
  readonly namespace: string;
  jobs: readonly JobRow[];
  /** By their Job's uid; the oldest first. */
  pods: ReadonlyMap<string, PodRow[]>;
  state: WatchState = { kind: 'connecting' };
  /** Whether the Jobs are those of a list of this watch's own. */
  listed = false;

  /** @param before an earlier watch of the namespace: what it saw last is shown until the first list is there */
  constructor(namespace: string, before?: JobWatch) {
    this.namespace = namespace;
    this.jobs = before?.jobs ?? [];
    this.pods = before?.pods ?? new Map();
  }

  /**
   * Watches until the signal aborts.
   * @param o.onChange after the Jobs or Pods have changed
   * @param o.onState after the state has changed
   */
  start(o: {
    api: ClusterApi;
    cluster: Cluster;
    signal: AbortSignal;
    onChange: () => void;
    onState: () => void;
  }): void {
    const { api, cluster, signal } = o;
    api.watch(cluster, {
      path: `/apis/batch/v1/namespaces/${this.namespace}/jobs`,
      query: { labelSelector: `!${api.TEST_LABEL}` },
      signal,
      row: (job: V1Job) => api.toJobRow(job),
      onState: state => {
        this.state = state;
        o.onState();
      },
      onItems: jobs => {
        this.jobs = [...jobs.values()];
        this.listed = true;
        o.onChange();
      },
    });
    api.watch(cluster, {
      path: `/api/v1/namespaces/${this.namespace}/pods`,
      query: { labelSelector: 'batch.kubernetes.io/job-name' },
      signal,
      row: (pod: V1Pod) => api.toPodRow(pod),
      // The watch of Jobs speaks for both: they go to the same server.
      onState: () => undefined,
      onItems: pods => {
        this.pods = byJob([...pods.values()]);
        o.onChange();
      },
    });
  }
}

function byJob(pods: PodRow[]): Map<string, PodRow[]> {
  const sorted = pods.sort((a, b) => a.created - b.created || (a.name < b.name ? -1 : 1));
  return Map.groupBy(sorted, pod => pod.jobUid ?? '');
}
