import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { BrokerError, type PublishProgress } from '../../../src/broker/index.ts';
import { JournalGate } from '../../../src/broker/journal.ts';
import { Publication } from '../../../src/broker/publication.ts';
import { Source } from '../../../src/broker/source.ts';
import { Wake } from '../../../src/broker/wake.ts';
import { fixedWindow } from '../../../src/broker/window.ts';
import type { Item } from '../../../src/workload/message.ts';

/** Stands in for the broker: keeps what was flushed to it, and answers as the test says. */
function setUp(
  items: Iterable<Item> | AsyncIterable<Item>,
  window = 4,
  gateOf: (wake: Wake) => JournalGate | undefined = () => undefined,
) {
  const wake = new Wake();
  const source = new Source(items, () => wake.notify());
  const added: string[] = [];
  const flushed: string[] = [];
  const progress: PublishProgress[] = [];
  const frames = {
    add: (id: string | undefined) => {
      added.push(id ?? '');
      return -1;
    },
    chunk: { bytes: Buffer.alloc(0), open: 0 },
    release: () => {},
    flush: () => void flushed.push(...added.splice(0)),
    maxPropertiesBytes: 100_000,
  };
  const onProgress = (p: PublishProgress) => void progress.push(p);
  const publication = new Publication({
    source,
    runId: 'run',
    window: fixedWindow(window),
    wake,
    onProgress,
    gate: gateOf(wake),
  });
  return { publication, source, flushed, progress, run: () => publication.run(frames) };
}

function lines(count: number): Item[] {
  return Array.from({ length: count }, (_, i) => ({ body: `item ${i + 1}`, line: i + 1 }));
}

/** Lets the publication react to what has been told. */
async function turn(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise(resolve => setImmediate(resolve));
}

function fakeTimers(t: TestContext): void {
  t.mock.timers.enable({ apis: ['setTimeout'] });
}

test('no more messages than the window wait for their confirm', async () => {
  const { publication, run, flushed } = setUp(lines(10));
  const ended = run();
  await turn();
  assert.deepEqual(flushed, ['run/1', 'run/2', 'run/3', 'run/4']);
  publication.onAck(2, true);
  await turn();
  assert.deepEqual(flushed.slice(4), ['run/5', 'run/6']);
  publication.onAck(6, true);
  await turn();
  publication.onAck(10, true);
  assert.equal(await ended, 'done');
  assert.equal(publication.account.confirmed, 10);
});

test('confirms count in whatever order they come', async () => {
  const { publication, run } = setUp(lines(4));
  const ended = run();
  await turn();
  publication.onAck(3, false);
  publication.onAck(1, false);
  // Once more, and one that was never sent: neither counts.
  publication.onAck(3, false);
  publication.onAck(99, false);
  publication.onAck(4, true);
  assert.equal(await ended, 'done');
  assert.equal(publication.account.confirmed, 4);
});

test('a message that no queue took is failed although the broker confirms it', async () => {
  const { publication, run } = setUp(lines(3));
  const ended = run();
  await turn();
  publication.onReturn('run/2');
  publication.onAck(3, true);
  assert.equal(await ended, 'done');
  assert.equal(publication.account.confirmed, 2);
  assert.deepEqual(publication.account.failed, [{ line: 2, reason: 'unroutable' }]);
});

test('two returned messages of the same line are two failures', async () => {
  const { publication, run } = setUp([...lines(1), ...lines(1)]);
  const ended = run();
  await turn();
  publication.onReturn('run/1');
  publication.onReturn('run/1');
  publication.onAck(2, true);
  await ended;
  assert.equal(publication.account.confirmed, 0);
  assert.equal(publication.account.failed.length, 2);
});

test('what was returned and never confirmed is failed, the rest of what is open unknown', async () => {
  const { publication, run, source } = setUp(lines(10));
  const ended = run();
  await turn();
  publication.onReturn('run/3');
  publication.lose(new BrokerError('closed', 'gone'));
  assert.equal(await ended, 'lost');
  assert.deepEqual(publication.settle(), { unknown: [1, 2, 4], unsentFrom: 5 });
  assert.deepEqual(publication.account.failed, [{ line: 3, reason: 'unroutable' }]);
  assert.equal(source.firstLeft, 5);
});

