import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlainText, plainText } from '../../../src/ui/plainText.ts';

test('colours, titles and links of a terminal leave only their text', () => {
  assert.equal(plainText('\x1b[1;31mError\x1b[0m at item 3'), 'Error at item 3');
  assert.equal(plainText('\x1b]0;owned\x07title gone'), 'title gone');
  assert.equal(plainText('\x1b]8;;command:evil\x1b\\click\x1b]8;;\x1b\\'), 'click');
  assert.equal(plainText('\x1bP1$r\x1b\\a\x1b(Bb\x9b31mc'), 'abc');
});

test('control and direction characters are gone, tabs, line feeds and other scripts stay', () => {
  assert.equal(plainText('a\0b\x07c\x7fd\u0085e'), 'abcde');
  assert.equal(plainText('user\u202e\u2066txt.exe\u2069'), 'usertxt.exe');
  assert.equal(plainText('a\tb\nпривет 队列 🍒 שלום'), 'a\tb\nпривет 队列 🍒 שלום');
});

test('a progress bar that overwrites its line becomes lines', () => {
  assert.equal(plainText('10 %\r50 %\r100 %\r\ndone\r\n'), '10 %\n50 %\n100 %\ndone\n');
  assert.equal(plainText('10 %\r\x1b[K\n'), '10 %\n');
});

test('a sequence that never ends does not swallow the next line', () => {
  assert.equal(plainText('a\x1b]0;never closed\nnext'), 'a\nnext');
  assert.equal(plainText('a\x1b[31\nnext'), 'a\nnext');
});

test('a stream reads the same wherever it is cut', () => {
  const text = 'a\x1b[31mred\x1b[0m\r\n10 %\r20 %\n\x1b]8;;http://x\x1b\\link\x1b]8;;\x07\u202eend\x1b';
  const whole = plainText(text);
  assert.equal(whole, 'ared\n10 %\n20 %\nlinkend');
  for (let cut = 0; cut <= text.length; cut++) {
    const stream = new PlainText();
    assert.equal(stream.push(text.slice(0, cut)) + stream.push(text.slice(cut)) + stream.end(), whole, `cut at ${cut}`);
  }
});

test('a line of 10 MB is cut and says how much is left out', () => {
  const stream = new PlainText({ maxLine: 100, cut: leftOut => `[${leftOut} more]` });
  let out = stream.push('short\n');
  for (let n = 0; n < 10; n++) out += stream.push('x'.repeat(1_000_000));
  out += stream.push('\nnext');
  assert.equal(out + stream.end(), `short\n${'x'.repeat(100)}[9999900 more]\nnext`);
});

test('a cut line at the very end says it too', () => {
  const stream = new PlainText({ maxLine: 3, cut: leftOut => `[${leftOut}]` });
  assert.equal(stream.push('abcdef') + stream.end(), 'abc[3]');
});
