import assert from 'node:assert/strict';
import { after } from 'node:test';
import { type Broker, BrokerError, connect, publish } from '../../src/broker/index.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';
import { fault } from './fault.ts';
import { type ThreeNodes, threeNodes } from './threeNodes.ts';

const MESSAGES = 5;
const purpose = 'fault test';

let cluster: Promise<ThreeNodes> | undefined;
after(async () => (await cluster)?.[Symbol.asyncDispose]());

async function started(): Promise<ThreeNodes> {
  await labUp();
  cluster ??= threeNodes(`faults-nodes-${process.pid}`);
  return await cluster;
}

/** The ready messages as the product says them. */
async function readyIn(broker: Broker, queue: string): Promise<number | string | undefined> {
  try {
    return (await broker.depth(queue))?.ready;
  } catch (error) {
    if (error instanceof BrokerError) return error.code;
    throw error;
  }
}

fault(
  12,
  'a queue whose leader is down with the majority of its nodes is never empty, and as full as before afterwards',
  { long: true, timeoutMs: 180_000 },
  async (t, round) => {
    const { address, stopping, stopTwo, startTwo } = await started();
    const there = await connect({ address: stopping, purpose });
    const [full, empty] = [`full-${round}`, `empty-${round}`];
    // Where it is declared, there is its leader.
    await there.declare(full, { type: 'quorum' });
    await there.declare(empty, { type: 'quorum' });
    const items = Array.from({ length: MESSAGES }, (_, i) => ({ body: `item ${i}`, line: i + 1 }));
    assert.equal((await publish({ address: stopping, purpose, queue: full, items, runId: 'r' })).confirmed, MESSAGES);
    await there.close();

    const broker = await connect({ address, purpose });
    t.after(() => broker.close());
    assert.deepEqual([await readyIn(broker, full), await readyIn(broker, empty)], [MESSAGES, 0]);
    let unexplained = 0;
    const look = async () => {
      // A node that is left alone may lead without a majority, and say what it knew last.
      const ready = await readyIn(broker, full);
      if (ready !== 'timeout' && !(typeof ready === 'number' && ready > 0)) unexplained++;
    };
    let ended = false;
    const watching = (async () => {
      while (!ended) await look();
    })();
    try {
      await stopTwo();
      for (let looks = 0; looks < 5; looks++) {
        await look();
        if ((await readyIn(broker, empty)) !== 'timeout') unexplained++;
      }
    } finally {
      ended = true;
      await watching;
      await startTwo();
    }
    const afterwards = async () => (await readyIn(broker, full)) === MESSAGES && (await readyIn(broker, empty)) === 0;
    await until('the queues have leaders again', afterwards, { timeoutMs: 60_000 });
    return { lost: 0, doubled: 0, unexplained };
  },
);