test('a refused message is tried again, and what the broker then takes is confirmed', async t => {
  fakeTimers(t);
  const { publication, run, flushed } = setUp(lines(2));
  const ended = run();
  await turn();
  publication.onAck(2, false);
  publication.onNack(1, false);
  await turn();
  assert.deepEqual(flushed, ['run/1', 'run/2']);
  t.mock.timers.tick(100);
  await turn();
  assert.deepEqual(flushed, ['run/1', 'run/2', 'run/1']);
  publication.onAck(3, false);
  assert.equal(await ended, 'done');
  assert.equal(publication.account.confirmed, 2);
  assert.deepEqual(publication.account.failed, []);
});

test('a queue that stays full is tried for some seconds, and then no line waits any more', async t => {
  fakeTimers(t);
  const { publication, run, flushed } = setUp(lines(50));
  const ended = run();
  let answered = 0;
  const refuseAll = async () => {
    await turn();
    for (; answered < flushed.length; answered++) publication.onNack(answered + 1, false);
  };
  await refuseAll();
  for (const ms of [100, 200, 400, 800, 1_600]) {
    assert.equal(publication.account.failed.length, 0);
    t.mock.timers.tick(ms);
    await refuseAll();
  }
  // No more waiting: the clock stands still from here.
  while (flushed.length > answered || publication.account.failed.length < 50) await refuseAll();
  assert.equal(await ended, 'done');
  assert.deepEqual(
    publication.account.failed,
    lines(50).map(({ line }) => ({ line, reason: 'nacked' })),
  );
  assert.equal(flushed.length, 4 * 6 + 46);
});

test('one accepted message makes the next refusals worth another try', async t => {
  fakeTimers(t);
  const { publication, run, flushed } = setUp(lines(3), 1);
  const ended = run();
  for (const ms of [100, 200, 400, 800, 1_600]) {
    await turn();
    publication.onNack(flushed.length, false);
    await turn();
    t.mock.timers.tick(ms);
  }
  await turn();
  publication.onNack(6, false);
  await turn();
  publication.onAck(7, false);
  await turn();
  publication.onNack(8, false);
  await turn();
  assert.deepEqual(publication.account.failed, [{ line: 1, reason: 'nacked' }]);
  t.mock.timers.tick(100);
  await turn();
  publication.onAck(9, false);
  assert.equal(await ended, 'done');
  assert.equal(publication.account.confirmed, 2);
});

test('a broker under a memory alarm gets nothing more until it reads again, however long that takes', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { publication, run, flushed, progress } = setUp(lines(6));
  const ended = run();
  await turn();
  publication.onBlocked('low on memory');
  publication.onAck(2, true);
  await turn();
  t.mock.timers.tick(10 * 60_000);
  await turn();
  assert.equal(flushed.length, 4);
  assert.equal(progress.at(-1)?.blocked, 'low on memory');
  publication.onBlocked(undefined);
  await turn();
  assert.equal(flushed.length, 6);
  publication.onAck(6, true);
  assert.equal(await ended, 'done');
  assert.equal(progress.at(-1)?.blocked, undefined);
});

test('the answers to what is on its way are waited for when the publication is cancelled', async () => {
  const { publication, run, flushed, source } = setUp(lines(10));
  const ended = run();
  await turn();
  publication.cancel();
  publication.onAck(3, true);
  publication.onNack(4, false);
  assert.equal(await ended, 'cancelled');
  assert.equal(flushed.length, 4);
  assert.equal(publication.account.confirmed, 3);
  assert.deepEqual(publication.settle(), { unknown: [], unsentFrom: 5 });
  assert.deepEqual(publication.account.failed, [{ line: 4, reason: 'nacked' }]);
  assert.equal(source.firstLeft, 5);
});

test('a cancelled publication does not wait for a broker that has stopped answering', async () => {
  const { publication, run } = setUp(lines(10));
  const ended = run();
  await turn();
  publication.onBlocked('low on disk');
  publication.cancel();
  assert.equal(await ended, 'cancelled');
  assert.deepEqual(publication.settle(), { unknown: [1, 2, 3, 4], unsentFrom: 5 });
});

test('a refused message that waits for another try is failed when the publication is cancelled', async () => {
  const { publication, run } = setUp(lines(1));
  const ended = run();
  await turn();
  publication.onNack(1, false);
  publication.cancel();
  assert.equal(await ended, 'cancelled');
  publication.settle();
  assert.deepEqual(publication.account.failed, [{ line: 1, reason: 'nacked' }]);
});

