import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeptLog, LogSource } from '../../../src/model/keptLogs.ts';
import { SHOW_ALL } from '../../../src/ui/logFilter.ts';
import type { LogPage } from '../../../src/ui/logPage.ts';

const { logPage } = await import('../../../src/ui/logPage.ts');

const a: LogSource = { podUid: 'ua', pod: 'job-aaaaa', container: 'c', attempt: 0 };
const b: LogSource = { podUid: 'ub', pod: 'job-bbbbb', container: 'c', attempt: 1 };
const page: LogPage = {
  merged: 'job',
  lines: [
    { source: a, text: 'one' },
    { source: b, text: 'two' },
  ],
  linesLeftOut: 0,
  sources: [
    { source: a, state: { kind: 'reading' } },
    { source: b, state: { kind: 'ended' } },
  ],
  podsLeftOut: 0,
  filter: SHOW_ALL,
  failed: ({ podUid }) => podUid === 'ub',
  end: undefined,
};

test('each line of a Job’s log begins with its Pod’s name, and which start of its container it is', () => {
  assert.equal(logPage(page), '[aaaaa] one\n[bbbbb/2] two\n');
});

test('the log of one Pod has no names; that its container was started again stands between', () => {
  const lines = [
    { source: { ...b, attempt: 0 }, text: 'first' },
    { source: b, text: 'second' },
  ];
  assert.equal(logPage({ ...page, merged: undefined, lines }), 'first\n— the container was started again —\nsecond\n');
});

test('a filter leaves lines out and says how many are shown', () => {
  const filter = { text: 'o', pods: 'failed' } as const;
  assert.equal(logPage({ ...page, filter }), '— filter: 1 of 2 lines, with o, of failed Pods —\n[bbbbb/2] two\n');
  const one = { text: '', pods: { uid: 'ua', name: 'job-aaaaa' } };
  assert.match(logPage({ ...page, filter: one }), /1 of 2 lines, job-aaaaa —\n\[aaaaa\] one\n$/);
  const broken = { text: '/(/', pods: 'all' } as const;
  assert.match(
    logPage({ ...page, filter: broken }),
    /\/\(\/ is no regular expression; all lines are shown —\n.*one\n.*two/,
  );
});

test('what is left out, kept, missed and refused is said, each once', () => {
  const log: KeptLog = {
    ...a,
    jobUid: 'j',
    job: 'job',
    namespace: 'n',
    context: 'lab',
    phase: 'failed',
    reason: undefined,
    exitCode: 1,
    started: 0,
    finished: 1,
    keptAt: 2,
    leftOut: 3 * 1024 * 1024,
    missed: undefined,
  };
  const gone = { ...log, ...b, missed: 'gone' };
  const error = Object.assign(new Error('x'), { name: 'ClusterError', code: 'forbidden', detail: 'no' });
  const failing = { kind: 'failed', error, again: false } as const;
  const text = logPage({
    ...page,
    linesLeftOut: 7,
    podsLeftOut: 2,
    sources: [
      { source: a, state: { kind: 'kept', log } },
      { source: b, state: { kind: 'kept', log: gone } },
      { source: { ...a, pod: 'job-ccccc', podUid: 'uc' }, state: failing },
      { source: { ...a, pod: 'job-ddddd', podUid: 'ud' }, state: failing },
      { source: { ...a, podUid: 'ue' }, state: { kind: 'waiting' } },
      { source: { ...a, pod: 'job-fffff', podUid: 'uf' }, state: { kind: 'lost' } },
    ],
  });
  assert.equal(
    text,
    `— the oldest 7 lines are left out —
— left out: the logs of 2 Pods that succeeded long ago —
— 1 more log comes in its turn: too many are read already —
— kept on this computer from Pods that are gone: job-aaaaa —
— of job-aaaaa the middle, 3 MiB, was not kept —
— lost, as the Pod went before its log could be read: job-bbbbb —
— lost, as its node has removed it: job-fffff —
[aaaaa] one
[bbbbb/2] two
— job-ccccc, job-ddddd: You may not do that in this cluster: no —
`,
  );
});
