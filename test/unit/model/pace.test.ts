import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Pace } from '../../../src/model/pace.ts';

const settled = () => new Promise<void>(resolve => setImmediate(resolve));

function counted(t: TestContext, work: () => Promise<void> = async () => undefined) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const count = { done: 0 };
  const pace = new Pace(async () => {
    count.done++;
    await work();
  });
  return { pace, count };
}

test('nothing is read before somebody looks', async t => {
  const { count } = counted(t);
  t.mock.timers.tick(60_000);
  await settled();
  assert.equal(count.done, 0);
});

test('a look reads at once, then every two seconds', async t => {
  const { pace, count } = counted(t);
  pace.look();
  await settled();
  assert.equal(count.done, 1);
  t.mock.timers.tick(1999);
  await settled();
  assert.equal(count.done, 1);
  t.mock.timers.tick(1);
  await settled();
  assert.equal(count.done, 2);
});

test('reading ends with the last look', async t => {
  const { pace, count } = counted(t);
  const first = pace.look();
  const second = pace.look();
  await settled();
  first.dispose();
  first.dispose();
  t.mock.timers.tick(2000);
  await settled();
  assert.equal(count.done, 2, 'the second look goes on');
  second.dispose();
  t.mock.timers.tick(60_000);
  await settled();
  assert.equal(count.done, 2);
});

test('failures slow the pace, doubling up to 30 s; a success restores it', async t => {
  let broken = true;
  const { pace, count } = counted(t, async () => {
    if (broken) throw new Error('away');
  });
  pace.look();
  await settled();
  for (const wait of [4000, 8000, 16_000, 30_000, 30_000]) {
    const before = count.done;
    t.mock.timers.tick(wait - 1);
    await settled();
    assert.equal(count.done, before, `not before ${wait} ms`);
    t.mock.timers.tick(1);
    await settled();
    assert.equal(count.done, before + 1, `after ${wait} ms`);
  }
  broken = false;
  await pace.now();
  const before = count.done;
  t.mock.timers.tick(2000);
  await settled();
  assert.equal(count.done, before + 1);
});

test('a refresh during a reading has it done once more, so that it sees what came after', async t => {
  let release: () => void = () => undefined;
  const { pace, count } = counted(t, () => new Promise(resolve => (release = resolve)));
  const first = pace.now();
  const second = pace.now();
  const third = pace.now();
  release();
  await first;
  await settled();
  assert.equal(count.done, 2, 'two waiting refreshes share one reading');
  release();
  await Promise.all([second, third]);
  assert.equal(count.done, 2);
});

test('after dispose nothing runs', async t => {
  const { pace, count } = counted(t);
  pace.look();
  await settled();
  pace.dispose();
  t.mock.timers.tick(60_000);
  await settled();
  assert.equal(count.done, 1);
});

test('what takes long is given nine times as long a rest', async t => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const { pace, count } = counted(t, async () => {
    now += 1000;
  });
  pace.look();
  await settled();
  t.mock.timers.tick(8999);
  await settled();
  assert.equal(count.done, 1);
  t.mock.timers.tick(1);
  await settled();
  assert.equal(count.done, 2);
});