test('a message over 16 MiB is left out and the others go', async () => {
  const large = 'ä'.repeat(8 * 2 ** 20);
  const { publication, run, flushed } = setUp([
    { body: `${large}x`, line: 1 },
    { body: large, line: 2 },
  ]);
  const ended = run();
  await turn();
  assert.deepEqual(flushed, ['run/2']);
  publication.onAck(1, false);
  assert.equal(await ended, 'done');
  assert.deepEqual(publication.account.failed, [{ line: 1, reason: 'too-large' }]);
});

test('large messages fill the window by their bytes', async () => {
  const body = 'x'.repeat(12 * 2 ** 20);
  const { publication, run, flushed } = setUp(
    [1, 2, 3, 4, 5].map(line => ({ body, line })),
    1_000,
  );
  const ended = run();
  await turn();
  assert.equal(flushed.length, 3);
  publication.onAck(3, true);
  await turn();
  assert.equal(flushed.length, 5);
  publication.onAck(5, true);
  assert.equal(await ended, 'done');
});

test('items that are still being read are taken as they come, and not read far ahead of what is sent', async () => {
  let read = 0;
  async function* slow() {
    for (const item of lines(2_000)) {
      await new Promise(resolve => setImmediate(resolve));
      read++;
      yield item;
    }
  }
  const { publication, run, flushed } = setUp(slow());
  const ended = run();
  while (flushed.length < 4) await turn();
  await turn();
  for (let n = 0; n < 500; n++) await turn();
  assert.ok(read <= 133, `${read} items were read`);
  for (let answered = 0; answered < 2_000; await turn()) {
    while (answered < flushed.length) publication.onAck(++answered, false);
  }
  assert.equal(await ended, 'done');
  assert.equal(publication.account.confirmed, 2_000);
});

test('items that cannot be read further end the publication with an account of what was sent', async () => {
  function* broken() {
    yield* lines(2);
    throw new Error('disk on fire');
  }
  const { publication, run, source } = setUp(broken());
  const ended = run();
  await turn();
  publication.onAck(2, true);
  assert.equal(await ended, 'done');
  assert.match(String(source.failure?.error), /disk on fire/);
  assert.equal(source.firstLeft, 3);
});

test('an empty list is done at once', async () => {
  const { run, flushed } = setUp([]);
  assert.equal(await run(), 'done');
  assert.deepEqual(flushed, []);
});

test('sending lets the event loop breathe', async () => {
  const { publication, run, flushed } = setUp(lines(200_000), 200_000);
  const ended = run();
  let turns = 0;
  let longest = 0;
  for (let last = performance.now(); flushed.length < 200_000; turns++) {
    await new Promise(resolve => setImmediate(resolve));
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }
  publication.onAck(0, true);
  assert.equal(await ended, 'done');
  assert.ok(turns > 3, `${turns} turns, the longest ${longest} ms`);
});

test('a broker that reads and never confirms is given up after a minute', async t => {
  fakeTimers(t);
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const { publication, run } = setUp(lines(4));
  const ended = run();
  await turn();
  now = 59_000;
  publication.onAck(1, false);
  await turn();
  now = 118_000;
  t.mock.timers.tick(60_000);
  await turn();
  assert.equal(await Promise.race([ended, turn()]), undefined);
  now = 119_000;
  t.mock.timers.tick(60_000);
  assert.equal(await ended, 'lost');
  assert.equal(publication.lost?.code, 'timeout');
  assert.deepEqual(publication.settle(), { unknown: [2, 3, 4], unsentFrom: undefined });
});

test('what has arrived is not sent again after a loss, and the rest goes first and in order', async () => {
  const { publication, run, flushed } = setUp(lines(8));
  let ended = run();
  await turn();
  publication.onAck(1, false);
  await turn();
  publication.lose(new BrokerError('closed', 'gone'));
  assert.equal(await ended, 'lost');
  assert.deepEqual(publication.open(), [2, 3, 4, 5]);
  publication.decide({ arrived: line => line === 2 || line === 4, certain: true, lost: 0 });
  assert.equal(publication.account.confirmed, 3);
  flushed.length = 0;
  ended = run();
  await turn();
  assert.deepEqual(flushed, ['run/3', 'run/5', 'run/6', 'run/7']);
  publication.onAck(4, true);
  await turn();
  publication.onAck(5, false);
  assert.equal(await ended, 'done');
  assert.equal(publication.account.confirmed, 8);
  assert.equal(publication.account.maybeDoubled, 0);
});

