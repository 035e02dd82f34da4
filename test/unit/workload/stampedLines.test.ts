import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LinePart, StampedLines } from '../../../src/workload/stampedLines.ts';

const at = (text: string) => Date.parse(text);

function read(lines: StampedLines, chunks: Iterable<string>): { at: number; text: string }[] {
  const parts: LinePart[] = [];
  for (const chunk of chunks) parts.push(...lines.push(chunk));
  parts.push(...lines.end());
  const whole: { at: number; text: string }[] = [];
  let open = false;
  for (const part of parts) {
    const last = whole.at(-1);
    if (open && last) last.text += part.text;
    else whole.push({ ...part });
    open = !part.text.endsWith('\n');
  }
  return whole;
}

const LOG = [
  '2026-03-01T12:00:00.000000000Z one\n',
  '2026-03-01T12:00:00.123456789Z two words\n',
  '2026-03-01T14:00:01.5+02:00 \n',
  '2026-03-01T12:00:02Z \n',
].join('');

test('a log’s lines come with their times, however it is cut on its way', () => {
  const whole = read(new StampedLines(), [LOG]);
  assert.deepEqual(
    whole.map(line => line.text),
    ['one\n', 'two words\n', '\n', '\n'],
  );
  assert.equal(whole[0]?.at, at('2026-03-01T12:00:00Z'));
  assert.ok(Math.abs((whole[1]?.at ?? 0) - at('2026-03-01T12:00:00.123Z') - 0.456789) < 0.001);
  assert.equal(whole[2]?.at, at('2026-03-01T12:00:01.5Z'));
  for (let size = 1; size < 50; size++) {
    const chunks = LOG.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    assert.deepEqual(read(new StampedLines(), chunks), whole, `chunks of ${size}`);
  }
});

test('a line without a time is a line all the same, at the time of the one before', () => {
  const [, second, third] = read(new StampedLines(), ['2026-03-01T12:00:00Z one\nno time here\n', 'unfinished']);
  assert.deepEqual(second, { at: at('2026-03-01T12:00:00Z'), text: 'no time here\n' });
  assert.equal(third?.text, 'unfinished\n');
});

test('a long line is passed on before it ends', () => {
  const lines = new StampedLines();
  const parts = [...lines.push(`2026-03-01T12:00:00Z ${'x'.repeat(100)}`), ...lines.push('y'.repeat(100))];
  assert.deepEqual(
    parts.map(part => part.text),
    ['x'.repeat(100), 'y'.repeat(100)],
  );
});

test('a log that is read again goes on behind its last whole line, also within the same second', () => {
  const lines = new StampedLines();
  assert.equal([...lines.push(`${LOG.slice(0, 75)}`)].length > 0, true);
  assert.equal(lines.last, '2026-03-01T12:00:00.000000000Z');
  lines.resume();
  assert.deepEqual(
    read(lines, [LOG]).map(line => line.text),
    ['two words\n', '\n', '\n'],
  );
});
