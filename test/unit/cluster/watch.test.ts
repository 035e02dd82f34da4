import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type Cluster, type WatchState, watch } from '../../../src/cluster/index.ts';
import { type Call, fakeServer, json, refuse } from './fakeServer.ts';

const LIMIT = { timeout: 30_000 };

interface Thing {
  metadata: { uid: string; resourceVersion: string; managedFields?: unknown };
  value?: number;
}

const thing = (uid: string, version: number, value = 0): Thing => ({
  metadata: { uid, resourceVersion: String(version) },
  value,
});
const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const isWatch = (call: Call) => call.query.get('watch') === 'true';

/** A list of these items at this version. */
function list(response: ServerResponse, version: number, items: Thing[]) {
  json(response, 200, { metadata: { resourceVersion: String(version) }, items });
}

/** Watches until the test ends; `until` resolves when what was told so far fulfils a condition. */
function follow(t: TestContext, cluster: Cluster, o: { silenceMs?: number; onItems?: () => void } = {}) {
  const controller = new AbortController();
  t.after(() => controller.abort());
  const looks: Map<string, Thing>[] = [];
  const states: WatchState[] = [];
  let wake = () => {};
  watch<Thing>(cluster, {
    path: '/things',
    query: { labelSelector: 'a=b' },
    signal: controller.signal,
    silenceMs: o.silenceMs,
    onItems(items) {
      looks.push(new Map(items));
      wake();
      o.onItems?.();
    },
    onState(state) {
      states.push(state);
      wake();
    },
  });
  const until = async (is: () => boolean) => {
    while (!is()) {
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  };
  const last = () => looks.at(-1);
  return { controller, looks, states, until, last, uids: () => [...(last()?.keys() ?? [])].sort().join() };
}

test('the first look comes with the whole list, read in pages, also when it is empty', LIMIT, async t => {
  const pages = [
    { metadata: { continue: 'more' }, items: [thing('a', 1)] },
    { metadata: { resourceVersion: '7' }, items: [thing('b', 2)] },
  ];
  const fake = await fakeServer(t, (call, response) => {
    if (isWatch(call)) response.write(line('BOOKMARK', thing('', 7)));
    else json(response, 200, call.query.get('continue') === 'more' ? pages[1] : pages[0]);
  });
  const seen = follow(t, await fake.open());
  await seen.until(() => seen.states.at(-1)?.kind === 'live');
  assert.equal(seen.looks.length, 1);
  assert.equal(seen.uids(), 'a,b');
  assert.deepEqual(
    seen.states.map(state => state.kind),
    ['connecting', 'live'],
  );
  const [first, second, watching] = fake.calls;
  assert.equal(first?.query.get('limit'), '500');
  assert.equal(first?.query.get('labelSelector'), 'a=b');
  assert.equal(second?.query.get('continue'), 'more');
  assert.equal(watching?.query.get('resourceVersion'), '7');
  assert.equal(watching?.query.get('allowWatchBookmarks'), 'true');

  const empty = await fakeServer(t, (call, response) => {
    if (!isWatch(call)) json(response, 200, { metadata: { resourceVersion: '1' }, items: null });
  });
  const nothing = follow(t, await empty.open());
  await nothing.until(() => nothing.looks.length > 0);
  assert.equal(nothing.last()?.size, 0);
});

test('what comes, changes and goes is told, many changes in one look', LIMIT, async t => {
  const fake = await fakeServer(t, (call, response) => {
    if (!isWatch(call)) return list(response, 1, [thing('a', 1), thing('gone', 1)]);
    response.write(line('DELETED', thing('gone', 2)));
    for (let i = 3; i < 1003; i++) response.write(line('MODIFIED', thing('a', i, i)));
    response.write(line('ADDED', thing('b', 1003)));
  });
  const seen = follow(t, await fake.open());
  await seen.until(() => seen.uids() === 'a,b');
  assert.equal(seen.last()?.get('a')?.value, 1002);
  assert.ok(seen.looks.length < 20, `${seen.looks.length} looks for 1002 events`);
});

test('a line cut off in the middle is not believed; the watch goes on after the last whole event', LIMIT, async t => {
  let watches = 0;
  const fake = await fakeServer(t, (call, response) => {
    if (!isWatch(call)) return list(response, 1, []);
    watches++;
    if (watches === 1) {
      response.write(line('ADDED', thing('a', 5)));
      response.write(line('ADDED', thing('b', 6)).slice(0, 20), () => response.destroy());
    } else response.write(line('ADDED', thing('b', 6)));
  });
  const seen = follow(t, await fake.open());
  await seen.until(() => seen.uids() === 'a,b');
  assert.deepEqual(
    fake.calls.filter(isWatch).map(call => call.query.get('resourceVersion')),
    ['1', '5'],
  );
  assert.equal(fake.calls.filter(call => !isWatch(call)).length, 1, 'no second list');
  assert.deepEqual(
    seen.states.map(state => state.kind),
    ['connecting', 'live', 'reconnecting', 'live'],
  );
});

test('characters and lines in any number of pieces are put together', LIMIT, async t => {
  const fake = await fakeServer(t, async (call, response) => {
    if (!isWatch(call)) return list(response, 1, []);
    const bytes = Buffer.from(line('ADDED', thing('日本–ü', 2)) + line('ADDED', thing('b', 3)));
    for (const byte of bytes) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
  });
  const seen = follow(t, await fake.open());
  await seen.until(() => seen.last()?.size === 2);
  assert.ok(seen.last()?.has('日本–ü'));
});

for (const how of ['as an HTTP status', 'as an ERROR event']) {
  test(
    `an expired place in history (410 ${how}) leads to a new list, and what is missing there is gone`,
    LIMIT,
    async t => {
      let lists = 0;
      const fake = await fakeServer(t, (call, response) => {
        if (!isWatch(call)) {
          lists++;
          return lists === 1
            ? list(response, 1, [thing('a', 1), thing('b', 1)])
            : list(response, 9, [thing('b', 1), thing('c', 9)]);
        }
        if (lists > 1) response.write(line('BOOKMARK', thing('', 9)));
        else if (how.startsWith('as an HTTP')) refuse(response, 410, 'too old resource version');
        else response.end(line('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }));
      });
      const seen = follow(t, await fake.open());
      await seen.until(() => seen.uids() === 'b,c');
      assert.equal(lists, 2);
    },
  );
}

test('410 again and again is answered with patience, not in a circle without rest', LIMIT, async t => {
  const fake = await fakeServer(t, (call, response) => {
    if (isWatch(call)) refuse(response, 410, 'too old resource version');
    else list(response, 1, [thing('a', 1)]);
  });
  const seen = follow(t, await fake.open());
  await seen.until(() => seen.states.filter(state => state.kind === 'reconnecting').length === 3);
  assert.ok(fake.calls.length <= 8, `${fake.calls.length} calls`);
  assert.equal(seen.uids(), 'a');
});

test('an ERROR event that is no 410 is waited out, without a new list', LIMIT, async t => {
  let watches = 0;
  const fake = await fakeServer(t, (call, response) => {
    if (!isWatch(call)) return list(response, 1, []);
    if (++watches === 1) response.end(line('ERROR', { kind: 'Status', code: 500, message: 'etcd is away' }));
    else response.write(line('ADDED', thing('a', 2)));
  });
  const seen = follow(t, await fake.open());
  await seen.until(() => seen.uids() === 'a');
  const away = seen.states.find(state => state.kind === 'reconnecting');
  assert.ok(away?.kind === 'reconnecting');
  assert.equal(away.error.detail, 'etcd is away');
  assert.equal(fake.calls.filter(call => !isWatch(call)).length, 1);
});

for (const status of [429, 503]) {
  test(`a server that asks for time (${status}) gets it, and is asked once when it is over`, LIMIT, async t => {
    const refused: number[] = [];
    const fake = await fakeServer(t, (call, response) => {
      if (refused.length < 2) {
        refused.push(performance.now());
        return refuse(response, status, 'busy', { 'Retry-After': '1' });
      }
      if (isWatch(call)) response.write(line('BOOKMARK', thing('', 2)));
      else list(response, 1, [thing('a', 1)]);
    });
    const seen = follow(t, await fake.open());
    await seen.until(() => seen.states.at(-1)?.kind === 'live');
    const back = performance.now();
    assert.equal(fake.calls.length, 4);
    const [first = 0, second = 0] = refused;
    assert.ok(second - first >= 990, `${second - first} ms between two tries`);
    assert.ok(back - second >= 990 && back - second < 2_000, `${back - second} ms`);
    assert.deepEqual(
      seen.states.map(state => state.kind),
      ['connecting', 'reconnecting', 'reconnecting', 'live'],
    );
  });
}

test('a watch that wants rows is told of rows, and one that did not change is the same as before', LIMIT, async t => {
  const change = Promise.withResolvers<void>();
  const fake = await fakeServer(t, async (call, response) => {
    if (!isWatch(call)) return list(response, 1, [thing('a', 1, 1), thing('b', 1, 2)]);
    response.write(line('BOOKMARK', thing('', 1)));
    await change.promise;
    response.write(line('MODIFIED', thing('b', 2, 3)));
  });
  const looks: ReadonlyMap<string, { doubled: number }>[] = [];
  const controller = new AbortController();
  t.after(() => controller.abort());
  const told = Promise.withResolvers<void>();
  watch(await fake.open(), {
    path: '/things',
    signal: controller.signal,
    row: ({ value = 0 }: Thing) => ({ doubled: value * 2 }),
    onItems(rows) {
      looks.push(rows);
      if (looks.length === 2) told.resolve();
      else change.resolve();
    },
    onState() {},
  });
  await told.promise;
  const [first, second] = looks;
  assert.deepEqual(
    [...(second ?? [])],
    [
      ['a', { doubled: 2 }],
      ['b', { doubled: 6 }],
    ],
  );
  assert.equal(first?.get('a'), second?.get('a'));
});

test(
  'after the computer has slept the watch is taken up anew, for its connection is dead and does not say so',
  LIMIT,
  async t => {
    let watches = 0;
    const fake = await fakeServer(t, (call, response) => {
      if (!isWatch(call)) return list(response, 1, []);
      response.write(line('ADDED', thing(`w${++watches}`, 1 + watches)));
    });
    const seen = follow(t, await fake.open(), { silenceMs: 1_000 });
    await seen.until(() => seen.uids() === 'w1');
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_600_000 });
    await seen.until(() => seen.uids() === 'w1,w2');
    assert.ok(
      seen.states.some(state => state.kind === 'reconnecting' && state.error.detail === 'the computer has slept'),
    );
  },
);

test('a server that ends each watch after a second is taken up at once and stays live', LIMIT, async t => {
  let watches = 0;
  const fake = await fakeServer(t, (call, response) => {
    if (!isWatch(call)) return list(response, 1, []);
    watches++;
    response.write(line('ADDED', thing(`w${watches}`, 1 + watches)));
    setTimeout(() => response.end(), 1000);
  });
  const seen = follow(t, await fake.open());
  await seen.until(() => seen.uids() === 'w1,w2,w3');
  assert.deepEqual(
    seen.states.map(state => state.kind),
    ['connecting', 'live'],
  );
  assert.deepEqual(
    fake.calls.filter(isWatch).map(call => call.query.get('resourceVersion')),
    ['1', '2', '3'],
  );
});

test('a server that ends each watch in the same moment is not called without rest', LIMIT, async t => {
  const times: number[] = [];
  const thrice = Promise.withResolvers<void>();
  const fake = await fakeServer(t, (call, response) => {
    if (!isWatch(call)) return list(response, 1, []);
    if (times.push(performance.now()) === 3) thrice.resolve();
    response.end();
  });
  follow(t, await fake.open());
  await thrice.promise;
  assert.ok((times[2] ?? 0) - (times[0] ?? 0) >= 700, 'at least 250 and 500 ms');
});

test('a connection that falls silent is dead', LIMIT, async t => {
  let watches = 0;
  const fake = await fakeServer(t, (call, response) => {
    if (!isWatch(call)) return list(response, 1, []);
    if (++watches === 1) response.write(line('ADDED', thing('a', 2)));
    else response.write(line('ADDED', thing('b', 3)));
  });
  const seen = follow(t, await fake.open(), { silenceMs: 300 });
  await seen.until(() => seen.uids() === 'a,b');
  const away = seen.states.find(state => state.kind === 'reconnecting');
  assert.ok(away?.kind === 'reconnecting');
  assert.equal(away.error.code, 'timeout');
});

test('while the server is away the items stay, and the state says since when', LIMIT, async t => {
  let away = false;
  const begin = Date.now();
  const fake = await fakeServer(t, (call, response) => {
    if (away) return refuse(response, 503, 'down');
    if (!isWatch(call)) return list(response, 1, [thing('a', 1)]);
    response.write(line('BOOKMARK', thing('', 2)), () => {
      away = true;
      response.destroy();
    });
  });
  const seen = follow(t, await fake.open());
  await seen.until(() => seen.states.filter(state => state.kind === 'reconnecting').length === 3);
  const sinces = new Set(seen.states.flatMap(state => (state.kind === 'reconnecting' ? [state.since] : [])));
  assert.equal(sinces.size, 1);
  assert.ok([...sinces].every(since => since >= begin && since <= Date.now()));
  assert.equal(seen.uids(), 'a');
  away = false;
  await seen.until(() => seen.states.at(-1)?.kind === 'live');
});

test('after the abort nothing is told and nothing is asked, whenever it comes', LIMIT, async t => {
  const abortedWhile = async (moment: 'listing' | 'watching' | 'waiting') => {
    const reached = Promise.withResolvers<void>();
    const fake = await fakeServer(t, (call, response) => {
      if (moment === 'listing') return reached.resolve();
      if (!isWatch(call)) return list(response, 1, []);
      if (moment === 'waiting') response.destroy();
      else response.write(line('ADDED', thing('a', 2)), () => reached.resolve());
    });
    const seen = follow(t, await fake.open());
    if (moment === 'waiting') await seen.until(() => seen.states.at(-1)?.kind === 'reconnecting');
    else await reached.promise;
    seen.controller.abort();
    const before = { looks: seen.looks.length, states: seen.states.length, calls: fake.calls.length };
    // Longer than the first waiting time of a watch that would go on.
    await new Promise(resolve => setTimeout(resolve, 700));
    assert.deepEqual(
      { looks: seen.looks.length, states: seen.states.length, calls: fake.calls.length },
      before,
      moment,
    );
  };
  await Promise.all([abortedWhile('listing'), abortedWhile('watching'), abortedWhile('waiting')]);
});

test('the abort closes the connection of the watch', LIMIT, async t => {
  const closed = Promise.withResolvers<void>();
  const fake = await fakeServer(t, (call, response) => {
    if (!isWatch(call)) return list(response, 1, []);
    response.once('close', closed.resolve);
    response.write(line('ADDED', thing('a', 2)));
  });
  const seen = follow(t, await fake.open());
  await seen.until(() => seen.uids() === 'a');
  seen.controller.abort();
  await closed.promise;
});

test('a handler that throws is told as a warning and does not end the watch', LIMIT, async t => {
  const warned = new Promise<Error>(resolve => process.once('warning', resolve));
  const fake = await fakeServer(t, (call, response) => {
    if (!isWatch(call)) return list(response, 1, [thing('a', 1)]);
    response.write(line('ADDED', thing('b', 2)));
  });
  const seen = follow(t, await fake.open(), {
    onItems() {
      throw new Error('a fault in the view');
    },
  });
  await seen.until(() => seen.uids() === 'a,b');
  assert.equal((await warned).message, 'a fault in the view');
});

test('ten thousand objects are read in pages, between which the rest of the program goes on', LIMIT, async t => {
  const filler = 'x'.repeat(8000);
  const all = Array.from({ length: 10_000 }, (_, i) => ({ ...thing(`u${i}`, 1), filler }));
  const fake = await fakeServer(t, (call, response) => {
    if (isWatch(call)) return;
    const from = Number(call.query.get('continue') ?? 0);
    const next = from + Number(call.query.get('limit'));
    const metadata = next < all.length ? { continue: String(next) } : { resourceVersion: '1' };
    json(response, 200, { metadata, items: all.slice(from, next) });
  });
  const cluster = await fake.open();
  let longest = 0;
  let last = performance.now();
  const ticker = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  t.after(() => clearInterval(ticker));
  const seen = follow(t, cluster);
  await seen.until(() => seen.last()?.size === 10_000);
  t.diagnostic(`longest stop ${Math.round(longest)} ms, the fake server's own work included`);
  assert.equal(fake.calls.filter(call => !isWatch(call)).length, 20);
});
