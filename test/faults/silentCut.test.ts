import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { type BrokerError, connect, type PublishProgress, publish } from '../../src/broker/index.ts';
import { takeAll } from '../integration/broker/inQueue.ts';
import { run } from '../lab/command.ts';
import { labUp } from '../lab/up.ts';
import { accountOf, type Line } from './accountOf.ts';
import { fault } from './fault.ts';
import { type OwnBroker, ownBroker } from './ownBroker.ts';

const purpose = 'fault test';
const MARK = `fault-${randomBytes(4).toString('hex')}`;

let broker: Promise<OwnBroker> | undefined;
after(async () => (await broker)?.[Symbol.asyncDispose]());

async function started(): Promise<OwnBroker> {
  await labUp();
  broker ??= ownBroker(`faults-cut-${process.pid}`);
  return await broker;
}

/** Has the kernel drop every packet to and from the broker, and nobody is told; until disposed. */
async function dropped(host: string): Promise<AsyncDisposable> {
  const rules = [
    ['OUTPUT', '--destination', host],
    ['INPUT', '--source', host],
  ].map(rule => [...rule, '--protocol', 'tcp', '--match', 'comment', '--comment', MARK, '--jump', 'DROP']);
  for (const rule of rules) await run(['iptables', '--wait', '--insert', ...rule]);
  return {
    async [Symbol.asyncDispose]() {
      for (const rule of rules) await run(['iptables', '--wait', '--delete', ...rule]);
    },
  };
}

fault(2, 'an open connection that nothing comes through any more is noticed', { long: true, once: true }, async () => {
  const { address } = await started();
  const open = await connect({ address, purpose });
  const lost = new Promise<BrokerError>(resolve => open.onClosed(resolve));
  {
    await using _cut = await dropped(address.host);
    // A look does not wait for the heartbeats.
    await assert.rejects(open.depth('q'), { code: 'timeout' });
    assert.equal((await lost).code, 'closed');
    await assert.rejects(connect({ address, purpose, timeoutMs: 2_000 }), { code: 'timeout' });
  }
  await (await connect({ address, purpose })).close();
});

fault(
  2,
  'packets that are dropped in the middle of a publication end it with an exact account',
  { long: true },
  async (_t, round) => {
    const { address } = await started();
    const queue = `cut-${round}`;
    const admin = await connect({ address, purpose });
    await admin.declare(queue);
    await admin.close();
    let cut: Promise<AsyncDisposable> | undefined;
    const onProgress = (p: PublishProgress) => {
      if (p.confirmed > 1_000) cut ??= dropped(address.host);
    };
    const sent: Line[] = [];
    function* items() {
      for (let line = 1; ; line++) {
        const item = { body: `item ${line}`, line };
        sent.push(item);
        yield item;
      }
    }
    const outcome = await publish({ address, purpose, queue, items: items(), runId: 'r', onProgress });
    await (await cut)?.[Symbol.asyncDispose]();
    assert.equal(outcome.ended, 'connection-lost');
    return accountOf(sent, 'r', outcome, await takeAll(address, queue));
  },
);
