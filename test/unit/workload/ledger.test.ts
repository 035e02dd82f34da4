import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunLook } from '../../../src/workload/ledger.ts';
import { reckon } from '../../../src/workload/ledger.ts';
import { keepLooks, LAG_MS, lookAfterEnd, recentStretch } from '../../../src/workload/looks.ts';
import { type LookGiven, look } from './look.ts';
import { Random } from './random.ts';

const ACCOUNTS: [string, LookGiven, ReturnType<typeof reckon>][] = [
  ['at the start', { queue: { ready: 8 } }, { owed: 8, expected: 8, present: 8, cameBack: 0, missing: 0 }],
  [
    'in the middle',
    { job: { succeeded: 3 }, queue: { ready: 3, unacked: 2 } },
    { owed: 5, expected: 5, present: 5, cameBack: 0, missing: 0 },
  ],
  [
    'an item that came back',
    { job: { succeeded: 3 }, queue: { ready: 4, unacked: 2 } },
    { owed: 5, expected: 5, present: 6, cameBack: 1, missing: 0 },
  ],
  [
    'an item that is gone',
    { job: { succeeded: 3 }, queue: { ready: 2, unacked: 2 } },
    { owed: 5, expected: 5, present: 4, cameBack: 0, missing: 1 },
  ],
  [
    'items published since',
    { job: { succeeded: 3 }, queue: { ready: 10 }, publishedSince: 5 },
    { owed: 5, expected: 10, present: 10, cameBack: 0, missing: 0 },
  ],
  [
    'unacked unknown',
    { queue: { ready: 9, unacked: undefined } },
    { owed: 8, expected: 8, present: undefined, cameBack: 0, missing: 0 },
  ],
  [
    'ready unknown',
    { queue: { ready: undefined } },
    { owed: 8, expected: 8, present: undefined, cameBack: 0, missing: 0 },
  ],
  ['the queue unknown', { queue: null }, { owed: 8, expected: 8, present: undefined, cameBack: 0, missing: 0 }],
  [
    'D0 unknown',
    { queue: { ready: 9 }, depthAtStart: undefined },
    { owed: 8, expected: undefined, present: 9, cameBack: 0, missing: 0 },
  ],
  [
    'a Job that takes until the queue is empty',
    { job: { completions: undefined }, queue: { ready: 8 } },
    { owed: undefined, expected: undefined, present: 8, cameBack: 0, missing: 0 },
  ],
  [
    'more succeeded than asked',
    { job: { succeeded: 9 } },
    { owed: 0, expected: -1, present: 0, cameBack: 1, missing: 0 },
  ],
];
for (const [name, given, account] of ACCOUNTS)
  test(`the account: ${name}`, () => assert.deepEqual(reckon(look(given)), account));

const keep = (given: LookGiven[]) => given.map(look).reduce<RunLook[]>((kept, each) => keepLooks(kept, each), []);
const times = (looks: readonly RunLook[] | undefined) => looks?.map(each => each.at);
const running = (at: number): LookGiven => ({ at });
const complete = (at: number, queue: LookGiven['queue'] = { ready: 0 }): LookGiven => ({
  at,
  job: { state: 'complete', active: 0 },
  queue,
});

test('of a running Job the looks of the last five seconds are kept', () => {
  const kept = keep([0, 2000, 4000, 6000, 8000, 10_000].map(running));
  assert.deepEqual(times(kept), [4000, 6000, 8000, 10_000]);
});

test('two looks are kept however far apart', () => {
  assert.deepEqual(times(keep([0, 60_000, 120_000].map(running))), [60_000, 120_000]);
});

test('looks in quick succession are thinned out', () => {
  const kept = keep(Array.from({ length: 1000 }, (_, i) => running(i * 20)));
  assert.ok(kept.length <= 8, `${kept.length} kept`);
  assert.equal(kept.at(-1)?.at, 19_980);
  assert.ok(recentStretch(kept));
});

