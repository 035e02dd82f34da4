import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect as amqpConnect } from 'amqplib';
import {
  connect,
  type TransferOptions,
  type TransferOutcome,
  type TransferProgress,
  transfer,
} from '../../src/broker/index.ts';
import { formatBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { takeAll } from '../integration/broker/inQueue.ts';
import { wireTo } from '../integration/broker/wire.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';
import { type Account, fault } from './fault.ts';
import { ownBroker } from './ownBroker.ts';

await labUp();
const broker = await ownBroker(`faults-transfer-${process.pid}`);
after(() => broker[Symbol.asyncDispose]());
const { address } = broker;
const purpose = 'fault test';
const COUNT = 1_000;
const ALL = Array.from({ length: COUNT }, (_, i) => `m${i + 1}`);

let queues = 0;
/** Two queues, the first with all messages, or as many of one. */
async function twoQueues(same?: string): Promise<{ from: string; to: { queue: string } }> {
  const [from, to] = [`from${queues}`, `to${queues++}`];
  const connection = await amqpConnect(formatBrokerUrl(address));
  const channel = await connection.createConfirmChannel();
  for (const queue of [from, to]) await channel.assertQueue(queue, { durable: true });
  for (const body of ALL) channel.sendToQueue(from, Buffer.from(same ?? body), { persistent: true });
  await channel.waitForConfirms();
  await connection.close();
  return { from, to: { queue: to } };
}

/** Moves, and calls `harm` when a third has moved. */
async function moveAndHarm(o: Pick<TransferOptions, 'from' | 'to'> & Partial<TransferOptions>, harm: () => void) {
  let isHarmed = false;
  const onProgress = ({ done }: TransferProgress) => {
    if (done < COUNT / 3 || isHarmed) return;
    isHarmed = true;
    harm();
  };
  const outcome = await transfer({ address, purpose, keep: false, ...o, onProgress });
  assert.ok(isHarmed);
  return outcome;
}

/** What is in both queues, when the source has got back what was held, held against what was said. */
async function accountOf(
  { from, to }: { from: string; to: { queue: string } },
  outcome?: TransferOutcome,
): Promise<Account> {
  const reader = await connect({ address, purpose });
  const ready = async (queue: string) => (await reader.depth(queue))?.ready ?? 0;
  const there = async () => (await ready(from)) + (await ready(to.queue));
  // Less than that for good would be a loss, which is counted below.
  await until('all are back', async () => (await there()) >= COUNT, { timeoutMs: 60_000 }).catch(() => undefined);
  await reader.close();
  const left = (await takeAll(address, from)).map(message => message.body);
  const moved = (await takeAll(address, to.queue)).map(message => message.body);
  const all = new Set([...left, ...moved]);
  const lost = ALL.filter(body => !all.has(body)).length;
  const doubled = left.length + moved.length - all.size;
  let unexplained = moved.every((body, i) => body === ALL[i]) ? 0 : 1;
  if (outcome) {
    const { done, maybeTwice, cameBack } = outcome;
    if (moved.length < done || moved.length > done + maybeTwice) unexplained++;
    if (doubled > maybeTwice + (cameBack ?? 0)) unexplained++;
  }
  return { lost, doubled, unexplained };
}

fault(
  1,
  'a broker killed while messages move has every message, one at most twice',
  { allow: { doubled: 1 } },
  async () => {
    const queues = await twoQueues();
    const outcome = await moveAndHarm(queues, () => broker.kill());
    assert.equal(outcome.ended, 'connection-lost');
    assert.equal(outcome.cameBack, 0);
    return await accountOf(queues, outcome);
  },
);

fault(
  1,
  'what a killed broker gives back again and cannot be told apart is left and said',
  { once: true, long: true, allow: { doubled: COUNT } },
  async () => {
    const queues = await twoQueues('same');
    const outcome = await moveAndHarm(queues, () => broker.kill());
    const reader = await connect({ address, purpose });
    const depth = async (queue: string) => (await reader.depth(queue))?.ready ?? 0;
    const there = (await depth(queues.from)) + (await depth(queues.to.queue));
    await reader.close();
    const said = outcome.cameBack ?? Number.NaN;
    assert.ok(there - COUNT >= said && there - COUNT <= said + outcome.maybeTwice, `${there}, ${said} said`);
    return { lost: 0, doubled: there - COUNT, unexplained: 0 };
  },
);

fault(
  2,
  'a network that goes away without a word in the middle of a move doubles one message at most',
  { once: true, long: true, allow: { doubled: 1 } },
  async () => {
    const queues = await twoQueues();
    await using wire = await wireTo(address);
    const outcome = await moveAndHarm({ ...queues, address: wire.address }, () => wire.unplug());
    assert.equal(outcome.ended, 'connection-lost');
    return await accountOf(queues, outcome);
  },
);

fault(3, 'while the broker is low on memory a move waits and says so, and then goes on', { once: true }, async () => {
  const queues = await twoQueues();
  const blocked: (string | undefined)[] = [];
  const onProgress = (progress: TransferProgress) => void blocked.push(progress.blocked);
  await setMemoryAlarm(true);
  const moving = transfer({ address, purpose, keep: false, ...queues, onProgress });
  await until('the move is held up', () => blocked.at(-1) !== undefined, { timeoutMs: 30_000 });
  await setMemoryAlarm(false);
  const outcome = await moving;
  assert.deepEqual([outcome.ended, outcome.done, outcome.maybeTwice], ['done', COUNT, 0]);
  assert.match(blocked.find(words => words !== undefined) ?? '', /memory/);
  return await accountOf(queues, outcome);
});

fault(
  3,
  'a move that the broker holds up can be given up, and says what has moved',
  { once: true, allow: { doubled: 1 } },
  async () => {
    const queues = await twoQueues();
    const cancel = new AbortController();
    const { signal } = cancel;
    const onProgress = ({ blocked }: TransferProgress) => {
      if (blocked !== undefined) cancel.abort();
    };
    await setMemoryAlarm(true);
    const outcome = await transfer({ address, purpose, keep: false, ...queues, onProgress, signal });
    await setMemoryAlarm(false);
    assert.equal(outcome.ended, 'cancelled');
    return await accountOf(queues, outcome);
  },
);

fault(25, 'an editor killed while messages move doubles one message at most', { allow: { doubled: 1 } }, async () => {
  const queues = await twoQueues();
  const program = fileURLToPath(new URL('moving.ts', import.meta.url));
  const mover = fork(program, [formatBrokerUrl(address), queues.from, queues.to.queue]);
  mover.on('message', done => {
    if (Number(done) > COUNT / 3) mover.kill('SIGKILL');
  });
  const [, signal] = await once(mover, 'exit');
  assert.equal(signal, 'SIGKILL');
  return await accountOf(queues);
});

/** The alarm goes off when the broker uses more memory than it may. */
async function setMemoryAlarm(on: boolean): Promise<void> {
  await broker.rabbitmqctl('set_vm_memory_high_watermark', on ? '0.000001' : '0.6');
  await until(
    'the broker has noticed',
    async () => (await broker.rabbitmqctl('eval', 'rabbit_alarm:get_alarms().')).includes('memory') === on,
    { timeoutMs: 30_000, intervalMs: 500 },
  );
}
