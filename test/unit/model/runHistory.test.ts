import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { toJobRow } from '../../../src/cluster/jobRow.ts';
import { Emitter } from '../../../src/model/emitter.ts';
import { RunHistory } from '../../../src/model/runHistory.ts';
import type { Run } from '../../../src/model/runs.ts';

const BROKER = 'amqp://guest@127.0.0.1';

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kwq-history-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function open(folder: string, broker: string | undefined = BROKER) {
  const onDidEnd = new Emitter<Run>();
  return { onDidEnd, history: new RunHistory(folder, { onDidEnd }, () => broker) };
}

const changed = (history: RunHistory) =>
  new Promise<void>(resolve => {
    const ending = history.onDidChange.on(() => {
      ending.dispose();
      resolve();
    });
  });

function run(n: number, o: { state?: 'complete' | 'failed' | 'running'; queue?: string; done?: number } = {}): Run {
  const { state = 'complete', queue = 'job1', done = 8 } = o;
  const row = toJobRow({ metadata: { uid: `uid-${n}`, name: `fruit-${n}`, namespace: 'shop' } });
  const job = {
    ...row,
    state,
    queue,
    succeeded: done,
    completions: 8,
    depthAtStart: 8,
    started: n,
    finished: n + 16_000,
  };
  const known = { name: queue, ready: 2, unacked: 1 } as NonNullable<Run['queue']>;
  const finding = { code: 'items-left-behind', severity: 'has-gone-wrong', proof: {}, remedies: [] } as const;
  return { job, pods: [], queue: known, findings: [{ ...finding, remedies: [] }] };
}

test('a run that ends is kept with its numbers, and is there when the editor is started again', async t => {
  const folder = await folderOf(t);
  const { history, onDidEnd } = open(folder);
  const kept = changed(history);
  onDidEnd.fire(run(1));
  await kept;
  const [result] = history.of('job1', BROKER);
  assert.partialDeepStrictEqual(result, {
    job: 'fruit-1',
    items: 8,
    done: 8,
    left: 3,
    started: 1,
    finished: 16_001,
    findings: ['items-left-behind'],
  });
  // Both are written in turn: when the second is done, the first is on the disk.
  await history.record(run(2));
  const again = open(folder).history;
  await changed(again);
  assert.deepEqual(
    again.all.map(({ job }) => job),
    ['fruit-2', 'fruit-1'],
  );
  assert.deepEqual(await readdir(folder), ['run-history.json']);
});

test('two windows lose nothing of each other’s, and keep a run that both saw once', async t => {
  const folder = await folderOf(t);
  const [a, b] = [open(folder).history, open(folder).history];
  await a.record(run(1));
  await b.record(run(2));
  await a.record(run(2, { done: 7 }));
  await b.record(run(3));
  const file = JSON.parse(await readFile(join(folder, 'run-history.json'), 'utf8'));
  assert.deepEqual(
    file.map((one: { job: string; done: number }) => [one.job, one.done]),
    [
      ['fruit-3', 8],
      ['fruit-2', 7],
      ['fruit-1', 8],
    ],
  );
});

test('the newest thousand are kept', async t => {
  const folder = await folderOf(t);
  const { history } = open(folder);
  await history.record(run(0));
  const [one] = history.all;
  const many = Array.from({ length: 1_200 }, (_, n) => ({ ...one, uid: `old-${n}`, finished: 20_000 + n }));
  await writeFile(join(folder, 'run-history.json'), JSON.stringify(many));
  await history.record(run(100_000));
  assert.equal(history.all.length, 1_000);
  assert.deepEqual([history.all[0]?.uid, history.all[1]?.uid], ['uid-100000', 'old-1199']);
});

test('a file that is damaged is begun anew, and what is no result is left out', async t => {
  const folder = await folderOf(t);
  const path = join(folder, 'run-history.json');
  for (const damaged of ['{', '{"a":1}', '[null, 3, {"uid": "x"}]']) {
    await writeFile(path, damaged);
    const { history } = open(folder);
    await history.record(run(1));
    assert.deepEqual(
      history.all.map(({ uid }) => uid),
      ['uid-1'],
    );
  }
});

test('a queue has the runs that took from it on this broker', async t => {
  const folder = await folderOf(t);
  const { history } = open(folder);
  await history.record(run(1));
  await history.record(run(2, { queue: 'job2' }));
  await history.record(run(3, { state: 'running' }));
  assert.deepEqual(
    history.of('job1', BROKER).map(({ job }) => job),
    ['fruit-1'],
  );
  assert.deepEqual(history.of('job1', 'amqp://guest@elsewhere'), []);
  assert.equal(history.of('job1', undefined).length, 1);
});
