import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerError, brokerHealth, connect } from '../../../src/broker/index.ts';
import { address, managementPort, newUser, purpose } from './labBroker.ts';

test('a broker tells its version and how much memory and disk each node has left', async () => {
  const broker = await connect({ address, purpose });
  const { version, erlang, nodes, alarms } = await brokerHealth({ address, managementPort });
  assert.equal(version, broker.version);
  await broker.close();
  assert.match(erlang ?? '', /^\d+/);
  assert.deepEqual(alarms, []);
  assert.equal(nodes.length, 1);
  for (const node of nodes) {
    assert.match(node.name, /^rabbit@/);
    assert.deepEqual([node.running, node.memoryAlarm, node.diskAlarm], [true, false, false]);
    assert.ok((node.memoryUsed ?? 0) > 2 ** 20 && (node.memoryUsed ?? 0) < (node.memoryLimit ?? 0));
    assert.ok((node.diskFree ?? 0) > (node.diskLimit ?? Number.POSITIVE_INFINITY));
  }
});

test('a user without the tag for it may not see the nodes', async () => {
  for (const tags of ['', 'management']) {
    const user = await newUser('p', { configure: '', write: '', read: '' }, '/', { tags });
    await assert.rejects(
      brokerHealth({ address: user, managementPort }),
      (error: unknown) => error instanceof BrokerError && error.code === 'no-permission',
    );
  }
});
