import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Cluster, JobRow, LogOptions, PodRow } from '../../../src/cluster/index.ts';
import type { ClusterApi } from '../../../src/model/clusterLink.ts';
import { Emitter } from '../../../src/model/emitter.ts';
import { KeptLogs } from '../../../src/model/keptLogs.ts';
import { LogFeed } from '../../../src/model/logFeed.ts';

const job = { uid: 'j1', name: 'job', namespace: 'test', state: 'running' } as JobRow;
const pod = (n: number, more: Partial<PodRow> = {}): PodRow =>
  ({ uid: `p${n}`, name: `job-${n}`, phase: 'running', restarts: 0, containers: ['c'], ...more }) as PodRow;

type Answer = (o: LogOptions) => AsyncGenerator<string>;

async function scene(t: TestContext, pods: PodRow[], answer: Answer) {
  const storage = await mkdtemp(join(tmpdir(), 'feed-'));
  const asked: LogOptions[] = [];
  const lines: string[] = [];
  const changes = new Emitter();
  const stop = new AbortController();
  const api = {
    readLog: (_cluster: Cluster, o: LogOptions) => {
      asked.push(o);
      return answer(o);
    },
  } as unknown as ClusterApi;
  const runs = {
    onDidChange: new Emitter(),
    namespaces: [],
    pods,
    find: () => ({ job, pods: runs.pods, queue: undefined, findings: [] }),
  };
  const feed = new LogFeed({
    api,
    cluster: async () => ({}) as Cluster,
    runs,
    kept: new KeptLogs(storage),
    scope: { jobUid: 'j1', namespace: 'test', podUid: undefined, container: undefined, previous: false },
    onPart: ({ pod, attempt }, { text }) => void lines.push(`${pod} ${attempt} ${text.trimEnd()}`),
    onReopen: () => {},
    onState: () => changes.fire(),
    signal: stop.signal,
    againMs: 20,
  });
  t.after(async () => {
    stop.abort();
    await rm(storage, { recursive: true, force: true });
  });
  const until = async (isSo: () => boolean) => {
    while (!isSo()) {
      await new Promise<void>(resolve => {
        const listener = changes.on(() => {
          listener.dispose();
          resolve();
        });
      });
    }
  };
  return { feed, asked, lines, runs, stop, until };
}

const LIMIT = { timeout: 20_000 };

/** An open log: it ends when its reader stops. */
async function* open(o: LogOptions): AsyncGenerator<string> {
  yield `2026-03-01T12:00:00.000000000Z of ${o.pod}\n`;
  await new Promise<void>(resolve => o.signal.addEventListener('abort', () => resolve()));
}

test('of many running Pods twenty are followed at once, the others wait and are counted', LIMIT, async t => {
  const pods = Array.from({ length: 35 }, (_, n) => pod(n));
  const { feed, asked, stop, until } = await scene(t, pods, open);
  await until(() => asked.length >= 20);
  assert.equal(asked.length, 20);
  assert.ok(asked.every(o => o.follow && o.timestamps));
  assert.equal(feed.sources.filter(({ state }) => state.kind === 'waiting').length, 15);
  stop.abort();
  await new Promise(setImmediate);
  assert.equal(asked.length, 20, 'nothing is begun once the document is closed');
});

test(
  'Pods that have ended are read once, six at a time; of very many only the newest that succeeded, and all failed ones',
  LIMIT,
  async t => {
    let reading = 0;
    let most = 0;
    const pods = Array.from({ length: 510 }, (_, n) => pod(n, { phase: n === 0 ? 'failed' : 'succeeded' }));
    const { feed, asked, runs, until } = await scene(t, pods, async function* (o) {
      most = Math.max(most, ++reading);
      await new Promise(setImmediate);
      yield `2026-03-01T12:00:00Z of ${o.pod}\n`;
      reading--;
    });
    await until(() => feed.sources.every(({ state }) => state.kind === 'ended'));
    runs.onDidChange.fire();
    assert.equal(most, 6);
    assert.equal(asked.length, 501);
    assert.ok(asked.some(o => o.pod === 'job-0') && !asked.some(o => o.pod === 'job-1'));
    assert.equal(feed.leftOut, 9);
    assert.ok(asked.every(o => !o.follow && o.tailLines !== undefined));
  },
);

