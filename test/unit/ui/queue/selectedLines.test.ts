import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectedLines } from '../../../../src/ui/commands/queue/selectedLines.ts';

/** From line and character to line and character, as the editor counts: from 0. */
const selection = (fromLine: number, from: number, toLine: number, to: number) => ({
  isEmpty: fromLine === toLine && from === to,
  start: { line: fromLine, character: from },
  end: { line: toLine, character: to },
});

const CASES: [string, ReturnType<typeof selection>[], ReturnType<typeof selectedLines>][] = [
  ['a cursor alone selects nothing', [selection(3, 2, 3, 2)], undefined],
  ['a part of a line is the line', [selection(3, 2, 3, 4)], [{ from: 4, count: 1 }]],
  ['whole lines end before the first character of the next', [selection(0, 0, 8, 0)], [{ from: 1, count: 8 }]],
  ['a selection inside the first character is one line', [selection(2, 0, 2, 1)], [{ from: 3, count: 1 }]],
  [
    'several cursors, in the order of the file',
    [selection(6, 0, 6, 5), selection(1, 0, 1, 6)],
    [
      { from: 2, count: 1 },
      { from: 7, count: 1 },
    ],
  ],
  ['lines next to each other are one piece', [selection(1, 0, 1, 3), selection(2, 0, 2, 3)], [{ from: 2, count: 2 }]],
  [
    'two selections on one line are that line, once',
    [selection(1, 0, 1, 2), selection(1, 3, 1, 4)],
    [{ from: 2, count: 1 }],
  ],
  ['one selection inside another', [selection(1, 0, 5, 1), selection(2, 0, 3, 1)], [{ from: 2, count: 5 }]],
  ['empty cursors among others', [selection(9, 0, 9, 0), selection(1, 0, 1, 3)], [{ from: 2, count: 1 }]],
];
for (const [name, selections, lines] of CASES) test(name, () => assert.deepEqual(selectedLines(selections), lines));
