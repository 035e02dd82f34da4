import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as api from '../../../src/cluster/index.ts';
import { Emitter } from '../../../src/model/emitter.ts';
import { JobWatch } from '../../../src/model/jobWatch.ts';
import { KeptLogs } from '../../../src/model/keptLogs.ts';
import { LogFeed } from '../../../src/model/logFeed.ts';
import { LogKeeper } from '../../../src/model/logKeeper.ts';
import type { Run } from '../../../src/model/runs.ts';
import { labNamespace, WORKER_IMAGE } from '../cluster/namespace.ts';

const LIMIT = { timeout: 90_000 };
const cluster = await labNamespace();
const { context, namespace } = cluster;
const storage = await mkdtemp(join(tmpdir(), 'kept-'));
const kept = new KeptLogs(storage);
const stop = new AbortController();
const watch = new JobWatch(namespace);
const runs = {
  onDidChange: new Emitter(),
  get rows(): Run[] {
    return watch.jobs.map(job => ({ job, pods: watch.pods.get(job.uid) ?? [], queue: undefined, findings: [] }));
  },
  find: (uid: string) => runs.rows.find(({ job }) => job.uid === uid),
  namespaces: [watch],
};
const changed = () => runs.onDidChange.fire();
watch.start({ api, cluster, signal: stop.signal, onChange: changed, onState: changed });
const keeper = new LogKeeper(
  runs,
  { api: async () => api, get: async () => cluster, place: { context, namespace } },
  kept,
);
after(async () => {
  keeper.dispose();
  stop.abort();
  await rm(storage, { recursive: true, force: true });
});

/** Waits until something is so, asked at each change of the Jobs, their Pods and the kept logs. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise<void>(resolve => {
      const endings = [runs.onDidChange, kept.onDidChange].map(emitter =>
        emitter.on(() => {
          for (const ending of endings) ending.dispose();
          resolve();
        }),
      );
    });
  }
}

function create(name: string, command: string, spec: object, restartPolicy: string) {
  const containers = [
    { name: 'c', image: WORKER_IMAGE, command: ['sh', '-c', command], env: [{ name: 'QUEUE', value: 'job1' }] },
  ];
  const template = { spec: { restartPolicy, terminationGracePeriodSeconds: 1, containers } };
  const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { ...spec, template } };
  return api.createJob(cluster, { namespace, body });
}

/** @returns the lines of all logs of a Job, as its document reads them, once all have ended */
async function lines(jobUid: string): Promise<string[]> {
  const found: string[] = [];
  const end = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  let feed: LogFeed | undefined;
  const look = () => {
    const sources = feed?.sources ?? [];
    if (sources.length > 0 && sources.every(({ state }) => state.kind === 'kept')) resolve();
  };
  feed = new LogFeed({
    api,
    cluster: async () => cluster,
    runs,
    kept,
    scope: { jobUid, namespace, podUid: undefined, container: undefined, previous: false },
    onPart: (source, part) => void found.push(`${source.attempt} ${part.text.trimEnd()}`),
    onReopen: () => {},
    onState: look,
    signal: end.signal,
  });
  await promise;
  end.abort();
  return found;
}

const running = await create('deleted', 'echo at work; sleep 600', { completions: 3, parallelism: 3 }, 'Never');

test('the logs of a Job that OnFailure ends at its backoffLimit outlast its Pods', LIMIT, async () => {
  const { uid } = await create('broken', 'echo attempt; exit 4', { backoffLimit: 1 }, 'OnFailure');
  await until(() => runs.find(uid)?.job.state === 'failed');
  await until(() => (runs.find(uid)?.pods.length ?? 1) === 0 && kept.of(uid).length > 0);
  const logs = kept.of(uid);
  assert.ok(
    logs.some(({ missed }) => missed === undefined),
    JSON.stringify(logs),
  );
  assert.ok((await lines(uid)).includes('0 attempt'));
});

test('what running Pods have written is kept when their Job is deleted', LIMIT, async () => {
  const { uid } = running;
  await until(() => runs.find(uid)?.pods.filter(({ phase }) => phase === 'running').length === 3);
  await api.deleteJob(cluster, { namespace, name: 'deleted', uid });
  await until(() => kept.of(uid).length === 3);
  assert.deepEqual(await lines(uid), Array(3).fill('0 at work'));
});
