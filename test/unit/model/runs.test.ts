import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { ClusterLink } from '../../../src/model/clusterLink.ts';
import { Emitter } from '../../../src/model/emitter.ts';
import type { QueueKnown } from '../../../src/model/queues.ts';
import type { QueuesOfRuns } from '../../../src/model/runAccounts.ts';
import { type Run, Runs } from '../../../src/model/runs.ts';
import { type Call, fakeServer, json, refuse, writeKubeconfig } from '../cluster/fakeServer.ts';

const LIMIT = { timeout: 30_000 };

interface Conditions {
  status?: object;
  queue?: string;
  namespace?: string;
}

const jobObject = (name: string, { status = { active: 1 }, queue = 'job1', namespace = 'test' }: Conditions = {}) => ({
  metadata: { uid: name, name, namespace, creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '1' },
  spec: {
    completions: 2,
    template: { spec: { containers: [{ name: 'c', env: [{ name: 'QUEUE', value: queue }] }] } },
  },
  status,
});

const done = { succeeded: 2, conditions: [{ type: 'Complete', status: 'True' }] };

const podObject = (name: string, job: string, namespace = 'test') => ({
  metadata: {
    uid: name,
    name,
    namespace,
    resourceVersion: '1',
    labels: { 'batch.kubernetes.io/job-name': job, 'batch.kubernetes.io/controller-uid': job },
  },
  spec: { containers: [{ name: 'c' }] },
  status: { phase: 'Running' },
});

/** The queues of a broker whose figures are always fresh. */
function queuesWith(names: string[]): QueuesOfRuns & { lookers: number } {
  return {
    lookers: 0,
    onDidChange: new Emitter(),
    isMissing: () => false,
    published: () => 0,
    details: async () => undefined,
    redelivered: async () => undefined,
    find: name =>
      names.includes(name)
        ? ({
            name,
            ready: 0,
            unacked: 0,
            consumers: 0,
            at: 0,
            // Figures of a moment after every look: no test waits out the lag of a real broker.
            sample: { ready: 0, unacked: 0, at: Number.MAX_SAFE_INTEGER },
          } as unknown as QueueKnown)
        : undefined,
    look() {
      this.lookers++;
      return { dispose: () => this.lookers-- };
    },
  };
}

/** Runs of a cluster whose lists are those of `lists`, by path; what a watch tells is sent by `tell`. */
async function runsOf(
  t: TestContext,
  o: { lists: Record<string, object[] | undefined>; followed?: string[]; namespaces?: string[] },
) {
  const watches = new Map<string, ServerResponse>();
  const fake = await fakeServer(t, ({ path, query }: Call, response) => {
    const items = o.lists[path];
    if (!items) return refuse(response, 403, `${path} is forbidden`);
    if (query.get('watch') !== 'true') return json(response, 200, { metadata: { resourceVersion: '1' }, items });
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    watches.set(path, response);
    response.on('close', () => watches.delete(path));
  });
  const kubeconfig = await writeKubeconfig(t, { server: fake.url });
  const cluster = new ClusterLink({
    kubeconfig: () => kubeconfig,
    choice: { get: () => ({}), set: async () => undefined },
    trusted: () => true,
  });
  const kept: { uids: string[] } = { uids: o.followed ?? [] };
  const queues = queuesWith(['job1']);
  const runs = new Runs(cluster, queues, {
    followed: {
      get: () => kept.uids,
      set: async uids => {
        kept.uids = uids;
      },
    },
    namespaces: () => o.namespaces ?? [],
  });
  const ended: Run[] = [];
  runs.onDidEnd.on(run => ended.push(run));
  t.after(() => {
    runs.dispose();
    cluster.dispose();
  });
  const until = async (what: string, is: () => boolean) => {
    for (const signal = AbortSignal.timeout(10_000); !is(); ) {
      if (signal.aborted) throw new Error(`waited for: ${what}`);
      await new Promise(resolve => setImmediate(resolve));
    }
  };
  const tell = (path: string, type: string, object: object) =>
    watches.get(path)?.write(`${JSON.stringify({ type, object })}\n`);
  return { runs, cluster, kept, queues, ended, until, tell, watches, calls: fake.calls };
}

const JOBS = '/apis/batch/v1/namespaces/test/jobs';
const PODS = '/api/v1/namespaces/test/pods';
const names = (runs: Runs) => runs.rows.map(({ job }) => job.name).join();

/** The row of a Job as its creation returns it. */
async function created(name: string) {
  const { toJobRow } = await import('../../../src/cluster/index.ts');
  // The API server's dates are texts; the client's types say Date.
  return toJobRow(jobObject(name) as unknown as Parameters<typeof toJobRow>[0]);
}

test('a Job is shown with its own Pods', LIMIT, async t => {
  const lists = { [JOBS]: [jobObject('a'), jobObject('b')], [PODS]: [podObject('a-1', 'a'), podObject('x', 'gone')] };
  const { runs, until } = await runsOf(t, { lists });
  runs.look();
  await until('the Pod', () => runs.find('a')?.pods.length === 1);
  assert.equal(names(runs), 'a,b');
  assert.deepEqual(
    runs.find('a')?.pods.map(pod => pod.name),
    ['a-1'],
  );
  assert.deepEqual(runs.find('b')?.pods, []);
});

