import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { ackTimeoutPolicy } from '../../../src/workload/ackTimeoutPolicy.ts';

/** What a shell makes of the command's words. */
function words(o: { queue: string; defined?: Record<string, unknown> }): string[] {
  const command = ackTimeoutPolicy({ vhost: '/', milliseconds: 7_200_000, defined: {}, ...o });
  assert.ok(command.startsWith('rabbitmqctl set_policy '), command);
  const printed = execFileSync('sh', ['-c', command.replace(/^rabbitmqctl/, 'printf "%s\\0"')]).toString();
  return printed.split('\0').slice(0, -1);
}

test('the policy is for this queue alone, and keeps what the one it replaces defines', () => {
  const all = words({ queue: 'job.1', defined: { 'message-ttl': 60_000, 'consumer-timeout': 1_000 } });
  const [pattern = '', definition = ''] = all.slice(-2);
  assert.deepEqual(all.slice(0, 8), [
    'set_policy',
    '--vhost',
    '/',
    '--priority',
    '100',
    '--apply-to',
    'queues',
    'ack-timeout-job.1',
  ]);
  assert.deepEqual(JSON.parse(definition), { 'message-ttl': 60_000, 'consumer-timeout': 7_200_000 });
  assert.ok(new RegExp(pattern).test('job.1'));
  for (const other of ['jobx1', 'job.12', 'a job.1']) assert.ok(!new RegExp(pattern).test(other), other);
});

test('a queue’s name is never read by the shell', () => {
  const queue = `it's $(touch /tmp/x); "a" \`b\``;
  const all = words({ queue });
  assert.equal(all.at(-3), `ack-timeout-${queue}`);
  assert.ok(new RegExp(all.at(-2) ?? '').test(queue));
});
