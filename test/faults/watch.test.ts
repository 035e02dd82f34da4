import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../lab/until.ts';
import { fault } from './fault.ts';
import { type Handmade, handmade } from './handmade.ts';
import { ownApiServer } from './ownApiServer.ts';
import { type Passing, type RudeServer, rudeServer } from './rudeServer.ts';
import { openViews } from './views.ts';

const server = await ownApiServer();
after(() => server[Symbol.asyncDispose]());
const { kubeconfig } = server;

const isList = (call: Passing) => !call.isWatch && /\/(jobs|pods)$/.test(call.path);
const lists = ({ calls }: RudeServer) => calls.filter(isList).length;
const watches = ({ calls }: RudeServer) => calls.filter(call => call.isWatch).length;

/** Changes Jobs and Pods again and again for so long. */
async function changing({ change }: Handmade, ms: number): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end; ) await change();
}

fault(19, 'watches whose lines are cut in the middle, again and again', {}, async t => {
  const made = await handmade(t, kubeconfig);
  const rude = await rudeServer(t, kubeconfig);
  const views = await openViews(t, rude.kubeconfig, made.cluster);
  let cuts = 0;
  rude.behave(call => {
    if (!call.isWatch) return call.pass();
    let left = 2_000 + Math.floor(Math.random() * 10_000);
    call.pass((piece, response) => {
      if (left <= 0) return;
      response.write(piece.subarray(0, left), () => {
        if (left <= 0) response.destroy();
      });
      left -= piece.length;
      if (left <= 0) cuts++;
    });
  });
  rude.cut();
  await changing(made, 4_000);
  rude.behave(call => call.pass());
  await views.untilTrue();
  assert.ok(cuts >= 4, `only ${cuts} cuts`);
  assert.equal(lists(rude), 2, 'each watch goes on after its last whole line');
});

for (const how of ['as an HTTP status', 'as an ERROR event', 'as an ERROR event, without a break'] as const) {
  fault(19, `a place in history that is gone (410 ${how})`, {}, async t => {
    const made = await handmade(t, kubeconfig);
    const rude = await rudeServer(t, kubeconfig);
    const views = await openViews(t, rude.kubeconfig, made.cluster);
    const seconds = how.endsWith('break') ? 3 : 0;
    const gone = { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } };
    const refused = new Map<string, number>();
    let always = true;
    rude.behave(call => {
      const before = refused.get(call.path) ?? 0;
      if (!call.isWatch || !(seconds > 0 ? always : before === 0)) return call.pass();
      refused.set(call.path, before + 1);
      if (how === 'as an HTTP status') call.refuse(410);
      else call.response.end(`${JSON.stringify(gone)}\n`);
    });
    rude.cut();
    await changing(made, seconds * 1000 || 100);
    always = false;
    await views.untilTrue();
    await views.until(() => views.link.state.kind === 'live', 2_000);
    const relists = lists(rude) - 2;
    assert.equal(
      relists,
      [...refused.values()].reduce((sum, one) => sum + one),
    );
    assert.ok(relists <= 2 * (1 + seconds / 0.5), `${relists} lists`);
  });
}

fault(19, 'watches that the server ends politely each second', {}, async t => {
  const made = await handmade(t, kubeconfig);
  const rude = await rudeServer(t, kubeconfig);
  rude.behave(call => {
    if (call.isWatch) setTimeout(() => call.response.end(), 1_000);
    // A whole line at a time, so that none is cut.
    let rest = '';
    call.pass((piece, response) => {
      const text = rest + piece.toString('latin1');
      const end = call.isWatch ? text.lastIndexOf('\n') + 1 : text.length;
      rest = text.slice(end);
      if (!response.writableEnded) response.write(Buffer.from(text.slice(0, end), 'latin1'));
    });
  });
  const views = await openViews(t, rude.kubeconfig, made.cluster);
  const [states, began] = [views.states.length, performance.now()];
  await changing(made, 5_000);
  await views.untilTrue();
  assert.equal(views.states.length, states, 'live all the time');
  assert.equal(lists(rude), 2);
  const allowed = 2 * (2 + (performance.now() - began) / 1000);
  assert.ok(watches(rude) <= allowed, `${watches(rude)} watches, ${allowed} allowed`);
});

fault(19, 'watches that end in the moment in which they begin', {}, async t => {
  const made = await handmade(t, kubeconfig);
  const rude = await rudeServer(t, kubeconfig);
  const views = await openViews(t, rude.kubeconfig, made.cluster);
  rude.behave(call => (call.isWatch ? void call.response.end() : call.pass()));
  const before = watches(rude);
  rude.cut();
  await changing(made, 3_000);
  const asked = watches(rude) - before;
  rude.behave(call => call.pass());
  await views.untilTrue();
  assert.ok(asked <= 2 * (1 + 3 / 0.25), `${asked} watches in 3 s`);
  assert.equal(lists(rude), 2);
});

fault(19, 'lines that are no JSON, and objects that are none', {}, async t => {
  const made = await handmade(t, kubeconfig);
  const rude = await rudeServer(t, kubeconfig);
  const views = await openViews(t, rude.kubeconfig, made.cluster);
  const rubbish = ['{"type":"ADDED","object":{"meta', '<html>', '\0\x1b[31m', '[]', 'null', '{"type":"ADDED"}', '""'];
  rude.behave(call => {
    const line = call.isWatch ? rubbish.shift() : undefined;
    if (line === undefined) call.pass();
    else call.response.end(`${line}\n`);
  });
  rude.cut();
  await changing(made, 100);
  await views.until(() => rubbish.length === 0, 20_000);
  await views.untilTrue();
});

fault(19, 'watches on which nothing comes any more, and the connection stays', { long: true }, async t => {
  const made = await handmade(t, kubeconfig);
  const rude = await rudeServer(t, kubeconfig);
  let mute = false;
  rude.behave(call =>
    call.pass((piece, response) => {
      if (!mute || !call.isWatch) response.write(piece);
    }),
  );
  const views = await openViews(t, rude.kubeconfig, made.cluster);
  await until('both are watched', () => watches(rude) === 2, { timeoutMs: 10_000 });
  mute = true;
  await made.change();
  // What is opened from now on is heard.
  rude.behave(call => call.pass());
  await delay(60_000);
  assert.equal(watches(rude), 2, 'a minute of silence is nothing: a bookmark comes each minute');
  await views.untilTrue(40_000);
  assert.ok(watches(rude) <= 6);
});