test('a Job created here is there at once and stays, until the watch names it', LIMIT, async t => {
  const { runs, until, tell, watches, kept } = await runsOf(t, { lists: { [JOBS]: [jobObject('a')], [PODS]: [] } });
  runs.look();
  await until('the watch', () => watches.has(JOBS) && names(runs) === 'a');
  runs.follow(await created('new'));
  assert.equal(names(runs), 'a,new');
  tell(JOBS, 'MODIFIED', jobObject('a', { status: done }));
  await until('the other Job’s end', () => runs.find('a')?.job.state === 'complete');
  assert.equal(names(runs), 'new,a');
  assert.deepEqual(kept.uids, ['new']);
  tell(JOBS, 'ADDED', jobObject('new', { status: done }));
  await until('its end', () => runs.find('new')?.job.state === 'complete');
  assert.deepEqual(kept.uids, []);
});

test('a Job created here is never there twice, whenever the queue’s figures come', LIMIT, async t => {
  const { runs, until, tell, watches, queues } = await runsOf(t, { lists: { [JOBS]: [], [PODS]: [] } });
  runs.look();
  await until('the watch', () => watches.has(JOBS));
  runs.follow(await created('new'));
  tell(JOBS, 'ADDED', jobObject('new', { status: { active: 1, ready: 1 } }));
  await until('the watch to name it', () => {
    queues.onDidChange.fire();
    assert.equal(names(runs), 'new');
    return runs.find('new')?.job.ready === 1;
  });
});

test('a run’s end is told once, and then nothing is watched any more', LIMIT, async t => {
  const { runs, until, tell, watches, ended, queues } = await runsOf(t, {
    lists: { [JOBS]: [jobObject('a')], [PODS]: [] },
  });
  runs.follow(await created('a'));
  await until('the watch', () => watches.has(JOBS));
  assert.equal(queues.lookers, 1);
  tell(JOBS, 'MODIFIED', jobObject('a', { status: done }));
  await until('the end', () => ended.length > 0);
  await until('nothing watched', () => watches.size === 0);
  assert.deepEqual(
    ended.map(({ job }) => job.name),
    ['a'],
  );
  assert.equal(queues.lookers, 0);
});

test('a run that was started here and ended while the editor was closed is told at the next start', LIMIT, async t => {
  const { runs, until, ended, kept, watches } = await runsOf(t, {
    lists: { [JOBS]: [jobObject('mine', { status: done }), jobObject('other', { status: done })], [PODS]: [] },
    followed: ['mine'],
  });
  runs.resume();
  await until('the end', () => ended.length > 0);
  assert.deepEqual(
    ended.map(({ job }) => job.name),
    ['mine'],
  );
  assert.deepEqual(kept.uids, []);
  await until('nothing watched', () => watches.size === 0);
});

test('a start without runs of before asks the cluster nothing', LIMIT, async t => {
  const { runs, calls, cluster } = await runsOf(t, { lists: { [JOBS]: [], [PODS]: [] } });
  runs.resume();
  await cluster.get();
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(calls.length, 0);
});

test('a run that was deleted while the editor was closed is forgotten', LIMIT, async t => {
  const { runs, until, kept, ended, watches } = await runsOf(t, {
    lists: { [JOBS]: [], [PODS]: [] },
    followed: ['deleted'],
  });
  runs.resume();
  await until('forgotten', () => kept.uids.length === 0);
  await until('nothing watched', () => watches.size === 0);
  assert.equal(ended.length, 0);
});

test('rows stay while everything is read anew, and after the kubeconfig was written again', LIMIT, async t => {
  const lists: Record<string, object[]> = { [JOBS]: [jobObject('a')], [PODS]: [podObject('a-1', 'a')] };
  const { runs, until, cluster, calls } = await runsOf(t, { lists });
  const seen = new Set<string>();
  runs.look();
  await until('the Pod', () => runs.find('a')?.pods.length === 1);
  runs.onDidChange.on(() => seen.add(names(runs)));
  lists[JOBS] = [jobObject('a'), jobObject('b')];
  await runs.refresh();
  await until('the new list', () => names(runs) === 'a,b');
  const before = calls.length;
  cluster.reset();
  await until('the next list', () => calls.length >= before + 2);
  assert.deepEqual([...seen].sort(), ['a', 'a,b']);
});

test('a namespace that may not be read says so and takes nothing from the others', LIMIT, async t => {
  const other = jobObject('b', { namespace: 'more' });
  const { runs, until, cluster } = await runsOf(t, {
    lists: {
      [JOBS]: [jobObject('a')],
      [PODS]: [],
      '/apis/batch/v1/namespaces/more/jobs': [other],
      '/api/v1/namespaces/more/pods': [podObject('b-1', 'b', 'more')],
    },
    namespaces: ['more', 'closed'],
  });
  runs.look();
  await until('all', () => runs.find('b')?.pods.length === 1 && runs.namespaces[2]?.state.kind === 'reconnecting');
  assert.equal(names(runs), 'a,b');
  assert.deepEqual(
    runs.namespaces.map(({ namespace, state }) => [namespace, state.kind]),
    [
      ['test', 'live'],
      ['more', 'live'],
      ['closed', 'reconnecting'],
    ],
  );
  assert.equal(cluster.state.kind, 'live');
  assert.equal(runs.find('b')?.queue, undefined, 'a queue of the same name may be another broker’s');
  assert.deepEqual(
    runs.claims('job1').map(({ name }) => name),
    ['a'],
  );
});
