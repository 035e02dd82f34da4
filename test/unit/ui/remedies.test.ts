import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageCopy } from '../../../src/broker/index.ts';
import { toJobRow } from '../../../src/cluster/jobRow.ts';
import type { PodItem } from '../../../src/model/itemReports.ts';
import { failedMessages, onlyThese } from '../../../src/ui/commands/remedy/failedMessages.ts';
import { missingItems } from '../../../src/ui/commands/remedy/missingItems.ts';
import type { Remedy, RemedyAction } from '../../../src/workload/findings.ts';

const { remedyAction, remedyLabel } = await import('../../../src/ui/remedies.ts');
const { remedyPreview } = await import('../../../src/ui/remedyPreview.ts');

const job = {
  ...toJobRow({ metadata: { uid: 'u1', name: 'fruit', namespace: 'shop' } }),
  queue: 'job1',
  completions: 8,
  succeeded: 5,
  active: 2,
};
const remedy = (action: RemedyAction, numbers: Remedy['numbers'] = {}): Remedy => ({ action, numbers });
const preview = (action: RemedyAction, numbers?: Remedy['numbers']) =>
  remedyPreview(remedy(action, numbers), { job, pods: [] });

test('a preview names the Job, the queue and the numbers that the remedy will use', () => {
  const previews = [
    preview('run-rest', { completions: 3 }),
    preview('replace-job', { completions: 4 }),
    preview('stop-job'),
    preview('delete-job'),
    preview('set-aside', { items: 2 }),
    preview('add-missing', { items: 1 }),
  ];
  assert.deepEqual(previews, [
    'Creates a Job like fruit with completions 3, for the rest of job1.',
    'Deletes Job fruit and creates it anew with completions 4, for job1.',
    'Ends Job fruit with 5 items done; keeps it, 0 Pods and their logs.',
    'Deletes Job fruit, 0 Pods and their logs. Stays done: 5 items.',
    'Shows what failed in job1 and moves it to job1.failed; the rest stays.',
    'Publishes 1 item to job1 again, as the Pods’ logs have it.',
  ]);
  // A quick pick shows so much of a line.
  for (const text of previews) assert.ok(text.length <= 75, text);
});

test('what no command does says that it is done by hand', () => {
  for (const action of ['publish-items', 'keep-failed-pods', 'set-image'] as const) {
    assert.equal(remedyAction(remedy(action), { job: 'u1', queue: 'job1' }), undefined);
    assert.match(preview(action), /^By hand/);
  }
});

test('a remedy of a run is the same button everywhere: its label, a command and the Job', () => {
  for (const action of ['run-rest', 'delete-job', 'stop-job', 'replace-job', 'add-missing', 'show-log'] as const) {
    const found = remedyAction(remedy(action), { job: 'u1' });
    assert.equal(found?.label, remedyLabel(remedy(action)));
    assert.deepEqual(found?.args, [{ kind: 'job', uid: 'u1' }]);
    assert.equal(remedyAction(remedy(action), {}), undefined, `${action} without a Job`);
  }
  assert.deepEqual(remedyAction(remedy('set-aside', { items: 2 }), { job: 'u1' })?.args, [
    { kind: 'job', uid: 'u1' },
    2,
  ]);
});

function message(body: string, more: Partial<MessageCopy> = {}): MessageCopy {
  const fixed = { fields: {}, exchange: '', routingKey: 'job1', position: 1, deliveryCount: undefined, deaths: [] };
  return { ...fixed, body: Buffer.from(body), redelivered: false, ...more };
}
const report = (item: string, outcome: PodItem['outcome'], pod = 'a'): PodItem => ({
  item,
  outcome,
  pod,
  running: false,
});
const bodies = (messages: readonly MessageCopy[]) => messages.map(({ body }) => Buffer.from(body).toString());

test('the failed messages are those that the workers reported as failed and never as done', () => {
  const queue = ['apple', 'bad', 'flaky', 'bad'].map(body => message(body, { redelivered: true }));
  const reports = [report('bad', 'failed'), report('flaky', 'failed'), report('flaky', 'done')];
  const found = failedMessages(queue, reports);
  assert.deepEqual([bodies(found.messages), found.by], [['bad', 'bad'], 'reports']);
});

test('a long item is known by its first 200 characters, one that is no text by its bytes', () => {
  const long = `${'ü😀'.repeat(150)} end`;
  const beginning = [...long].slice(0, 200).join('');
  assert.equal(failedMessages([message(long)], [report(beginning, 'failed')]).messages.length, 1);
  const bytes = { ...message(''), body: Uint8Array.of(0xff, 0x00, 0x41) };
  for (const said of ['\u00ff\u0000A', '\uFFFD\u0000A']) {
    assert.equal(failedMessages([bytes], [report(said, 'failed')]).messages.length, 1);
  }
});

test('where no worker reports, they are those handed out before, as many as came back', () => {
  const queue = [message('a', { redelivered: true }), message('b', { deliveryCount: 2 }), message('c')];
  assert.deepEqual(bodies(failedMessages(queue, []).messages), ['a', 'b']);
  assert.deepEqual(bodies(failedMessages(queue, [], 1).messages), ['a']);
});

test('only the chosen messages are let pass, each as often as it was chosen', () => {
  const passes = onlyThese([message('bad'), message('bad'), message('x', { fields: { messageId: 'm1' } })]);
  const tried = [message('good'), message('bad'), message('x'), message('bad'), message('bad')];
  assert.deepEqual(tried.map(passes), [false, true, false, true, false]);
  assert.ok(passes(message('x', { fields: { messageId: 'm1' } })));
});

test('missing items are known only when every Pod’s log says its item whole', () => {
  const reports = [report('apple', 'done', 'a'), report('pear', 'done', 'a'), report('x'.repeat(200), 'done', 'b')];
  assert.deepEqual(
    missingItems(reports, ['a'])?.map(({ item }) => item),
    ['pear'],
  );
  assert.equal(missingItems(reports, ['a', 'b']), undefined, 'one that may be longer');
  assert.equal(missingItems(reports, ['a', 'c']), undefined, 'one that has no log');
  assert.equal(missingItems([report('\uFFFD', 'done')], ['a']), undefined, 'one that is no text');
  assert.equal(missingItems(reports, []), undefined);
});
