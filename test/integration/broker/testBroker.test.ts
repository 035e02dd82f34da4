import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BrokerCheckResult, listQueues, testBroker } from '../../../src/broker/index.ts';
import type { BrokerAddress } from '../../../src/workload/brokerUrl.ts';
import { address, managementPort, newUser, newVhost, purpose } from './labBroker.ts';

async function check(as: BrokerAddress, signal?: AbortSignal): Promise<{ passed: boolean; told: string[] }> {
  const results: BrokerCheckResult[] = [];
  const passed = await testBroker({ address: as, purpose, signal, onCheck: result => results.push(result) });
  return {
    passed,
    told: results.map(
      ({ check, error, missing }) => `${check}${error ? `: ${error.code}` : ''}${missing ? ` (${missing})` : ''}`,
    ),
  };
}

test('a good broker passes every step, and nothing of the test stays', async () => {
  const vhost = `check/${process.pid}`;
  await newVhost(vhost);
  const result = await check({ ...address, vhost });
  assert.deepEqual(result, {
    passed: true,
    told: ['connect', 'permissions', 'declare', 'publish', 'get', 'compare', 'delete'],
  });
  assert.deepEqual(await listQueues({ address: { ...address, vhost }, managementPort }), []);
});

test('a wrong password is told at the first step', async () => {
  assert.deepEqual(await check({ ...address, password: 'wrong' }), { passed: false, told: ['connect: refused'] });
});

const ALL = { configure: '.*', write: '.*', read: '.*' };
for (const [lacks, rights] of [
  ['configure', { ...ALL, configure: '^job' }],
  ['write', { ...ALL, write: '^$' }],
  ['read', { ...ALL, read: '^$' }],
  ['configure,write', { ...ALL, configure: '^$', write: '^$' }],
  ['configure,write,read', { configure: '^$', write: '^$', read: '^$' }],
] as const) {
  test(`a user who lacks ${lacks} is told just that, and nothing is made`, async () => {
    const user = await newUser('p', rights);
    const told = ['connect', `permissions: no-permission (${lacks})`];
    assert.deepEqual(await check(user), { passed: false, told });
  });
}

test('a cancelled test ends', async () => {
  assert.deepEqual(await check(address, AbortSignal.abort()), { passed: false, told: ['connect: cancelled'] });
});
