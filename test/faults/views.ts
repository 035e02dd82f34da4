import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Cluster, type JobRow, listJobs, listPods, type PodRow } from '../../src/cluster/index.ts';
import type { ClusterLink } from '../../src/model/clusterLink.ts';
import type { LinkState } from '../../src/model/link.ts';
import type { Runs } from '../../src/model/runs.ts';
import { openModel } from '../integration/model/openModel.ts';

/** How long after a service's return what is seen may differ from what is. */
export const BACK_WITHIN_MS = 2_000;
const FIRST_LOOK_MS = 20_000;

/** What a person sees of a namespace's Jobs, and how the connection was said to be. */
export interface Views {
  runs: Runs;
  link: ClusterLink;
  states: LinkState['kind'][];
  /** Resolves when the views are what a fresh list says; fails after so long. */
  untilTrue(withinMs?: number): Promise<void>;
  /** Resolves when it holds after a change. */
  until(is: () => boolean, withinMs: number): Promise<void>;
}

/**
 * Opens the views of a namespace, and waits until they show what is there. Every error that nobody handles and every
 * warning of a handler that threw fails the test.
 * @param kubeconfig the way that the views take
 * @param truth another way, on which nothing happens
 * @param o.broker the URL of the broker whose queues the Jobs take; without it none is known
 */
export async function openViews(
  t: TestContext,
  kubeconfig: string,
  truth: Cluster,
  o: { broker?: string } = {},
): Promise<Views> {
  const { namespace } = truth;
  const model = openModel({ kubeconfig, namespace, broker: o.broker });
  const { runs, cluster: link } = model;
  const states: LinkState['kind'][] = [];
  link.onDidChange.on(() => {
    if (states.at(-1) !== link.state.kind) states.push(link.state.kind);
  });
  const look = runs.look();
  const strays: unknown[] = [];
  const onStray = (error: unknown) => strays.push(error);
  for (const event of ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning']) process.on(event, onStray);
  t.after(() => {
    for (const event of ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning']) process.off(event, onStray);
    look.dispose();
    model.dispose();
    assert.deepEqual(strays, []);
  });

  const until = async (is: () => boolean, withinMs: number) => {
    const late = AbortSignal.timeout(withinMs);
    while (!is()) {
      if (late.aborted) throw new Error(`not so after ${withinMs} ms; the cluster is ${link.state.kind}`);
      await new Promise<void>(resolve => {
        const endings = [runs.onDidChange.on(() => wake()), link.onDidChange.on(() => wake())];
        const wake = () => {
          for (const ending of endings) ending.dispose();
          late.removeEventListener('abort', wake);
          resolve();
        };
        late.addEventListener('abort', wake, { once: true });
      });
    }
  };
  const views: Views = {
    runs,
    link,
    states,
    until,
    async untilTrue(withinMs = BACK_WITHIN_MS) {
      const wanted = await listed(truth, namespace);
      const seen = () => told(runs.rows.map(({ job, pods }) => ({ job, pods })));
      await until(() => seen() === wanted, withinMs).catch(error => {
        assert.equal(seen(), wanted, error.message);
        throw error;
      });
    },
  };
  await views.untilTrue(FIRST_LOOK_MS);
  await until(() => link.state.kind === 'live', FIRST_LOOK_MS);
  return views;
}

async function listed(cluster: Cluster, namespace: string): Promise<string> {
  const [jobs, pods] = await Promise.all([listJobs(cluster, namespace), listPods(cluster, { namespace })]);
  return told(jobs.map(job => ({ job, pods: pods.filter(pod => pod.jobUid === job.uid) })));
}

/** The same text for the same Jobs and Pods. */
function told(rows: { job: JobRow; pods: PodRow[] }[]): string {
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  const sorted = rows.map(({ job, pods }) => ({ job, pods: [...pods].sort(byName) }));
  return JSON.stringify(
    sorted.sort((a, b) => byName(a.job, b.job)),
    undefined,
    1,
  );
}
