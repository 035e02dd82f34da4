import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podRefusal } from '../../../src/cluster/index.ts';
import { fakeServer, json } from './fakeServer.ts';

test('of many refusals of a Job’s Pods the last in time is told, wherever it stands in the list', async t => {
  const event = (second: number) => ({
    metadata: {},
    involvedObject: { kind: 'Job', name: 'wq', uid: 'u1' },
    lastTimestamp: new Date(second * 1000).toISOString(),
    message: `refusal ${second}`,
  });
  const events = Array.from({ length: 30 }, (_, i) => event(i)).toSpliced(25, 0, event(100));
  // As the API server: in the order of the events' names, and no more than asked for.
  const fake = await fakeServer(t, ({ query }, response) => {
    const first = Number(query.get('continue') ?? 0);
    const items = events.slice(first, first + Number(query.get('limit')));
    const next = first + items.length;
    json(response, 200, { metadata: next < events.length ? { continue: String(next) } : {}, items });
  });
  assert.equal(await podRefusal(await fake.open(), { namespace: 'test', uid: 'u1' }), 'refusal 100');
  assert.equal(fake.calls[0]?.query.get('fieldSelector'), 'involvedObject.uid=u1,reason=FailedCreate');
});
