import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster, LogOptions, PodRow } from '../../../src/cluster/index.ts';
import type { ClusterApi } from '../../../src/model/clusterLink.ts';
import { ItemReports } from '../../../src/model/itemReports.ts';
import type { KeptLog, KeptLogs } from '../../../src/model/keptLogs.ts';

const pod = (name: string, phase: string, restarts = 0) =>
  ({ uid: name, name, phase, restarts, containers: ['c'] }) as unknown as PodRow;
const log = (podUid: string, attempt: number, missed?: string) =>
  ({ podUid, pod: podUid, attempt, missed, leftOut: 0 }) as KeptLog;

function scene(pods: PodRow[], logs: Record<string, string>, keptLogs: KeptLog[], keptText = '') {
  const asked: string[] = [];
  const readFromDisk: string[] = [];
  const api = {
    async *readLog(_cluster: Cluster, { pod, previous, timestamps }: LogOptions) {
      assert.equal(timestamps, true);
      const name = previous ? `${pod} before` : pod;
      asked.push(name);
      const text = logs[name];
      if (text === undefined) throw new Error('gone');
      yield text;
    },
  } as unknown as ClusterApi;
  const kept = {
    of: () => keptLogs,
    read: async ({ podUid }: KeptLog) => {
      readFromDisk.push(podUid);
      return keptText;
    },
  } as unknown as KeptLogs;
  const { signal } = new AbortController();
  return {
    asked,
    readFromDisk,
    options: { api, cluster: {} as Cluster, kept, jobUid: 'j', namespace: 'test', pods, signal },
  };
}

const at = (second: number) => Date.parse(`2026-03-01T12:00:0${second}Z`);

test('items are read from the logs of Pods, of ended ones once, and of Pods that are gone from what is kept', async () => {
  const logs = {
    a: '2026-03-01T12:00:02Z work-queue item "apple"\n2026-03-01T12:00:03Z work-queue done 1.0s\n',
    b: '2026-03-01T12:00:04Z work-queue item "banana"\n',
  };
  const keptText = '2026-03-01T12:00:00Z work-queue item "cherry"\n2026-03-01T12:00:01Z work-queue failed 3 0.5s\n';
  const pods = [pod('a', 'succeeded'), pod('b', 'running'), pod('d', 'waiting')];
  const { asked, readFromDisk, options } = scene(pods, logs, [log('c', 0), log('a', 0), log('e', 0, 'gone')], keptText);
  const reports = new ItemReports();
  const expected = {
    items: [
      { pod: 'c', item: 'cherry', outcome: 'failed', exitCode: 3, seconds: 0.5, running: false, at: at(0) },
      { pod: 'a', item: 'apple', outcome: 'done', seconds: 1, running: false, at: at(2) },
      { pod: 'b', item: 'banana', outcome: 'unknown', running: true, at: at(4) },
    ],
    logs: 3,
    silent: 0,
    cut: 0,
    lost: 1,
    older: 0,
  };
  assert.deepEqual(await reports.of(options), expected);
  assert.deepEqual(await reports.of(options), expected);
  assert.deepEqual(asked, ['a', 'b', 'b']);
  assert.deepEqual(readFromDisk, ['c']);
});

test('what earlier starts of a container took is read too: kept ones from the disk, the last from the cluster', async () => {
  const logs = {
    a: 'nothing of items\n',
    'a before': '2026-03-01T12:00:01Z work-queue item "fig"\n',
  };
  const { asked, options } = scene([pod('a', 'succeeded', 3)], logs, [log('a', 0)], 'work-queue item "apple"\n');
  const account = await new ItemReports().of(options);
  assert.deepEqual(
    account.items.map(({ item }) => item),
    ['apple', 'fig'],
  );
  assert.deepEqual(asked, ['a before', 'a']);
  assert.deepEqual([account.logs, account.silent, account.lost], [3, 1, 1]);
});

test('of very many logs the newest are read; one that the node has removed counts as lost; a long one as cut', async () => {
  const pods = Array.from({ length: 205 }, (_, n) => pod(`p${n}`, 'succeeded'));
  const logs = Object.fromEntries(pods.map(({ name }) => [name, 'silent\n']));
  logs.p204 = 'unable to retrieve container logs for containerd://abc';
  logs.p203 = `2026-03-01T12:00:01Z work-queue item "fig"\n${'x'.repeat(99)}\n`.repeat(9000);
  const { asked, options } = scene(pods, logs, []);
  const { older, lost, cut, silent, logs: read } = await new ItemReports().of(options);
  assert.deepEqual({ older, lost, cut, silent, read }, { older: 5, lost: 1, cut: 1, silent: 198, read: 199 });
  assert.equal(asked.length, 200);
  assert.ok(!asked.includes('p4') && asked.includes('p5'));
});
