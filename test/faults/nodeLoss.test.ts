import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { PodRow } from '../../src/cluster/index.ts';
import { fault } from './fault.ts';
import { type Handmade, handmade, NODE } from './handmade.ts';
import { ownApiServer } from './ownApiServer.ts';
import { rudeServer } from './rudeServer.ts';
import { openViews, type Views } from './views.ts';

const server = await ownApiServer();
after(() => server[Symbol.asyncDispose]());

const time = '2026-01-01T00:10:00Z';
/** What the control plane writes into the Pods of a node that no longer answers. */
const lost = {
  conditions: [
    { type: 'Ready', status: 'False', reason: 'NodeNotReady', lastTransitionTime: time },
    { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', lastTransitionTime: time },
  ],
};

/** The Pods as the views show them, by name. */
const shown = ({ runs }: Views) => new Map(runs.rows.flatMap(run => run.pods).map(pod => [pod.name, pod]));

/** Takes a namespace through the steps while its views have lost their connection at any of them. */
const steps = [
  ['it stays seen', undefined],
  ['the connection breaks', 'cut'],
] as const;
for (const [words, cut] of steps) {
  fault(17, `a node that is lost with its Pods, while ${words}`, {}, async t => {
    const made = await handmade(t, server.kubeconfig);
    const rude = await rudeServer(t, server.kubeconfig);
    const views = await openViews(t, rude.kubeconfig, made.cluster);
    const step = async (change: () => Promise<unknown>) => {
      if (cut) rude.cut();
      await change();
      await views.untilTrue();
    };
    const { jobs, pods } = made;
    const each = (change: (pod: string) => Promise<unknown>) => Promise.all(pods.map(change));
    const states = (of: (pod: PodRow) => unknown) => new Set([...shown(views).values()].map(of));

    await step(() => each(pod => made.setPodStatus(pod, lost)));
    // The node does not confirm that they ended, so they stay.
    await step(() => each(pod => made.dropPod(pod, 30)));
    assert.equal(shown(views).size, 4);
    assert.deepEqual(
      states(pod => pod.terminating),
      new Set([true]),
    );
    assert.deepEqual(
      states(pod => pod.node),
      new Set([NODE]),
    );
    // Others are started in their places, before and after the node is given up.
    await step(() => made.addPod(jobs[0] ?? ''));
    const given = pods.slice(0, 4);
    await step(() => Promise.all(given.map(pod => made.dropPod(pod, 0))));
    await step(() => made.addPod(jobs[1] ?? ''));
    assert.deepEqual([...shown(views).keys()].sort(), pods.slice(4).sort());
    assert.deepEqual(
      states(pod => pod.terminating),
      new Set([false]),
    );
  });
}

const EVICTED: [name: string, evict: (made: Handmade, pod: string) => Promise<unknown>, seen: Partial<PodRow>][] = [
  [
    'by a node that runs out of memory',
    (made, pod) =>
      made.setPodStatus(pod, { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }),
    { phase: 'failed', reason: 'Evicted', message: 'The node was low on resource: memory.', terminating: false },
  ],
  [
    'by whoever drains its node',
    ({ cluster, namespace }, pod) =>
      cluster.request({
        method: 'POST',
        path: `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`,
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod } },
      }),
    { phase: 'running', terminating: true },
  ],
];
for (const [name, evict, seen] of EVICTED) {
  fault(17, `a Pod that is evicted ${name}`, {}, async t => {
    const made = await handmade(t, server.kubeconfig);
    const views = await openViews(t, server.kubeconfig, made.cluster);
    const [pod = ''] = made.pods;
    await evict(made, pod);
    await views.untilTrue();
    assert.partialDeepStrictEqual(shown(views).get(pod), seen);
    await made.dropPod(pod, 0);
    await views.untilTrue();
    assert.equal(shown(views).has(pod), false);
  });
}