test('what a container wrote before it was started again is read too', LIMIT, async t => {
  const { feed, lines, until } = await scene(t, [pod(1, { phase: 'failed', restarts: 2 })], async function* (o) {
    yield `2026-03-01T12:00:00Z ${o.previous ? 'before' : 'now'}\n`;
  });
  await until(() => feed.sources.every(({ state }) => state.kind === 'ended'));
  assert.deepEqual(lines.sort(), ['job-1 1 before', 'job-1 2 now']);
});

test('a log that breaks off is taken up again behind its last line', LIMIT, async t => {
  const stamp = (n: number) => `2026-03-01T12:00:00.00000000${n}Z`;
  const { feed, asked, lines, runs, until } = await scene(t, [pod(1)], async function* (o) {
    yield `${stamp(1)} one\n`;
    if (o.sinceTime === undefined) {
      yield `${stamp(2)} hal`;
      throw Object.assign(new Error('cut'), { code: 'unreachable' });
    }
    yield `${stamp(2)} half\n`;
  });
  await until(() => feed.sources.some(({ state }) => state.kind === 'failed'));
  await until(() => asked.length === 2);
  runs.pods = [pod(1, { phase: 'succeeded' })];
  runs.onDidChange.fire();
  await until(() => feed.sources.every(({ state }) => state.kind === 'ended'));
  assert.deepEqual(lines, ['job-1 0 one', 'job-1 0 hal', 'job-1 0 half']);
  assert.equal(asked[1]?.sinceTime, '2026-03-01T12:00:00Z');
});

test('a log that may not be read is said to be so, and not asked for again', LIMIT, async t => {
  // biome-ignore lint/correctness/useYield: it fails before its first piece
  const { feed, asked, runs, until } = await scene(t, [pod(1)], async function* () {
    throw Object.assign(new Error('no'), { code: 'forbidden' });
  });
  await until(() => feed.sources.some(({ state }) => state.kind === 'failed'));
  assert.deepEqual(
    feed.sources.map(({ state }) => state.kind === 'failed' && state.again),
    [false],
  );
  runs.onDidChange.fire();
  await new Promise(setImmediate);
  assert.equal(asked.length, 1);
});

test(
  'a container that was not started anew with its neighbour has one log, and is asked once for another',
  LIMIT,
  async t => {
    const twins = pod(1, { phase: 'failed', restarts: 1, containers: ['a', 'b'] });
    const { feed, asked, runs, until } = await scene(t, [twins], async function* (o) {
      if (o.previous && o.container === 'b') throw Object.assign(new Error('none'), { code: 'invalid' });
      yield '2026-03-01T12:00:00Z text\n';
    });
    await until(() => feed.sources.length === 3 && feed.sources.every(({ state }) => state.kind === 'ended'));
    runs.onDidChange.fire();
    await new Promise(setImmediate);
    assert.equal(feed.sources.length, 3);
    assert.equal(asked.length, 4);
  },
);

test('words that there is no log any more are no line of it: the log is lost', LIMIT, async t => {
  const { feed, lines, until } = await scene(t, [pod(1, { phase: 'failed' })], async function* () {
    yield 'unable to retrieve container';
    yield ' logs for containerd://0123abc';
  });
  await until(() => feed.sources.some(({ state }) => state.kind === 'lost'));
  assert.deepEqual(lines, []);
});

test('a line that only begins like those words is shown', LIMIT, async t => {
  const { feed, lines, until } = await scene(t, [pod(1, { phase: 'failed' })], async function* () {
    yield 'unable to retrieve container';
    yield ' logs for a day\n';
  });
  await until(() => feed.sources.every(({ state }) => state.kind === 'ended'));
  assert.deepEqual(lines, ['job-1 0 unable to retrieve container logs for a day']);
});
