import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster, LogOptions, PodRow } from '../../../src/cluster/index.ts';
import type { ClusterApi } from '../../../src/model/clusterLink.ts';
import { ItemReports } from '../../../src/model/itemReports.ts';
import type { KeptLog, KeptLogs } from '../../../src/model/keptLogs.ts';

test('items are read from the logs of Pods, of ended ones once, and of Pods that are gone from what is kept', async () => {
  const asked: string[] = [];
  const logs: Record<string, string> = {
    a: 'work-queue item "apple"\nProcessing apple\nwork-queue done 1.0s\n',
    b: 'work-queue item "banana"\n',
  };
  const api = {
    async *readLog(_cluster: Cluster, { pod }: LogOptions) {
      asked.push(pod);
      yield logs[pod] ?? '';
    },
  } as unknown as ClusterApi;
  const pod = (name: string, phase: string) =>
    ({ uid: name, name, phase, restarts: 0, containers: ['c'] }) as unknown as PodRow;
  const gone = { podUid: 'c', pod: 'c', missed: undefined } as KeptLog;
  const kept = {
    of: () => [gone, { ...gone, podUid: 'a', pod: 'a' }],
    read: async () =>
      '2026-03-01T12:00:00.1Z work-queue item "cherry"\n2026-03-01T12:00:01.1Z work-queue failed 3 0.5s\n',
  } as unknown as KeptLogs;
  const reports = new ItemReports();
  const options = {
    api,
    cluster: {} as Cluster,
    kept,
    jobUid: 'j',
    namespace: 'test',
    pods: [pod('a', 'succeeded'), pod('b', 'running'), pod('d', 'waiting')],
    signal: new AbortController().signal,
  };
  const expected = [
    { pod: 'c', item: 'cherry', outcome: 'failed', exitCode: 3, seconds: 0.5, running: false },
    { pod: 'a', item: 'apple', outcome: 'done', seconds: 1, running: false },
    { pod: 'b', item: 'banana', outcome: 'unknown', running: true },
  ];
  assert.deepEqual(await reports.of(options), expected);
  assert.deepEqual(await reports.of(options), expected);
  assert.deepEqual(asked, ['a', 'b', 'b']);
});
