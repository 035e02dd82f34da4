import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerError } from '../../../src/broker/index.ts';
import { Publication } from '../../../src/broker/publication.ts';
import { Source } from '../../../src/broker/source.ts';
import { Wake } from '../../../src/broker/wake.ts';
import { fixedWindow } from '../../../src/broker/window.ts';

const ROUNDS = 300;
const LINES = 40;

/** A broker that does anything a broker may do, decided by `random`, and remembers what it has really stored. */
class CapriciousBroker {
  readonly stored = new Map<string, number>();
  readonly #random: () => number;
  readonly chunk = { bytes: Buffer.alloc(0), open: 0 };
  readonly maxPropertiesBytes = 100_000;
  readonly #added: string[] = [];
  readonly #open: { tag: number; id: string }[] = [];
  #tag = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  add(id: string | undefined): number {
    this.#added.push(id ?? '');
    return -1;
  }

  release(): void {}

  flush(): void {
    for (const id of this.#added.splice(0)) this.#open.push({ tag: ++this.#tag, id });
  }

  /** Answers a part of what is open: one or several at once, out of order, accepted, refused, returned. */
  answer(publication: Publication): void {
    while (this.#open.length > 0 && this.#random() < 0.7) {
      const multiple = this.#random() < 0.3;
      const at = Math.floor(this.#random() * this.#open.length);
      const about = multiple ? this.#open.splice(0, at + 1) : this.#open.splice(at, 1);
      const tag = about.at(-1)?.tag ?? 0;
      if (this.#random() < 0.3) {
        publication.onNack(tag, multiple);
        continue;
      }
      for (const { id } of about) {
        if (this.#random() < 0.2) publication.onReturn(id);
        else this.stored.set(id, (this.stored.get(id) ?? 0) + 1);
      }
      publication.onAck(tag, multiple);
    }
  }

  /** What is still open may have been stored without the answer getting through. */
  end(): void {
    for (const { id } of this.#open) if (this.#random() < 0.5) this.stored.set(id, 1);
  }
}

/** Linear congruential (Numerical Recipes): the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('whatever the broker does and whenever it ends, every line is in one place of the account, and in the right one', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const endings = new Set<string>();
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = randomFrom(seed);
    const broker = new CapriciousBroker(random);
    const wake = new Wake();
    const items = Array.from({ length: LINES }, (_, i) => ({ body: 'x', line: i + 1 }));
    const source = new Source(items, () => wake.notify());
    const window = fixedWindow(1 + Math.floor(random() * 20));
    const publication = new Publication({ source, runId: 'r', window, wake, onProgress: undefined });
    let ended: string | undefined;
    const run = publication.run(broker).then(how => {
      ended = how;
    });
    const stopAt = random() < 0.5 ? Math.floor(random() * 30) : Number.POSITIVE_INFINITY;
    for (let turn = 0; ended === undefined; turn++) {
      await new Promise(resolve => setImmediate(resolve));
      if (turn === stopAt) {
        if (random() < 0.5) publication.lose(new BrokerError('closed', ''));
        else publication.cancel();
      }
      broker.answer(publication);
      t.mock.timers.tick(200);
    }
    await run;
    broker.end();
    endings.add(ended ?? '');
    const { unknown } = publication.settle();
    const failed = publication.account.failed.map(failure => failure.line);
    const from = source.firstLeft ?? LINES + 1;
    const words = `seed ${seed}`;
    assert.equal(publication.account.confirmed + failed.length + unknown.length, from - 1, words);
    assert.equal(new Set([...failed, ...unknown]).size, failed.length + unknown.length, words);
    const named = new Set([...failed, ...unknown]);
    for (let line = 1; line < from; line++) {
      const stored = broker.stored.get(`r/${line}`) ?? 0;
      if (failed.includes(line)) assert.equal(stored, 0, `${words}: line ${line} failed and is there`);
      else if (!named.has(line))
        assert.equal(stored, 1, `${words}: line ${line} is confirmed and there ${stored} times`);
    }
    for (let line = from; line <= LINES; line++) assert.ok(!broker.stored.has(`r/${line}`), words);
  }
  assert.deepEqual([...endings].sort(), ['cancelled', 'done', 'lost']);
});
