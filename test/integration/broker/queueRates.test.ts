import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { BrokerError, connect, publish, queueRates } from '../../../src/broker/index.ts';
import { address, managementPort, newQueueName, purpose } from './labBroker.ts';

/** Asks until the broker's statistics, which it renews every 5 s, are as expected. */
async function ratesWhen(queue: string, expected: (rates: Awaited<ReturnType<typeof queueRates>>) => boolean) {
  for (const end = Date.now() + 30_000; ; ) {
    const rates = await queueRates({ address, managementPort, queue });
    if (expected(rates)) return rates;
    if (Date.now() > end) throw new Error(`the rates stay at ${JSON.stringify(rates)}`);
    await pause(500);
  }
}

test('a queue’s rates: 0 before its first message, then what is published a second', { timeout: 90_000 }, async t => {
  const broker = await connect({ address, purpose });
  t.after(() => broker.close());
  const queue = newQueueName('rates');
  await broker.declare(queue);
  assert.deepEqual(await ratesWhen(queue, ({ publish }) => publish !== undefined), { publish: 0, deliver: 0 });
  const stop = new AbortController();
  // A burst within one sample of the broker has no rate: it goes on until there is one.
  async function* items() {
    for (let line = 1; !stop.signal.aborted; line++) {
      yield { body: 'x', line };
      await pause(50);
    }
  }
  const publishing = publish({ address, purpose, queue, runId: 'rates', items: items() });
  try {
    const { publish, deliver } = await ratesWhen(queue, ({ publish = 0 }) => publish > 0);
    assert.ok(publish !== undefined && publish <= 20, `20 messages a second at most were published: ${publish}`);
    assert.equal(deliver, 0);
  } finally {
    stop.abort();
    await publishing;
  }
});

test('the rates of a queue that does not exist are not 0 but an error', async () => {
  await assert.rejects(
    queueRates({ address, managementPort, queue: newQueueName('missing') }),
    (error: unknown) => error instanceof BrokerError && error.code === 'queue-missing',
  );
});
