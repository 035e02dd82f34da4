import { randomBytes } from 'node:crypto';
import { connect as amqpConnect } from 'amqplib';
import { type Broker, connect } from '../../src/broker/index.ts';
import { type BrokerAddress, parseBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { labUp } from '../lab/up.ts';

/** The lab's broker and a queue of one's own in it. */
export interface BenchQueue extends AsyncDisposable {
  url: string;
  address: BrokerAddress;
  name: string;
  /** Empties it, so that every run finds the same. */
  empty(): Promise<void>;
  /** @throws Error unless so many messages are ready */
  assertHolds(messages: number): Promise<void>;
}

/** Makes a durable queue, which goes when it is disposed of. */
export async function benchQueue(args: Record<string, string | number>): Promise<BenchQueue> {
  const { broker: lab } = await labUp();
  const parsed = parseBrokerUrl(lab.url);
  if ('problem' in parsed) throw new Error(`the lab's broker has the URL ${lab.url}`);
  const name = `bench-${randomBytes(4).toString('hex')}`;
  const amqp = await amqpConnect(lab.url);
  await (await amqp.createChannel()).assertQueue(name, { durable: true, arguments: args });
  await amqp.close();
  const broker: Broker = await connect({ address: parsed.address, purpose: 'benchmark' });
  return {
    url: lab.url,
    address: parsed.address,
    name,
    async empty() {
      await broker.purge(name);
    },
    async assertHolds(messages) {
      const depth = await broker.depth(name);
      if (depth?.ready !== messages) throw new Error(`${depth?.ready} messages are in the queue, not ${messages}`);
    },
    async [Symbol.asyncDispose]() {
      await broker.remove(name);
      await broker.close();
    },
  };
}
