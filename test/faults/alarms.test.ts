import assert from 'node:assert/strict';
import { after } from 'node:test';
import { connect, type PublishProgress, publish } from '../../src/broker/index.ts';
import { takeAll } from '../integration/broker/inQueue.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';
import { accountOf } from './accountOf.ts';
import { fault } from './fault.ts';
import { type OwnBroker, ownBroker } from './ownBroker.ts';

const purpose = 'fault test';
const lines = Array.from({ length: 20_000 }, (_, i) => ({ body: `item ${i + 1}`, line: i + 1 }));

await labUp();
const broker = await ownBroker(`faults-alarms-${process.pid}`);
after(() => broker[Symbol.asyncDispose]());
const { address } = broker;

fault(
  3,
  'the disk runs full in the middle of a publication: it waits and says so, looking works, then each line is there once',
  {},
  async (_t, round) => {
    const queue = `disk-${round}`;
    const reader = await connect({ address, purpose });
    await reader.declare(queue);
    let last: PublishProgress | undefined;
    async function* items() {
      for (const line of lines) {
        if (line.line === lines.length / 2) await setDiskAlarm(broker, true);
        yield line;
      }
    }
    const onProgress = (p: PublishProgress) => {
      last = p;
    };
    const publication = publish({ address, purpose, queue, items: items(), runId: 'r', onProgress });
    await until('publishing is held up', () => last?.blocked !== undefined, { timeoutMs: 30_000 });
    assert.match(last?.blocked ?? '', /disk/);
    const held = last?.confirmed ?? 0;
    assert.ok(held < lines.length);
    assert.ok(((await reader.depth(queue))?.ready ?? 0) >= held);
    await setDiskAlarm(broker, false);
    const outcome = await publication;
    await reader.close();
    assert.equal(outcome.ended, 'done');
    assert.equal(outcome.confirmed, lines.length);
    return accountOf(lines, 'r', outcome, await takeAll(address, queue));
  },
);

/** The alarm goes off when less of the disk is free than has to be. */
async function setDiskAlarm(of: OwnBroker, on: boolean): Promise<void> {
  await of.rabbitmqctl('set_disk_free_limit', on ? '1000000GB' : '50MB');
  await until(
    'the broker has noticed',
    async () => (await of.rabbitmqctl('eval', 'rabbit_alarm:get_alarms().')).includes('disk') === on,
    { timeoutMs: 30_000, intervalMs: 500 },
  );
}
