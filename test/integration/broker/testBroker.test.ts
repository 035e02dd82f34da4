import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BrokerCheckResult, listQueues, testBroker } from '../../../src/broker/index.ts';
import type { BrokerAddress } from '../../../src/workload/brokerUrl.ts';
import { address, managementPort, newUser, newVhost, purpose } from './labBroker.ts';

async function check(as: BrokerAddress, signal?: AbortSignal): Promise<{ passed: boolean; told: string[] }> {
  const results: BrokerCheckResult[] = [];
  const passed = await testBroker({ address: as, purpose, signal, onCheck: result => results.push(result) });
  return { passed, told: results.map(({ check, error }) => (error ? `${check}: ${error.code}` : check)) };
}

test('a good broker passes every step, and nothing of the test stays', async () => {
  const vhost = `check/${process.pid}`;
  await newVhost(vhost);
  const result = await check({ ...address, vhost });
  assert.deepEqual(result, { passed: true, told: ['connect', 'declare', 'publish', 'get', 'delete'] });
  assert.deepEqual(await listQueues({ address: { ...address, vhost }, managementPort }), []);
});

test('the step that fails is the last but the cleaning up', async () => {
  assert.deepEqual(await check({ ...address, password: 'wrong' }), { passed: false, told: ['connect: refused'] });
  const mayOnlyRead = await newUser('p', { configure: '^$', write: '^$', read: '.*' });
  assert.deepEqual(await check(mayOnlyRead), { passed: false, told: ['connect', 'declare: no-permission'] });
  const mayNotWrite = await newUser('p', { configure: '.*', write: '^$', read: '.*' });
  assert.deepEqual(await check(mayNotWrite), {
    passed: false,
    told: ['connect', 'declare', 'publish: no-permission', 'delete'],
  });
  const mayNotRead = await newUser('p', { configure: '.*', write: '.*', read: '^$' });
  assert.deepEqual(await check(mayNotRead), {
    passed: false,
    told: ['connect', 'declare', 'publish', 'get: no-permission', 'delete'],
  });
});

test('a cancelled test ends', async () => {
  assert.deepEqual(await check(address, AbortSignal.abort()), { passed: false, told: ['connect: cancelled'] });
});