test('a stretch needs looks at least five seconds apart', () => {
  assert.equal(recentStretch(keep([0, LAG_MS - 1].map(running))), undefined);
  assert.deepEqual(times(recentStretch(keep([0, LAG_MS].map(running)))), [0, LAG_MS]);
  assert.equal(recentStretch([]), undefined);
});

test('figures that were asked for before the look count as of that moment', () => {
  const asked = (at: number, queueAt: number): LookGiven => ({ at, queue: { at: queueAt } });
  assert.equal(recentStretch(keep([running(0), asked(7000, LAG_MS - 1)])), undefined);
  assert.deepEqual(times(recentStretch(keep([running(0), asked(7000, LAG_MS)]))), [0, 7000]);
  const late = keep([running(0), complete(1000), complete(7000, { at: 5999 }), complete(9000, { at: 6000 })]);
  assert.equal(lookAfterEnd(late)?.settled.at, 9000);
});

test('while the broker does not answer, looks do not pile up, and the first stays to compare with', () => {
  const kept = keep(Array.from({ length: 500 }, (_, i): LookGiven => ({ at: i * 2000, queue: { at: 3000 } })));
  assert.ok(kept.length <= 30, `${kept.length} kept`);
  assert.deepEqual(
    times(recentStretch(keepLooks(kept, look({ at: 1_000_000 })))),
    [994_000, 996_000, 998_000, 1_000_000],
  );
});

test('of a run that ended its last looks, its first two settled ones and the newest are kept', () => {
  const kept = keep([
    running(0),
    running(5000),
    complete(6000),
    complete(8000),
    complete(11_000),
    complete(12_000),
    complete(99_000),
    complete(100_000),
  ]);
  assert.deepEqual(times(kept), [0, 5000, 6000, 11_000, 100_000]);
  assert.deepEqual(times(Object.values(lookAfterEnd(kept) ?? {})), [6000, 11_000]);
});

test('a run is settled by a look that knows what is ready', () => {
  const kept = keep([
    running(0),
    complete(1000),
    complete(7000, null),
    complete(8000, { ready: undefined }),
    complete(9000),
  ]);
  assert.equal(lookAfterEnd(kept)?.settled.at, 9000);
});

test('a run whose queue stays unknown is never settled, and its looks do not pile up', () => {
  const kept = keep([running(0), ...Array.from({ length: 500 }, (_, i) => complete(1000 + i * 2000, null))]);
  assert.equal(lookAfterEnd(kept), undefined);
  assert.ok(kept.length < 10, `${kept.length} kept`);
});

test('a run that had ended before its first look has no D0, ever', () => {
  const kept = keep([complete(0), complete(6000), complete(99_000)]);
  assert.deepEqual(
    kept.map(each => each.depthAtStart),
    [undefined, undefined, undefined],
  );
  assert.deepEqual(
    keep([running(0), complete(6000)]).map(each => each.depthAtStart),
    [8, 8],
  );
});

test('what is kept is plain JSON', () => {
  const kept = keep([running(0), complete(1000), complete(7000)]);
  assert.deepEqual(JSON.parse(JSON.stringify(kept)), JSON.parse(JSON.stringify(kept.map(each => ({ ...each })))));
});

test('however often one looks, few looks are kept, the newest last, and the settled verdict never changes', () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new Random(seed);
    let kept: RunLook[] = [];
    let at = 0;
    let verdict: number | undefined;
    for (let i = 0; i < 60; i++) {
      at += random.int(1, 4000);
      kept = keepLooks(kept, look(i < 20 ? running(at) : complete(at, random.chance(0.2) ? null : { ready: i })));
      assert.equal(kept.at(-1)?.at, at, `seed ${seed}`);
      assert.ok(kept.length <= 20, `seed ${seed}: ${kept.length} kept`);
      const settled = lookAfterEnd(kept)?.settled.at;
      if (verdict !== undefined) assert.equal(settled, verdict, `seed ${seed}`);
      verdict = settled;
    }
    assert.ok(verdict, `seed ${seed}`);
  }
});
