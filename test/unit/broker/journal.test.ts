import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { JournalGate } from '../../../src/broker/journal.ts';

function setUp(t: TestContext, permitted = 0) {
  let now = 1_000_000;
  t.mock.method(performance, 'now', () => now);
  const entries: { sentUpTo: number; safe: () => void; fail: (error: Error) => void }[] = [];
  let written = 0;
  const write = (sentUpTo: number) =>
    new Promise<void>((safe, fail) => {
      entries.push({ sentUpTo, safe, fail });
    });
  const gate = new JournalGate(write, () => written++, permitted);
  const settle = async (n: number) => {
    entries[n]?.safe();
    await new Promise(resolve => setImmediate(resolve));
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { gate, entries, settle, written: () => written, pass };
}

test('no line is permitted before an entry that covers it is safe', async t => {
  const { gate, entries, settle, written } = setUp(t);
  assert.equal(gate.permits(1), false);
  assert.equal(gate.permits(1), false);
  assert.equal(entries.length, 1);
  await settle(0);
  assert.equal(written(), 1);
  assert.equal(gate.permits(1), true);
  const { sentUpTo = 0 } = entries[0] ?? {};
  assert.equal(gate.permits(sentUpTo + 1), false);
});

test('the next entry is written while the lines of the one before are sent', async t => {
  const { gate, entries, settle } = setUp(t);
  gate.permits(1);
  await settle(0);
  const { sentUpTo = 0 } = entries[0] ?? {};
  assert.equal(gate.permits(sentUpTo), true);
  assert.equal(entries.length, 2);
  assert.ok((entries[1]?.sentUpTo ?? 0) > sentUpTo);
});

test('a fast publication gets larger blocks until entries are few, a slow one smaller ones', async t => {
  const { gate, entries, settle, pass } = setUp(t);
  let line = 1;
  for (let ms = 0; ms < 5_000; ms += 10) {
    for (let n = 0; n < 1_000; n++) if (gate.permits(line)) line++;
    pass(10);
    await settle(entries.length - 1);
  }
  assert.ok(line > 400_000, `${line} lines in 5 s`);
  assert.ok(entries.length <= 25, `${entries.length} entries in 5 s`);
  const before = entries.length;
  for (let s = 0; s < 2_000; s++) {
    for (let n = 0; n < 100; n++) if (gate.permits(line)) line++;
    pass(1_000);
    await settle(entries.length - 1);
  }
  const last = entries.at(-1)?.sentUpTo ?? 0;
  assert.ok(entries.length > before && last - line < 3_000, `${last - line} lines ahead`);
});

test('what is settled is entered twice a second, without permitting more', async t => {
  const { gate, entries, settle, pass } = setUp(t);
  gate.permits(1);
  await settle(0);
  gate.refresh();
  assert.equal(entries.length, 1);
  pass(501);
  gate.refresh();
  gate.refresh();
  assert.deepEqual(
    entries.map(entry => entry.sentUpTo),
    [entries[0]?.sentUpTo, entries[0]?.sentUpTo],
  );
});

test('lines that an earlier entry permits may be sent at once', t => {
  const { gate, entries } = setUp(t, 10_000);
  assert.equal(gate.permits(1), true);
  assert.equal(entries.length, 0);
});

test('when an entry cannot be written, no line is permitted any more and the reason is told', async t => {
  const { gate, entries, written } = setUp(t);
  gate.permits(1);
  entries[0]?.fail(new Error('disk full'));
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(written(), 1);
  assert.match(String(gate.failure?.error), /disk full/);
  assert.equal(gate.permits(1), false);
  assert.equal(entries.length, 1);
});
