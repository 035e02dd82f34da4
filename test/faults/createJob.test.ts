import assert from 'node:assert/strict';
import { after, type TestContext } from 'node:test';
import { ANNOTATION, createJob, listJobs, openCluster } from '../../src/cluster/index.ts';
import { type Account, fault } from './fault.ts';
import { handmade } from './handmade.ts';
import { ownApiServer } from './ownApiServer.ts';
import { type Passing, rudeServer } from './rudeServer.ts';
import { openViews } from './views.ts';

const server = await ownApiServer();
after(() => server[Symbol.asyncDispose]());

const TIMEOUT_MS = 500;

type Happens = (call: Passing) => unknown;

/** Lets a POST through, and loses its answer. */
const stored: Happens = async call => assert.equal(await call.lose(), 201);

/**
 * Creates a Job over a way on which something happens to the first POSTs, and looks at what became of it: one Job, which
 * the caller was told of, and the views show.
 * @param posts what happens to each POST; those after them are let through
 */
async function createOver(t: TestContext, ...posts: Happens[]): Promise<Account> {
  const { cluster, namespace } = await handmade(t, server.kubeconfig);
  const rude = await rudeServer(t, server.kubeconfig);
  const views = await openViews(t, rude.kubeconfig, cluster);
  const isPost = (call: Passing) => call.method === 'POST';
  rude.behave(call => {
    const happens = isPost(call) ? posts.shift() : undefined;
    if (happens) happens(call);
    else call.pass();
  });
  const way = openCluster({ kubeconfig: rude.kubeconfig, namespace });
  t.after(() => way.close());
  const wanted = posts.length + 1;
  const created = await createJob(way, {
    namespace,
    timeoutMs: TIMEOUT_MS,
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'run', annotations: { [ANNOTATION.run]: 'r1' } },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'worker' }] } } },
    },
  });
  const made = (await listJobs(cluster, namespace)).filter(job => job.run === 'r1');
  await views.untilTrue();
  assert.ok(rude.calls.filter(isPost).length <= wanted, 'not more POSTs than were answered badly, and one');
  return {
    lost: made.length === 0 ? 1 : 0,
    doubled: Math.max(0, made.length - 1),
    unexplained: made[0]?.uid === created.uid ? 0 : 1,
  };
}

fault(20, 'a POST that was stored, and whose answer never came', {}, t => createOver(t, stored));

fault(20, 'a POST that was stored, and whose connection broke then', {}, t =>
  createOver(t, async call => {
    await stored(call);
    call.response.destroy();
  }),
);

fault(20, 'a POST that was stored, and that a proxy answered for the server (504)', {}, t =>
  createOver(t, async call => {
    await stored(call);
    call.refuse(504);
  }),
);

fault(20, 'POSTs that got lost on the way', {}, t =>
  createOver(
    t,
    () => undefined,
    call => call.response.destroy(),
    call => call.refuse(503),
  ),
);

fault(20, 'a POST that arrives only after it was looked for and sent again', {}, async t => {
  const [late, second] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()];
  const account = await createOver(
    t,
    call => void second.promise.then(() => call.lose()).then(late.resolve, late.reject),
    async call => {
      const stored = await call.lose();
      second.resolve();
      assert.equal(stored, 201);
      call.refuse(504);
    },
  );
  assert.equal(await late.promise, 409, 'it met the second one');
  return account;
});

fault(20, 'a POST that arrives after it was looked for, and before it is sent again', {}, async t => {
  const [late, held] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()];
  const account = await createOver(
    t,
    call => void held.promise.then(() => call.lose()).then(late.resolve, late.reject),
    async call => {
      held.resolve();
      await late.promise;
      call.pass();
    },
  );
  assert.equal(await late.promise, 201, 'it was the first');
  return account;
});
