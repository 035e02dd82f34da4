import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueueConsumer } from '../../../src/broker/index.ts';
import type { Connected } from '../../../src/model/connected.ts';
import type { App } from '../../../src/ui/app.ts';
import { ConsumerPods } from '../../../src/ui/consumerPods.ts';

type SomePod = { name: string; ip: string; phase: string };

const { signal } = new AbortController();
const inCluster = { service: { namespace: 'fruit', name: 'rabbitmq-service' } } as Connected;
const consumer = (peer: string) => ({ peer }) as QueueConsumer;

/** Pods that are known as a run's, and those that the cluster lists besides. */
function pods(ofRuns: SomePod[], listed: SomePod[] = []) {
  const lists: string[] = [];
  const app = {
    model: {
      runs: { rows: [{ pods: ofRuns }] },
      cluster: {
        get: async () => ({ namespace: 'fruit' }),
        api: async () => ({
          listPods: async (_cluster: unknown, { namespace }: { namespace: string }) => {
            lists.push(namespace);
            return listed;
          },
        }),
      },
    },
  } as unknown as App;
  const found = new ConsumerPods(app);
  return {
    lists,
    find: async (peers: string[], connected = inCluster) =>
      Object.fromEntries(await found.find(peers.map(consumer), connected, signal)),
  };
}

test('a consumer is known as the running Pod of its address, without a look at the cluster where runs know it', async () => {
  const { find, lists } = pods([
    { name: 'job-a', ip: '10.244.0.7', phase: 'succeeded' },
    { name: 'job-b', ip: '10.244.0.7', phase: 'running' },
    { name: 'job-c', ip: 'fd00::7', phase: 'running' },
  ]);
  assert.deepEqual(await find(['10.244.0.7:5000', '[fd00::7]:5001']), {
    '10.244.0.7:5000': 'job-b',
    '[fd00::7]:5001': 'job-c',
  });
  assert.deepEqual(lists, []);
});

test('other Pods are listed once, and not again for a connection that is none', async () => {
  const { find, lists } = pods([], [{ name: 'web', ip: '10.244.0.9', phase: 'running' }]);
  const peers = ['10.244.0.9:1', '127.0.0.1:2'];
  assert.deepEqual(await find(peers), { '10.244.0.9:1': 'web' });
  assert.deepEqual(await find(peers), { '10.244.0.9:1': 'web' });
  assert.deepEqual(lists, ['fruit']);
});

test('Pods of the chosen namespace are known also where the broker is in one of its own', async () => {
  const { find, lists } = pods([], [{ name: 'web', ip: '10.244.0.9', phase: 'running' }]);
  const shared = { service: { namespace: 'brokers', name: 'rabbitmq' } } as Connected;
  assert.deepEqual(await find(['10.244.0.9:1'], shared), { '10.244.0.9:1': 'web' });
  assert.deepEqual(lists, ['fruit', 'brokers']);
});

test('the address of a broker that is not in the cluster is nobody’s Pod there', async () => {
  const { find, lists } = pods([], [{ name: 'web', ip: '10.244.0.9', phase: 'running' }]);
  assert.deepEqual(await find(['10.244.0.9:1'], { service: undefined } as Connected), {});
  assert.deepEqual(lists, []);
});

test('a connection keeps its Pod also when the address is another Pod’s; a new connection is the new Pod’s', async () => {
  const known = [{ name: 'old', ip: '10.244.0.9', phase: 'running' }];
  const { find } = pods(known);
  await find(['10.244.0.9:1']);
  known.splice(0, 1, { name: 'new', ip: '10.244.0.9', phase: 'running' });
  assert.deepEqual(await find(['10.244.0.9:1', '10.244.0.9:2']), { '10.244.0.9:1': 'old', '10.244.0.9:2': 'new' });
});
