import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdaptiveWindow } from '../../../src/broker/window.ts';

/** A broker that takes at most `perMs` messages, and answers each no sooner than after `latencyMs`. */
interface Way {
  latencyMs: number;
  perMs: number;
}

function rate(size: number, { latencyMs, perMs }: Way): number {
  return Math.min(perMs, size / latencyMs);
}

/** Lets the window see so many samples of a way; `noise` is what chance makes of each. */
function use(window: AdaptiveWindow, way: Way, samples: number, noise: (n: number) => number = () => 1): void {
  for (let n = 0; n < samples; n++) {
    const confirmed = window.sampleOf;
    window.note({ confirmed, ms: confirmed / (rate(window.size, way) * noise(n)) });
  }
}

const FIXED = [100, 200, 500, 1_000, 2_000, 5_000, 8_000];

function best(way: Way): number {
  return Math.max(...FIXED.map(size => rate(size, way)));
}

for (const [what, way] of [
  ['a broker beside the editor', { latencyMs: 5, perMs: 80 }],
  ['a slow disk', { latencyMs: 40, perMs: 60 }],
  ['a tunnel over an ocean', { latencyMs: 180, perMs: 40 }],
  ['a broker that takes few messages a second', { latencyMs: 20, perMs: 1 }],
] as const) {
  test(`with ${what} the window is within 5 % of the best one, after ten samples and from then on`, () => {
    const window = new AdaptiveWindow();
    use(window, way, 10);
    let sum = 0;
    for (let n = 0; n < 200; n++) {
      sum += rate(window.size, way);
      use(window, way, 1);
    }
    assert.ok(sum / 200 >= 0.95 * best(way), `${sum / 200} of ${best(way)} messages/ms, ${window.size}`);
  });
}

test('it starts with 1,000 messages and never leaves its bounds, whatever is measured', () => {
  const window = new AdaptiveWindow();
  assert.equal(window.size, 1_000);
  let seed = 7;
  for (let n = 0; n < 5_000; n++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    window.note({ confirmed: 1 + (seed % 20_000), ms: 0.1 + (seed >>> 16) });
    assert.ok(window.size >= 100 && window.size <= 8_000, `${window.size}`);
  }
});

test('messages do not pile up at a broker that is slower than the window needs', () => {
  const window = new AdaptiveWindow();
  const way = { latencyMs: 20, perMs: 1 };
  use(window, way, 20);
  assert.ok(window.size / way.perMs <= 400, `${window.size} wait at one message a millisecond`);
});

test('a long way is not mistaken for a slow broker', () => {
  const window = new AdaptiveWindow();
  use(window, { latencyMs: 900, perMs: 50 }, 60);
  assert.ok(window.size >= 1_000, `${window.size}`);
});

test('a larger window that brings less than 5 % is given up again, and not tried with every sample', () => {
  const window = new AdaptiveWindow();
  const sizes: number[] = [];
  for (let n = 0; n < 40; n++) {
    use(window, { latencyMs: 5, perMs: 80 }, 1);
    sizes.push(window.size);
  }
  assert.ok(sizes.filter(size => size > 1_000).length <= 5, sizes.join(' '));
});

test('a way that grows longer gets a larger window', () => {
  const window = new AdaptiveWindow();
  use(window, { latencyMs: 5, perMs: 40 }, 50);
  const later = { latencyMs: 100, perMs: 40 };
  use(window, later, 50);
  assert.ok(rate(window.size, later) >= 0.95 * best(later), `${window.size}`);
});

test('ten per cent of chance in each sample do not take the window away from the best', () => {
  const way = { latencyMs: 40, perMs: 60 };
  const window = new AdaptiveWindow();
  const chance = (n: number) => 0.9 + ((n * 7_919) % 21) / 100;
  use(window, way, 300, chance);
  assert.ok(rate(window.size, way) >= 0.95 * best(way), `${window.size}`);
});
