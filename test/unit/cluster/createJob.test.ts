import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANNOTATION, createJob, deleteJob } from '../../../src/cluster/index.ts';
import { fakeServer, json, refuse } from './fakeServer.ts';

const LIMIT = { timeout: 20_000 };
const JOBS = '/apis/batch/v1/namespaces/test/jobs';

const body = (run: string | null = 'run-1') => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'wq', annotations: run === null ? {} : { [ANNOTATION.run]: run } },
  spec: { completions: 8, template: {} },
});

const stored = (run: string | null) => ({ ...body(run), metadata: { ...body(run).metadata, uid: 'u1' } });

test('a Job is created under strict validation, as it is written', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 201, stored('run-1')));
  const row = await createJob(await fake.open(), { namespace: 'test', body: body() });
  assert.equal(row.uid, 'u1');
  const [call] = fake.calls;
  assert.equal(`${call?.method} ${call?.path}?${call?.query}`, `POST ${JOBS}?fieldValidation=Strict`);
  assert.deepEqual(call?.body, body());
});

test('a dry run stores nothing and is not looked up', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => refuse(response, 409, 'jobs.batch "wq" already exists'));
  const run = createJob(await fake.open(), { namespace: 'test', body: body(), dryRun: true });
  await assert.rejects(run, { code: 'conflict' });
  assert.equal(fake.calls.length, 1);
  assert.equal(fake.calls[0]?.query.get('dryRun'), 'All');
});

test('a POST that the server stored and then did not answer counts as done, and there is one Job', LIMIT, async t => {
  let job: unknown;
  const fake = await fakeServer(t, (call, response) => {
    if (call.method === 'POST') job = { ...(call.body as object), metadata: stored('run-1').metadata };
    else if (job) json(response, 200, job);
    else refuse(response, 404, 'not found');
  });
  const row = await createJob(await fake.open(), { namespace: 'test', body: body(), timeoutMs: 200 });
  assert.equal(row.run, 'run-1');
  assert.deepEqual(
    fake.calls.map(call => call.method),
    ['POST', 'GET'],
  );
});

test('a POST that got lost on the way is sent again', LIMIT, async t => {
  let posts = 0;
  const fake = await fakeServer(t, (call, response) => {
    if (call.method !== 'POST') refuse(response, 404, 'not found');
    else if (++posts === 1) response.destroy();
    else json(response, 201, stored('run-1'));
  });
  assert.equal((await createJob(await fake.open(), { namespace: 'test', body: body() })).uid, 'u1');
  assert.deepEqual(
    fake.calls.map(call => call.method),
    ['POST', 'GET', 'POST'],
  );
});

test('a POST stored late, after it was looked up, is recognised by its run', LIMIT, async t => {
  let posts = 0;
  const fake = await fakeServer(t, (call, response) => {
    if (call.method === 'POST') {
      if (++posts > 1) refuse(response, 409, 'jobs.batch "wq" already exists');
    } else if (posts > 1) json(response, 200, stored('run-1'));
    else refuse(response, 404, 'not found');
  });
  assert.equal((await createJob(await fake.open(), { namespace: 'test', body: body(), timeoutMs: 200 })).uid, 'u1');
});

test('a name that another run has, or a Job of no run at all, is a conflict', LIMIT, async t => {
  for (const [theirs = null, ours] of [
    ['run-2', 'run-1'],
    [null, 'run-1'],
    ['run-2', null],
  ]) {
    const fake = await fakeServer(t, (call, response) => {
      if (call.method === 'POST') refuse(response, 409, 'jobs.batch "wq" already exists');
      else json(response, 200, stored(theirs));
    });
    const create = createJob(await fake.open(), { namespace: 'test', body: body(ours) });
    await assert.rejects(create, { code: 'conflict', detail: 'jobs.batch "wq" already exists' });
    assert.equal(fake.calls.filter(call => call.method === 'POST').length, 1);
  }
});

test('what the server refuses is not sent again', LIMIT, async t => {
  for (const [status, code] of [
    [400, 'invalid'],
    [403, 'forbidden'],
    [422, 'invalid'],
  ] as const) {
    const fake = await fakeServer(t, (_call, response) =>
      refuse(response, status, 'unknown field "spec.complections"'),
    );
    const create = createJob(await fake.open(), { namespace: 'test', body: body() });
    await assert.rejects(create, { code, detail: 'unknown field "spec.complections"' });
    assert.equal(fake.calls.length, 1);
  }
});

test('a Job without a name is not sent', LIMIT, async t => {
  const fake = await fakeServer(t, () => {});
  await assert.rejects(
    createJob(await fake.open(), { namespace: 'test', body: { metadata: { generateName: 'x-' } } }),
    {
      code: 'invalid',
    },
  );
  assert.equal(fake.calls.length, 0);
});

test('a server that is away is tried a few times, then the error is told', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => void response.destroy());
  const create = createJob(await fake.open(), { namespace: 'test', body: body() });
  await assert.rejects(create, { code: 'unreachable' });
  assert.equal(fake.calls.filter(call => call.method === 'POST').length, 4);
});

test('who gives up between two tries is let go at once', LIMIT, async t => {
  const controller = new AbortController();
  const fake = await fakeServer(t, (call, response) => {
    if (call.method === 'POST') refuse(response, 503, 'busy', { 'Retry-After': '15' });
    else {
      refuse(response, 404, 'not found');
      setTimeout(() => controller.abort(), 50);
    }
  });
  const create = createJob(await fake.open(), { namespace: 'test', body: body(), signal: controller.signal });
  await assert.rejects(create, { code: 'cancelled' });
});

test('deleting takes the Pods along in the background, and only the very Job', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  await deleteJob(await fake.open(), { namespace: 'test', name: 'wq', uid: 'u1' });
  const [call] = fake.calls;
  assert.equal(`${call?.method} ${call?.path}`, `DELETE ${JOBS}/wq`);
  assert.deepEqual(call?.body, { propagationPolicy: 'Background', preconditions: { uid: 'u1' } });
});

test('deleting a Job that is gone is fine; one that was replaced is a conflict', LIMIT, async t => {
  const answers = [404, 409];
  const fake = await fakeServer(t, (_call, response) => refuse(response, answers.shift() ?? 500, 'no'));
  const cluster = await fake.open();
  await deleteJob(cluster, { namespace: 'test', name: 'wq' });
  await assert.rejects(deleteJob(cluster, { namespace: 'test', name: 'wq', uid: 'u1' }), { code: 'conflict' });
});
