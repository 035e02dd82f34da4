import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogSource } from '../../../src/model/keptLogs.ts';
import { lineFilter } from '../../../src/ui/logFilter.ts';
import { LogLines } from '../../../src/ui/logLines.ts';

const cut = (leftOut: number) => `[${leftOut} more]`;
const source = (pod: string): LogSource => ({ podUid: pod, pod, container: 'c', attempt: 0 });
const texts = (lines: LogLines) => lines.lines.map(({ source, text }) => `${source.pod} ${text}`);

test('what several Pods had written is ordered by its time, whichever is read first', () => {
  const [a, b] = [source('a'), source('b')];
  const lines = new LogLines({ cut });
  for (const at of [1, 4, 5]) lines.push(a, { at, text: `${at}\n` }, false);
  for (const at of [2, 3, 6]) lines.push(b, { at, text: `${at}\n` }, false);
  assert.deepEqual(texts(lines), ['a 1', 'b 2', 'b 3', 'a 4', 'a 5', 'b 6']);
});

test('a live line of a node whose clock is slow is put at the end, where it is seen', () => {
  const [a, b] = [source('a'), source('b')];
  const lines = new LogLines({ cut });
  lines.push(a, { at: 1000, text: 'one\n' }, false);
  lines.push(b, { at: 400, text: 'two\n' }, true);
  lines.push(a, { at: 1001, text: 'three\n' }, true);
  assert.deepEqual(texts(lines), ['a one', 'b two', 'a three']);
});

test('lines of two Pods that come in pieces are not mixed', () => {
  const [a, b] = [source('a'), source('b')];
  const lines = new LogLines({ cut });
  lines.push(a, { at: 1, text: 'be' }, false);
  lines.push(b, { at: 2, text: 'whole\n' }, false);
  lines.push(a, { at: 1, text: 'gun' }, false);
  assert.deepEqual(texts(lines), ['b whole', 'a begun']);
  lines.end(a);
  assert.deepEqual(texts(lines), ['a begun', 'b whole']);
});

test('a line that comes again after a cut stands there once', () => {
  const a = source('a');
  const lines = new LogLines({ cut });
  lines.push(a, { at: 1, text: 'half of \x1b]0;a ti' }, false);
  lines.reopen(a);
  lines.push(a, { at: 1, text: 'half of a line\n' }, false);
  assert.deepEqual(texts(lines), ['a half of a line']);
});

test('logs longer than what is kept lose their oldest lines, and how many is known', () => {
  const lines = new LogLines({ keep: 2000, cut });
  for (let n = 0; n < 1000; n++) lines.push(source('a'), { at: n, text: `line ${n}\n` }, false);
  const kept = lines.lines;
  assert.ok(kept.length < 200, `${kept.length}`);
  assert.equal(lines.leftOut + kept.length, 1000);
  assert.equal(kept[0]?.text, `line ${1000 - kept.length}`);
  assert.equal(kept.at(-1)?.text, 'line 999');
});

test('a line of ten million characters is cut, and what it held is said', () => {
  const a = source('a');
  const lines = new LogLines({ cut });
  for (let n = 0; n < 1000; n++) lines.push(a, { at: 1, text: 'x'.repeat(10_000) }, false);
  lines.push(a, { at: 1, text: '\n' }, false);
  assert.equal(lines.lines[0]?.text, `${'x'.repeat(10_000)}[9990000 more]`);
});

test('a filter is a part of the line, or a regular expression between slashes', () => {
  assert.equal(lineFilter('WARN')?.('a warning'), true);
  assert.equal(lineFilter('w.rn')?.('a warning'), false);
  assert.equal(lineFilter('/w.rn|err/')?.('a warning'), true);
  assert.equal(lineFilter('/WARN/')?.('a warning'), false);
  assert.equal(lineFilter('/WARN/i')?.('a warning'), true);
  assert.equal(lineFilter('/(/'), undefined);
  assert.equal(lineFilter('/etc')?.('in /etc/hosts'), true);
});
