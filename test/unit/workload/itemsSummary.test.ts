import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Duplicates } from '../../../src/workload/duplicates.ts';
import type { ItemFormat } from '../../../src/workload/formats.ts';
import { ItemStream } from '../../../src/workload/itemStream.ts';
import { ItemsSummary } from '../../../src/workload/itemsSummary.ts';
import { readBatches, readItems } from '../../../src/workload/readItems.ts';
import { Random } from './random.ts';

const LINES: ItemFormat = { kind: 'lines' };

async function summaryOf(text: string, format = LINES, remembered?: number): Promise<ItemsSummary> {
  const summary = new ItemsSummary(remembered);
  for await (const found of readItems([text], format)) summary.add(found);
  return summary;
}

const places = (shown: { text: string | Uint8Array; line: number }[]) => shown.map(({ text, line }) => [line, text]);

test('a summary counts items and bytes, and shows the first and the last', async () => {
  const summary = await summaryOf('apple\nbanana\ncherry\ndate\nfig\ngrape\nlemon\nmelon\n');
  assert.equal(summary.items, 8);
  assert.equal(summary.bytes, 39);
  assert.deepEqual(places(summary.first), [
    [1, 'apple'],
    [2, 'banana'],
    [3, 'cherry'],
  ]);
  assert.deepEqual(places(summary.last), [
    [7, 'lemon'],
    [8, 'melon'],
  ]);
  assert.equal(summary.lastLine, 8);
  assert.deepEqual([summary.duplicates, summary.duplicatesComplete], [0, true]);
});

test('no item is shown twice', async () => {
  for (const count of [0, 1, 2, 3, 4, 5]) {
    const lines = Array.from({ length: count }, (_, i) => `item ${i}`);
    const summary = await summaryOf(lines.join('\n'));
    assert.deepEqual(
      [...summary.first, ...summary.last].map(({ text }) => text),
      lines,
    );
  }
});

test('bytes are those of UTF-8', async () => {
  const long = 'ü'.repeat(100);
  assert.equal((await summaryOf(`aü€😀\n${long}`)).bytes, 1 + 2 + 3 + 4 + 200);
});

test('what is left out is counted by reason, and shown by line', async () => {
  const summary = await summaryOf('a\n\n\ud83d\n \nb');
  assert.deepEqual(
    [...summary.skipped],
    [
      ['blank', 2],
      ['invalid-unicode', 1],
    ],
  );
  assert.deepEqual(
    summary.skippedShown.map(({ line, reason }) => [line, reason]),
    [
      [2, 'blank'],
      [3, 'invalid-unicode'],
      [4, 'blank'],
    ],
  );
});

test('of a thousand blank lines a hundred are shown, all are counted', async () => {
  const summary = await summaryOf('\n'.repeat(1000));
  assert.equal(summary.skipped.get('blank'), 1000);
  assert.equal(summary.skippedShown.length, 100);
});

test('the body of a large item is shown by its beginning', async () => {
  const summary = await summaryOf('x'.repeat(5000));
  assert.equal(summary.first[0]?.text.length, 200);
  assert.equal(summary.first[0]?.bytes, 5000);
});

test('duplicates are counted with their bytes', async () => {
  const summary = await summaryOf('apple\nfig\napple\nFig\napple\nfig');
  assert.deepEqual([summary.items, summary.duplicates, summary.duplicateBytes], [6, 3, 13]);
});

test('items that differ in their properties are no duplicates; their ids do not count', async () => {
  const text = [
    '{"body":"a","messageId":"r/1","type":"x"}',
    '{"body":"a","messageId":"r/2","type":"x"}',
    '{"body":"a","type":"y"}',
  ].join('\n');
  assert.equal((await summaryOf(text, { kind: 'messages' })).duplicates, 1);
});

test('beyond what is remembered, duplicates are said to be incomplete', async () => {
  const lines = Array.from({ length: 20 }, (_, i) => `item ${i}`);
  const summary = await summaryOf([...lines, 'item 3', 'item 19'].join('\n'), LINES, 10);
  assert.deepEqual([summary.duplicates, summary.duplicatesComplete], [1, false]);
  assert.equal((await summaryOf(lines.join('\n'), LINES, 20)).duplicatesComplete, true);
});

test('a body over 1 MiB is not compared, and that is said', async () => {
  const large = 'x'.repeat(2 ** 20 + 1);
  const summary = await summaryOf(`${large}\n${large}`);
  assert.deepEqual([summary.duplicates, summary.duplicatesComplete], [0, false]);
});

test('exactly the duplicates are told from a million different items', () => {
  const seen = new Duplicates();
  for (let i = 0; i < 1_000_000; i++) assert.equal(seen.has({ body: `item ${i}`, line: i }), false, `item ${i}`);
  for (let i = 0; i < 1_000_000; i += 1000) assert.equal(seen.has({ body: `item ${i}`, line: i }), true, `item ${i}`);
  assert.equal(seen.complete, true);
});

test('texts and bytes that look alike are told apart from others', () => {
  const seen = new Duplicates();
  const bodies = ['', '\0', '\0\0', 'a', 'b', 'ab', 'ba', new Uint8Array([0]), new Uint8Array([255])];
  const found = bodies.map(body => seen.has({ body, line: 1 }));
  assert.deepEqual(found, [false, false, false, false, false, false, false, true, false], 'a NUL is a NUL');
});

test('the stream gives the items of all batches, at once where they are read', async () => {
  const text = Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? '' : `item ${i % 100}`)).join('\n');
  const steps = new ItemStream(readBatches([text.slice(0, 9000), text.slice(9000)], LINES), {
    leaveOutDuplicates: false,
  })[Symbol.asyncIterator]();
  const bodies: unknown[] = [];
  let waits = 0;
  for (;;) {
    const next: unknown = steps.next();
    if (next instanceof Promise) waits++;
    const step = await (next as ReturnType<typeof steps.next>);
    if (step.done) break;
    bodies.push(step.value.body);
  }
  assert.deepEqual(
    bodies,
    text.split('\n').filter(line => line !== ''),
  );
  assert.ok(waits <= 5, `${waits} waits`);
});

test('without duplicates, the stream gives the first of each, as many as the summary counts', async () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = new Random(seed);
    const text = Array.from({ length: random.int(0, 40) }, () => `item ${random.int(0, 12)}`).join('\n');
    const bodies: unknown[] = [];
    for await (const { body } of new ItemStream(readBatches([text], LINES), { leaveOutDuplicates: true }))
      bodies.push(body);
    assert.deepEqual(bodies, [...new Set(text === '' ? [] : text.split('\n'))], `seed ${seed}`);
    const summary = await summaryOf(text);
    assert.equal(summary.items - summary.duplicates, bodies.length);
  }
});

test('an error of the source comes through the stream', async () => {
  const stream = new ItemStream(readBatches(['["a",'], { kind: 'json' }), { leaveOutDuplicates: false });
  await assert.rejects(
    async () => {
      for await (const _ of stream);
    },
    { name: 'FormatError', problem: 'json-unfinished' },
  );
});
