import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Cluster, JobRow, LogOptions, PodRow } from '../../../src/cluster/index.ts';
import type { ClusterApi } from '../../../src/model/clusterLink.ts';
import { Emitter } from '../../../src/model/emitter.ts';
import { KeptLogs } from '../../../src/model/keptLogs.ts';
import { LogKeeper } from '../../../src/model/logKeeper.ts';

const job = { uid: 'j1', name: 'job', namespace: 'test', queue: 'q', state: 'running' } as JobRow;
const pod = {
  uid: 'p1',
  name: 'job-aaaaa',
  jobUid: 'j1',
  phase: 'running',
  restarts: 0,
  terminating: false,
  containers: ['c'],
} as PodRow;

interface Scene {
  kept: KeptLogs;
  asked: LogOptions[];
  see(rows: { job: JobRow; pods: PodRow[] }[]): void;
  /** Waits until so many logs have been kept or missed. */
  until(count: number): Promise<unknown[]>;
}

async function scene(t: TestContext, answer: (o: LogOptions) => string | Error): Promise<Scene> {
  const storage = await mkdtemp(join(tmpdir(), 'keeper-'));
  const kept = new KeptLogs(storage);
  const asked: LogOptions[] = [];
  const api = {
    async *readLog(_cluster: Cluster, o: LogOptions) {
      asked.push(o);
      const text = answer(o);
      if (text instanceof Error) throw text;
      yield text;
    },
  } as unknown as ClusterApi;
  const runs = {
    onDidChange: new Emitter(),
    rows: [] as { job: JobRow; pods: PodRow[] }[],
    namespaces: [{ namespace: 'test', state: { kind: 'live' } as const }],
  };
  const cluster = {
    api: async () => api,
    get: async () => ({ context: 'lab' }) as Cluster,
    place: { context: 'lab', namespace: 'test' },
  };
  const keeper = new LogKeeper(runs, cluster, kept);
  t.after(async () => {
    keeper.dispose();
    await rm(storage, { recursive: true, force: true });
  });
  return {
    kept,
    asked,
    see(rows) {
      runs.rows = rows;
      runs.onDidChange.fire();
    },
    async until(count) {
      const told = () => kept.all.map(({ pod, attempt, missed }) => [pod, attempt, missed]);
      while (told().length < count) {
        await new Promise<void>(resolve => {
          const listener = kept.onDidChange.on(() => {
            listener.dispose();
            resolve();
          });
        });
      }
      return told();
    },
  };
}

const LIMIT = { timeout: 10_000 };
const failure = (code: string) => Object.assign(new Error(code), { code });

test('the log of a Pod that fails while its run is watched is kept at once, and only once', LIMIT, async t => {
  const { see, asked, until, kept } = await scene(t, () => 'it broke\n');
  see([{ job, pods: [pod] }]);
  assert.equal(asked.length, 0, 'a Pod that runs is left alone');
  const failed = { ...pod, phase: 'failed', exitCode: 3 } as PodRow;
  see([{ job, pods: [failed] }]);
  see([{ job, pods: [failed] }]);
  assert.deepEqual(await until(1), [['job-aaaaa', 0, undefined]]);
  assert.equal(await kept.read({ podUid: 'p1', pod: 'job-aaaaa', container: 'c', attempt: 0 }), 'it broke\n');
  assert.equal(asked.length, 1);
});

test('what had failed before the Job was looked at stays where it is until it is deleted', LIMIT, async t => {
  const { see, asked, until } = await scene(t, () => 'old\n');
  const ended = { ...job, state: 'failed' } as JobRow;
  const failed = { ...pod, phase: 'failed', exitCode: 3 } as PodRow;
  see([{ job: ended, pods: [failed] }]);
  assert.equal(asked.length, 0);
  see([]);
  assert.deepEqual(await until(1), [['job-aaaaa', 0, undefined]]);
});

test(
  'when a Job is deleted, or ends by its backoffLimit, its running Pods’ logs are followed to the last',
  LIMIT,
  async t => {
    const { see, asked, until } = await scene(t, () => 'working\n');
    const other = { ...pod, uid: 'p2', name: 'job-bbbbb' };
    see([{ job, pods: [pod, other] }]);
    see([{ job, pods: [{ ...pod, terminating: true }, other] }]);
    await until(1);
    see([]);
    await until(2);
    assert.deepEqual(
      asked.map(o => [o.pod, o.follow, o.previous]),
      [
        ['job-aaaaa', true, undefined],
        ['job-bbbbb', true, undefined],
      ],
    );
  },
);

test('each failed start of a container is kept, and what was read too late is not taken for it', LIMIT, async t => {
  const state = { late: true };
  const { see, asked, until, kept } = await scene(t, o => {
    // While the log is read, the container is started again: what comes is the new one's.
    if (state.late) see([{ job, pods: [{ ...pod, restarts: 1 }] }]);
    state.late = false;
    return o.previous ? 'first\n' : 'second\n';
  });
  see([{ job, pods: [pod] }]);
  see([{ job, pods: [{ ...pod, phase: 'waiting', exitCode: 1 }] }]);
  assert.deepEqual(await until(1), [['job-aaaaa', 0, undefined]]);
  assert.equal(await kept.read({ podUid: 'p1', pod: 'job-aaaaa', container: 'c', attempt: 0 }), 'first\n');
  assert.deepEqual(
    asked.map(o => o.previous),
    [undefined, true],
  );
});

test(
  'a Pod that went before its log could be read is said to be missed; a cluster that is away is asked again',
  LIMIT,
  async t => {
    const answers = [failure('unreachable'), failure('not-found')];
    const { see, asked, until } = await scene(t, () => answers.shift() ?? 'x');
    const failed = { ...pod, phase: 'failed', exitCode: 3 } as PodRow;
    see([{ job, pods: [failed] }]);
    while (asked.length < 2) {
      await new Promise(setImmediate);
      see([{ job, pods: [failed] }]);
    }
    assert.deepEqual(await until(1), [['job-aaaaa', 0, 'gone']]);
  },
);

test('a Pod that vanishes between two looks is missed; one that had succeeded is no loss', LIMIT, async t => {
  const { see, asked, until } = await scene(t, () => 'x');
  see([{ job, pods: [pod, { ...pod, uid: 'p2', name: 'job-bbbbb', phase: 'succeeded' }] }]);
  see([{ job, pods: [] }]);
  assert.deepEqual(await until(1), [['job-aaaaa', 0, 'gone']]);
  assert.equal(asked.length, 0);
});

test('the logs of Jobs that take no queue’s messages are nobody’s business here', LIMIT, async t => {
  const { see, asked } = await scene(t, () => 'x');
  const foreign = { ...job, queue: undefined };
  see([{ job: foreign, pods: [pod] }]);
  see([{ job: foreign, pods: [{ ...pod, phase: 'failed', exitCode: 1 } as PodRow] }]);
  see([]);
  await new Promise(setImmediate);
  assert.equal(asked.length, 0);
});