test('what nobody could look for is counted when it is sent again, and unknown when it is not', async () => {
  const { publication, run } = setUp(lines(4), 2);
  let ended = run();
  await turn();
  publication.lose(new BrokerError('closed', 'gone'));
  await ended;
  publication.open();
  publication.decide({ arrived: () => false, certain: false, lost: 0 });
  assert.equal(publication.account.maybeDoubled, 0);
  ended = run();
  await turn();
  assert.equal(publication.account.maybeDoubled, 2);
  publication.onAck(1, false);
  publication.lose(new BrokerError('closed', 'gone'));
  await ended;
  publication.open();
  publication.decide({ arrived: () => false, certain: false, lost: 0 });
  assert.deepEqual(publication.settle(), { unknown: [2], unsentFrom: 3 });
});

test('lines that are surely not there and not sent again are unsent, with all that follow', async () => {
  const { publication, run } = setUp(lines(9));
  const ended = run();
  await turn();
  publication.onAck(1, false);
  await turn();
  publication.lose(new BrokerError('no-permission', ''));
  await ended;
  publication.open();
  publication.decide({ arrived: line => line < 4, certain: true, lost: 0 });
  assert.deepEqual(publication.settle(), { unknown: [], unsentFrom: 4 });
  assert.equal(publication.account.confirmed, 3);
});

test('a publication that goes on from a journal leaves out what is settled and what has arrived', async () => {
  const journal = { runId: 'run', queue: 'q', depthBefore: 0, confirmed: 2, confirmedUpTo: 3, sentUpTo: 6 };
  const failed = [{ line: 2, reason: 'too-large' as const }];
  const { publication, run, flushed, progress } = setUp(lines(8));
  publication.resume({ ...journal, failed });
  publication.decideEarlier({ arrived: line => line === 5, certain: true, lost: 0 });
  const ended = run();
  await turn();
  assert.deepEqual(flushed, ['run/4', 'run/6', 'run/7', 'run/8']);
  assert.deepEqual(publication.progress(), { confirmed: 2, confirmedUpTo: 3, sentUpTo: 8, failed });
  publication.onAck(1, false);
  assert.deepEqual(publication.progress(), { confirmed: 4, confirmedUpTo: 5, sentUpTo: 8, failed });
  publication.onAck(4, true);
  assert.equal(await ended, 'done');
  assert.equal(publication.account.confirmed, 7);
  assert.deepEqual(publication.progress(), { confirmed: 7, confirmedUpTo: 8, sentUpTo: 8, failed });
  assert.equal(progress.at(-1)?.sent, 7);
});

test('no line is settled for the journal while one before it has no answer', async () => {
  const { publication, run } = setUp([
    ...lines(3),
    { body: 'x'.repeat(16 * 2 ** 20 + 1), line: 10 },
    { body: '', line: 20 },
  ]);
  const ended = run();
  await turn();
  publication.onAck(3, false);
  assert.deepEqual(publication.progress(), { confirmed: 0, confirmedUpTo: 0, sentUpTo: 20, failed: [] });
  publication.onAck(2, true);
  const failed = [{ line: 10, reason: 'too-large' }];
  assert.deepEqual(publication.progress(), { confirmed: 3, confirmedUpTo: 19, sentUpTo: 20, failed });
  publication.onAck(4, false);
  assert.equal(await ended, 'done');
});

test('nothing is sent before the journal permits it', async () => {
  const written: number[] = [];
  let safe = () => {};
  const { publication, run, flushed } = setUp(lines(3), 4, wake => {
    const write = (sentUpTo: number) =>
      new Promise<void>(resolve => {
        written.push(sentUpTo);
        safe = resolve;
      });
    return new JournalGate(write, () => wake.notify(), 0);
  });
  const ended = run();
  await turn();
  assert.deepEqual(flushed, []);
  assert.equal(written.length, 1);
  safe();
  await turn();
  assert.equal(flushed.length, 3);
  publication.onAck(3, true);
  assert.equal(await ended, 'done');
});

test('a message with properties that cannot be sent is left out and the others go', async () => {
  const headers = { big: 'x'.repeat(100_001) };
  const { publication, run, flushed } = setUp([
    { body: 'a', line: 1, fields: { headers } },
    { body: 'b', line: 2, fields: { expiration: 'never' } },
    { body: Buffer.from('c'), line: 3, fields: { type: 'c' } },
  ]);
  const ended = run();
  await turn();
  assert.deepEqual(flushed, ['run/3']);
  publication.onAck(1, false);
  assert.equal(await ended, 'done');
  const reason = 'invalid-fields';
  assert.deepEqual(
    publication.account.failed,
    [1, 2].map(line => ({ line, reason })),
  );
});
