import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { brokerHealth } from '../../../src/broker/health.ts';

/** A management API that answers so to every path that has the key in it. */
async function management(answers: Record<string, unknown>) {
  const server = createServer((request, response) => {
    const [, answer] = Object.entries(answers).find(([path]) => request.url?.startsWith(`/api/${path}?`)) ?? [];
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>(resolve => server.listen(0, '::1', resolve));
  const listening = server.address();
  const address = { tls: false, host: '::1', port: 5672, user: 'ann', password: 'p', vhost: '/' };
  return {
    options: { address, managementPort: typeof listening === 'object' ? listening?.port : 0 },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

const node = {
  name: 'a',
  running: true,
  mem_used: 90,
  mem_limit: 100,
  mem_alarm: false,
  disk_free: 1,
  disk_free_limit: 5,
};

test('a node in alarm, one that is down and one that does not know its disk are shown as that', async () => {
  await using server = await management({
    overview: { rabbitmq_version: '4.3.1' },
    nodes: [
      { ...node, mem_alarm: true, disk_free_alarm: false },
      { name: 'b', running: false },
      { ...node, name: 'c', disk_free: 'disk_free_monitoring_disabled', disk_free_limit: 'none' },
    ],
  });
  const { version, erlang, nodes, alarms } = await brokerHealth(server.options);
  assert.deepEqual([version, erlang, alarms], ['4.3.1', undefined, ['memory']]);
  assert.deepEqual(nodes[0], {
    ...{ name: 'a', running: true, memoryUsed: 90, memoryLimit: 100, memoryAlarm: true },
    ...{ diskFree: 1, diskLimit: 5, diskAlarm: false },
  });
  assert.deepEqual([nodes[1]?.running, nodes[1]?.memoryUsed, nodes[1]?.diskFree], [false, undefined, undefined]);
  assert.deepEqual([nodes[2]?.diskFree, nodes[2]?.diskLimit], [undefined, undefined]);
});

test('alarms of several nodes are named once', async () => {
  const both = { ...node, mem_alarm: true, disk_free_alarm: true };
  await using server = await management({ overview: { rabbitmq_version: '4.3.1' }, nodes: [both, both] });
  assert.deepEqual((await brokerHealth(server.options)).alarms, ['memory', 'disk']);
});

test('an API that tells no version is another one', async () => {
  await using server = await management({ overview: {}, nodes: [] });
  await assert.rejects(brokerHealth(server.options), /another API/);
});
