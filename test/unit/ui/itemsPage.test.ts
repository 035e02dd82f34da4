import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemAccount, PodItem } from '../../../src/model/itemReports.ts';

const { itemsPage } = await import('../../../src/ui/itemsPage.ts');
const { goneDescription } = await import('../../../src/ui/goneDescription.ts');

const items: PodItem[] = [
  { pod: 'job-aaaaa', item: 'apple', outcome: 'done', seconds: 1.5, running: false },
  { pod: 'job-bbbbb', item: 'banana\u202e\nevil', outcome: 'failed', exitCode: 3, seconds: 0.2, running: false },
  { pod: 'job-ccccc', item: 'cherry', outcome: 'unknown', running: true },
  { pod: 'job-ddddd', item: '', outcome: 'unknown', running: false },
];
const account: ItemAccount = { items, logs: 4, silent: 0, cut: 0, lost: 0, older: 0 };

test('Show Items has the sums on top, what failed first, and what becomes of it', () => {
  assert.equal(
    itemsPage('job', account),
    `Items of job
1 done, 1 failed, 1 broken off, 1 at work

banana evil  job-bbbbb  failed (exit code 3)  0.2 s
""           job-ddddd  broken off
cherry       job-ccccc  at work
apple        job-aaaaa  done                  1.5 s

A failed item is not acknowledged: the broker puts it back into its queue by itself, as often as the queue’s delivery limit lets it.
`,
  );
});

test('what was not read is said', () => {
  const page = itemsPage('job', { ...account, silent: 2, cut: 3, lost: 4, older: 5 });
  assert.match(page, /1 at work, logs without a report: 2\n/);
  assert.match(page, /Not read: 5 older logs; the newest 200 are\.\n/);
  assert.match(page, /Of long logs \(3\) only the beginning and the end are read, 256 KiB each\.\n/);
  assert.match(page, /Logs that are lost or may not be read: 4\n/);
});

test('workers that do not report are named as the cause of an empty page', () => {
  const none = { ...account, items: [] };
  assert.match(itemsPage('job', none), /No Pod says which item it took/);
  assert.match(itemsPage('job', { ...none, logs: 0 }), /No Pod has written a log yet/);
});

test('Describe of a deleted Job has its items and the logs that are kept', () => {
  const now = new Date(2026, 2, 1, 13, 5, 0).getTime();
  const log = {
    podUid: 'gone',
    pod: 'job-bbbbb',
    container: 'c',
    attempt: 0,
    jobUid: 'j',
    job: 'job',
    namespace: 'fruit',
    context: 'lab',
    phase: 'failed',
    reason: undefined,
    exitCode: 3,
    started: 1,
    finished: 2,
    keptAt: now - 60_000,
    leftOut: 0,
    missed: undefined,
  } as const;
  const subject = { name: 'job', namespace: 'fruit', context: 'lab' };
  const page = goneDescription(subject, { replaced: false, last: undefined, kept: [log], items: account }, now);
  assert.match(
    page,
    /^Job job has been deleted\.\n {2}Context {4}lab\n {2}Namespace {2}fruit\n {2}Last seen {2}13:04:00\n\n/,
  );
  assert.match(page, /\nItems\n {2}1 done, 1 failed, /);
  assert.match(page, /\nPods that are gone\n {2}job-bbbbb {2}exit code 3 {2}its log is kept: Show All Logs\n/);
  const empty = { replaced: true, last: undefined, kept: [], items: { ...account, items: [] } };
  assert.match(
    goneDescription(subject, empty, now),
    /a Job of the same name[\s\S]*No log of it is kept on this computer\.\n$/,
  );
});
