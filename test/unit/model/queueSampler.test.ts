import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as broker from '../../../src/broker/index.ts';
import type { Connected } from '../../../src/model/connected.ts';
import { Emitter } from '../../../src/model/emitter.ts';
import type { LinkState } from '../../../src/model/link.ts';
import type { QueueSample } from '../../../src/model/queueHistory.ts';
import { QueueSampler, type SampledPlace } from '../../../src/model/queueSampler.ts';
import type { QueueKnown } from '../../../src/model/queues.ts';

const settled = () => new Promise<void>(resolve => setImmediate(resolve));
type Rates = Awaited<ReturnType<typeof broker.queueRates>>;

/** A broker with one queue; `read` is what Queues does every two seconds. */
function brokerWith(rates: () => Promise<Rates>) {
  const state: LinkState = { kind: 'live' };
  const place = {
    asked: 0,
    row: undefined as QueueKnown | undefined,
    lookedAt: [] as string[],
    link: {
      state: state as LinkState,
      connected: { address: {} } as Connected | undefined,
      onDidChange: new Emitter(),
      api: async () => ({
        ...broker,
        queueRates: () => {
          place.asked++;
          return rates();
        },
      }),
    },
    queues: {
      listed: true,
      onDidChange: new Emitter(),
      find: () => place.row,
      refresh: async () => undefined,
      look: (names = (): string[] => []) => {
        place.lookedAt = names();
        return {
          dispose: () => {
            place.lookedAt = [];
          },
        };
      },
    },
    read(at: number, ready: number | undefined, unacked?: number) {
      const figures = { name: 'job1', type: 'classic', durable: true, ready, unacked, consumers: undefined };
      place.row = { ...figures, at, sample: { ready, unacked, at } };
      place.queues.onDidChange.fire();
    },
    become(next: LinkState) {
      place.link.state = next;
      place.link.onDidChange.fire();
    },
  };
  const sampled: SampledPlace = place;
  const sampler = new QueueSampler(sampled, 'job1');
  const added: (readonly QueueSample[])[] = [];
  sampler.onDidChange.on(samples => void added.push(samples));
  return { place, sampler, added };
}

const known = async (): Promise<Rates> => ({ publish: 12.5, deliver: 0 });
const figures = ({ ready, unacked, publish, deliver }: QueueSample) => [ready, unacked, publish, deliver];

test('a chart asks for nothing before it is seen and after it is hidden', async () => {
  const { place, sampler } = brokerWith(known);
  place.read(1000, 5);
  assert.deepEqual(sampler.history.samples, []);
  const look = sampler.look();
  await settled();
  assert.deepEqual(place.lookedAt, ['job1']);
  assert.equal(place.asked, 1);
  look.dispose();
  assert.deepEqual(place.lookedAt, []);
  place.read(3000, 6);
  assert.deepEqual(sampler.history.samples, []);
});

test('a sample has the depth that was read and the rates of the management API', async () => {
  const { place, sampler, added } = brokerWith(known);
  const look = sampler.look();
  await settled();
  assert.equal(sampler.rates, 'known');
  place.read(1000, 5, 2);
  assert.deepEqual(sampler.history.samples.map(figures), [[5, 2, 12.5, 0]]);
  assert.deepEqual(added.at(-1)?.map(figures), [[5, 2, 12.5, 0]]);
  look.dispose();
});

test('where the management API is off the depth is drawn alone, and no rate is 0', async () => {
  const { place, sampler } = brokerWith(known);
  place.queues.listed = false;
  const look = sampler.look();
  await settled();
  place.read(1000, 5);
  assert.equal(place.asked, 0);
  assert.equal(sampler.rates, 'off');
  assert.deepEqual(sampler.history.samples.map(figures), [[5, undefined, undefined, undefined]]);
  look.dispose();
});

test('a management API that fails, and one without statistics, are told apart', async () => {
  const failing = brokerWith(async () => {
    throw new broker.BrokerError('management-off', 'connection refused');
  });
  const without = brokerWith(async () => ({ publish: undefined, deliver: undefined }));
  const looks = [failing.sampler.look(), without.sampler.look()];
  await settled();
  assert.equal(failing.sampler.rates, 'off');
  assert.equal(without.sampler.rates, 'none');
  for (const look of looks) look.dispose();
});

test('while the broker is away, or the chart hidden, the line has a gap', async () => {
  const { place, sampler } = brokerWith(known);
  const look = sampler.look();
  await settled();
  place.read(1000, 5);
  place.become({ kind: 'away', since: 1500, error: new Error('connection lost') });
  place.become({ kind: 'live' });
  place.read(3000, 6);
  look.dispose();
  const again = sampler.look();
  place.read(5000, 7);
  assert.deepEqual(
    sampler.history.samples.map(({ ready }) => ready),
    [5, undefined, 6, undefined, 7],
  );
  again.dispose();
});

test('a queue that is deleted and made anew has a gap between', async () => {
  const { place, sampler, added } = brokerWith(known);
  const look = sampler.look();
  place.read(1000, 5);
  place.row = undefined;
  place.queues.onDidChange.fire();
  assert.deepEqual(added.at(-1), [], 'the page is told, so that it can say so');
  place.read(3000, 0);
  assert.deepEqual(
    sampler.history.samples.map(({ ready }) => ready),
    [5, undefined, 0],
  );
  look.dispose();
});
