import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fault } from './fault.ts';
import { handmade } from './handmade.ts';
import { ownApiServer } from './ownApiServer.ts';
import { type Passing, rudeServer } from './rudeServer.ts';
import { BACK_WITHIN_MS, openViews } from './views.ts';

const server = await ownApiServer();
after(() => server[Symbol.asyncDispose]());
const { kubeconfig } = server;

// The Jobs and the Pods of a namespace are watched each by itself.
const WATCHED = 2;

for (const [seconds, long] of [
  [3, false],
  [60, true],
] as const) {
  fault(18, `an API server that was killed and came back after ${seconds} s`, { long }, async t => {
    const { cluster, change } = await handmade(t, kubeconfig);
    const views = await openViews(t, kubeconfig, cluster);
    await server.kill();
    await views.until(() => views.link.state.kind === 'away', BACK_WITHIN_MS);
    const since = Date.now();
    await delay(seconds * 1000);
    assert.equal(views.runs.rows.length, 2, 'the rows stay');
    const { state } = views.link;
    assert.ok(state.kind === 'away' && state.since <= since, 'away, and since when');
    await server.start();
    await change();
    await views.untilTrue();
    await views.until(() => views.link.state.kind === 'live', BACK_WITHIN_MS);
  });
}

for (const [seconds, long] of [
  [2, false],
  [30, true],
] as const) {
  fault(18, `an API server that was held still (SIGSTOP) for ${seconds} s`, { long }, async t => {
    const { cluster, change } = await handmade(t, kubeconfig);
    const views = await openViews(t, kubeconfig, cluster);
    server.hold();
    try {
      await delay(seconds * 1000);
    } finally {
      server.letGo();
    }
    assert.equal(views.runs.rows.length, 2, 'the rows stay');
    await change();
    await views.untilTrue();
    assert.ok(!views.states.includes('none'));
  });
}

/** What a watch asks for while it is refused. */
function refusals(calls: Passing[], from: number, to: number): number[] {
  const paths = Map.groupBy(
    calls.filter(call => call.at >= from && call.at < to && /\/(jobs|pods)$/.test(call.path)),
    call => call.path,
  );
  assert.equal(paths.size, WATCHED);
  return [...paths.values()].map(asked => asked.length);
}

for (const [status, retryAfter] of [
  [429, 1],
  [503, 1],
  [503, undefined],
  [429, 3],
] as const) {
  const words = retryAfter === undefined ? 'and does not say for how long' : `with Retry-After: ${retryAfter}`;
  fault(18, `an API server that refuses (${status}) ${words}`, {}, async t => {
    const { cluster, change } = await handmade(t, kubeconfig);
    const rude = await rudeServer(t, kubeconfig);
    const views = await openViews(t, rude.kubeconfig, cluster);
    const headers = retryAfter === undefined ? undefined : { 'Retry-After': `${retryAfter}` };
    rude.behave(call => call.refuse(status, headers));
    const began = performance.now();
    rude.cut();
    await change();
    const seconds = 4;
    await delay(seconds * 1000);
    const ended = performance.now();
    rude.behave(call => call.pass());
    assert.equal(views.link.state.kind, 'away');
    await views.untilTrue(BACK_WITHIN_MS + (retryAfter ?? 0) * 1000);
    const asked = refusals(rude.calls, began, ended);
    // One at once, then one after each time that was asked for; or, unasked, one in half a second at most.
    const allowed = 1 + Math.ceil(seconds / (retryAfter ?? 0.5));
    assert.ok(
      asked.every(count => count >= 1 && count <= allowed),
      `${asked} requests, ${allowed} allowed`,
    );
  });
}
