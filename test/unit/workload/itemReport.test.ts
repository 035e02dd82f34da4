import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReport } from '../../../src/workload/itemReport.ts';
import { Random } from './random.ts';

const item = (text: string) => `work-queue item ${JSON.stringify(text)}\n`;

test('a log tells its items, how each went and how long it took', () => {
  const log = `${item('apple')}Processing apple\nwork-queue done 1.5s\n${item('fig')}oops\nwork-queue failed 3 0.1s\n${item('date')}`;
  assert.deepEqual(parseReport(log), [
    { item: 'apple', outcome: 'done', seconds: 1.5 },
    { item: 'fig', outcome: 'failed', exitCode: 3, seconds: 0.1 },
    { item: 'date', outcome: 'unknown' },
  ]);
});

test('a log whose lines begin with their times tells when each item was begun', () => {
  const stamp = (second: number) => `2026-03-01T12:00:0${second}.123456789Z `;
  const log = `${stamp(1)}${item('apple')}${stamp(2)}Processing\n${stamp(3)}work-queue done 1.5s\n${stamp(4)}${stamp(4)}work-queue item "fig"\n`;
  const at = Date.parse('2026-03-01T12:00:01.123Z');
  assert.deepEqual(parseReport(log), [{ item: 'apple', outcome: 'done', seconds: 1.5, at }]);
});

test('what is not a line of the report, whole and in place, is the program’s own', () => {
  for (const log of [
    '',
    'work-queue',
    'work-queue ',
    'work-queue done 1.0s',
    'work-queue failed 1 1.0s',
    'work-queue item',
    'work-queue item apple',
    'work-queue item "apple',
    'work-queue item "apple" ',
    'work-queue item "\\x"',
    'work-queue item "a\tb"',
    'work-queue item {"a":1}',
    ' work-queue item "apple"',
    '\u001b[31mwork-queue item "apple"\u001b[0m',
    'Work-queue item "apple"',
    `work-queue item "${'x'.repeat(5000)}"`,
  ]) {
    assert.deepEqual(parseReport(log), [], JSON.stringify(log.slice(0, 60)));
  }
  for (const end of ['done', 'done 1s', 'done 1.0', 'done -1.0s', 'failed 1.0s', 'failed x 1.0s', 'failed 1234 1.0s']) {
    assert.deepEqual(parseReport(`${item('a')}work-queue ${end}\n`), [{ item: 'a', outcome: 'unknown' }], end);
  }
});

test('any text that can be an item is read back, with either line end', () => {
  const random = new Random(7);
  for (let round = 0; round < 500; round++) {
    const text = String.fromCharCode(...Array.from({ length: random.int(0, 200) }, () => random.int(0, 0xffff)));
    for (const end of ['\n', '\r\n']) {
      const log = `${item(text).trimEnd()}${end}noise\u0000\u001b]0;x\u0007${end}work-queue done 0.0s${end}`;
      assert.deepEqual(parseReport(log), [{ item: text, outcome: 'done', seconds: 0 }], `round ${round}`);
    }
  }
});

test('a log of shuffled pieces of the report, or with a line of megabytes, is read without harm', () => {
  const random = new Random(11);
  const pieces = [
    'work-queue ',
    'item ',
    'done ',
    'failed ',
    '"',
    '\\',
    '\\u12',
    '1.0s',
    '255 ',
    '\n',
    '\r',
    '\u001b[2J',
    '💥',
    '\ud800',
  ];
  for (let round = 0; round < 2000; round++) {
    const log = Array.from({ length: 30 }, () => pieces[random.int(0, pieces.length - 1)]).join('');
    for (const report of parseReport(log)) assert.match(report.outcome, /^(done|failed|unknown)$/);
  }
  const long = `${item('a')}${'work-queue '.repeat(300_000)}\nwork-queue item "${'\\'.repeat(2_000_000)}\nwork-queue done 2.0s\n`;
  assert.deepEqual(parseReport(long), [{ item: 'a', outcome: 'done', seconds: 2 }]);
});
