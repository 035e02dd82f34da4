import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueueNow } from '../../../../src/ui/commands/queue/queueNow.ts';
import type { QueueAfter, Returned } from '../../../../src/workload/putBack.ts';

const { nothingToReturn } = await import('../../../../src/ui/commands/job/nothingToReturn.ts');

const fig = { item: 'fig', whole: true, failures: 3 };
const none: Returned = { cameBack: [], deadLettered: [], gone: [], cut: [] };
const after: QueueAfter = { ready: 2, unacked: 0, consumers: 0, deliveryLimit: 'none', deadLetters: false };

function told(returned: Partial<Returned>, now: object = {}, of: Partial<QueueAfter> = {}) {
  const place = { id: 'main' } as QueueNow['place'];
  const error = nothingToReturn({
    job: { name: 'job', uid: 'j' },
    now: { place, queue: 'job1', ready: 2, unacked: 0, details: undefined, ...now },
    after: { ...after, ...of },
    returned: { ...none, ...returned },
  });
  return { text: error.text, actions: error.actions.map(({ label, args }) => [label, args?.[0]]) };
}

test('items that came back by themselves are not put back: the rest can be run again', () => {
  const { text, actions } = told({ cameBack: [fig] });
  assert.match(
    text,
    /^Nothing is put back: it would be there twice\. .* as 1 item of Job job did; in queue job1 there are 2 ready, 0 unacked\.$/,
  );
  assert.deepEqual(actions[0], ['Run Again for the Rest', { kind: 'job', uid: 'j' }]);
});

test('where the queue is empty there is no rest to run', () => {
  const { text, actions } = told({ cameBack: [fig] }, { ready: 0 }, { deliveryLimit: undefined });
  assert.match(text, /queue job1 is empty now.*Whether the queue has a delivery limit is not known/);
  assert.deepEqual(
    actions.map(([label]) => label),
    ['Save Failed Items…'],
  );
});

test('dead letters are returned from where they are', () => {
  const details = { deadLetter: { queue: 'dead' } };
  const { text, actions } = told({ deadLettered: [fig] }, { ready: 0, details });
  assert.match(text, /Given up by the broker and moved to queue dead: 1 item\./);
  assert.deepEqual(actions[0], ['Return Dead-Lettered Messages…', { kind: 'queue', place: 'main', name: 'dead' }]);
});
