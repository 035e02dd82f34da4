import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Sent } from '../../../src/broker/inFlight.ts';
import { Retries } from '../../../src/broker/retries.ts';

const refused = (index: number) => ({ index, line: index + 1, nacks: 0 }) as Sent;

/** A broker that, asked again, takes as many of the refused messages as it has room for. */
function askAgain(t: TestContext, messages: number, roomEachTime: (round: number) => number) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const failed: number[] = [];
  let taken = 0;
  let round = 0;
  const retries = new Retries(() => {
    let room = roomEachTime(round++);
    for (let next = retries.take(); next; next = retries.take()) {
      if (room-- > 0) {
        taken++;
        retries.accepted();
      } else if (!retries.add(next)) failed.push(next.line);
    }
  });
  for (let index = 0; index < messages; index++) assert.ok(retries.add(refused(index)));
  for (let step = 0; step < 200 && retries.size > 0; step++) t.mock.timers.tick(100);
  return { taken: () => taken, failed, rounds: () => round, left: () => retries.size };
}

test('a queue that takes one message each time gets them all', t => {
  const asked = askAgain(t, 20, () => 1);
  assert.deepEqual([asked.taken(), asked.failed, asked.left()], [20, [], 0]);
});

test('a queue that takes none is asked five times, and all are listed', t => {
  const asked = askAgain(t, 3, () => 0);
  assert.deepEqual([asked.taken(), asked.failed, asked.rounds()], [0, [1, 2, 3], 5]);
});

test('a queue that takes none for three seconds after it took some is given up as well', t => {
  const asked = askAgain(t, 3, round => (round === 3 ? 1 : 0));
  assert.deepEqual([asked.taken(), asked.failed, asked.left()], [1, [2, 3], 0]);
});
