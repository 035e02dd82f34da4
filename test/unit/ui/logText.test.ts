import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogText } from '../../../src/ui/logText.ts';

const cut = (leftOut: number) => `[${leftOut} more]`;

test('a log longer than what is kept loses its oldest lines, whole ones, and says how much', () => {
  const log = new LogText({ keep: 100, cut });
  const all = Array.from({ length: 100 }, (_, n) => `line ${n}\n`).join('');
  for (const line of all.split(/(?<=\n)/)) log.push(line);
  assert.ok(log.text.length <= 150, `${log.text.length}`);
  assert.match(log.text, /^line \d+\n/);
  assert.ok(all.endsWith(log.text));
  assert.equal(log.leftOut + log.text.length, all.length);
});

test('a last line without an end is closed when the log ends', () => {
  const log = new LogText({ cut });
  log.push('a\nb');
  log.end();
  assert.equal(log.text, 'a\nb\n');
  log.end();
  assert.equal(log.text, 'a\nb\n');
});

test('a log that begins anew keeps nothing of the old one', () => {
  const log = new LogText({ cut });
  log.push('a\x1b]0;half a title');
  log.clear();
  log.push('b\n');
  assert.equal(log.text, 'b\n');
});
