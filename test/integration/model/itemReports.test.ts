import '../../unit/ui/editorStub.ts';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { V1Pod } from '@kubernetes/client-node';
import { connect, publish } from '../../../src/broker/index.ts';
import { ClusterError } from '../../../src/cluster/error.ts';
import * as api from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { watchUntil } from '../../../src/cluster/until.ts';
import { ItemReports } from '../../../src/model/itemReports.ts';
import type { KeptLogs } from '../../../src/model/keptLogs.ts';
import { failedItems } from '../../../src/workload/failedItems.ts';
import { whereFailedItemsAre } from '../../../src/workload/putBack.ts';
import { address, lab, manage, newQueueName, purpose } from '../broker/labBroker.ts';
import { labNamespace, WORKER_IMAGE } from '../cluster/namespace.ts';

const { itemsPage } = await import('../../../src/ui/itemsPage.ts');
const cluster = await labNamespace();
const { namespace } = cluster;
const broker = await connect({ address, purpose });
after(() => broker.close());

/** The strict worker of Create Worker, as its image has it, with a program that fails for one item. */
async function start(queue: string) {
  const script = await readFile(join(import.meta.dirname, '../../../media/templates/worker/take-item.sh'), 'utf8');
  const command = `printf %s "$SCRIPT" >/tmp/take-item && chmod +x /tmp/take-item
exec /tmp/take-item sh -c 'read -r item; echo "Processing $item"; test "$item" != "füg nr. 1"'`;
  const env = Object.entries({ SCRIPT: script, QUEUE: queue, BROKER_URL: lab.url }).map(([name, value]) => ({
    name,
    value,
  }));
  const containers = [{ name: 'c', image: WORKER_IMAGE, command: ['sh', '-c', command], env }];
  const template = { spec: { restartPolicy: 'OnFailure', terminationGracePeriodSeconds: 1, containers } };
  const spec = { completions: 2, parallelism: 2, backoffLimit: 6, template };
  const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'job' }, spec };
  return api.createJob(cluster, { namespace, body });
}

/** The node keeps the log of one start before the present one. */
const isAgain = ({ status }: V1Pod): boolean =>
  (status?.containerStatuses ?? []).some(
    ({ restartCount, state }) => restartCount === 1 && state?.running !== undefined,
  );

async function put(queue: string, item: string): Promise<void> {
  const items = [{ body: `${item}\n`, line: 1 }];
  assert.equal((await publish({ address, purpose, queue, items, runId: `${queue}-${item.length}` })).ended, 'done');
}

function podsUntil(signal: AbortSignal, isOne: (pod: V1Pod) => boolean): Promise<true> {
  return watchUntil(cluster, {
    path: resourcePath('v1', namespace, 'pods'),
    signal,
    timeoutMs: 45_000,
    late: () => new ClusterError('timeout', 'the Pods have not come so far'),
    done: (pods: V1Pod[]) => pods.some(isOne) || undefined,
  });
}

test('what strict workers report is read, also from the start before; an item beyond the delivery limit is gone', {
  timeout: 60_000,
}, async () => {
  const queue = newQueueName('items');
  const limited = { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 0 } };
  await manage('PUT', `queues/%2F/${queue}`, limited);
  const { uid: jobUid } = await start(queue);
  const signal = AbortSignal.timeout(45_000);
  // One after the other: a worker that is done may have been sent the next item before it ends, which counts, too.
  await put(queue, 'apple');
  await podsUntil(signal, ({ status }) => status?.phase === 'Succeeded');
  await put(queue, 'füg nr. 1');
  await podsUntil(signal, isAgain);
  const pods = await api.listPods(cluster, { namespace, job: 'job', signal });
  const kept = { of: () => [], read: async () => '' } as unknown as KeptLogs;
  const account = await new ItemReports().of({ api, cluster, kept, jobUid, namespace, pods, signal });
  const found = account.items.map(({ item, outcome, exitCode }) => [item, outcome, exitCode]).sort();
  assert.deepEqual(found, [
    ['apple\n', 'done', undefined],
    ['füg nr. 1\n', 'failed', 1],
  ]);
  assert.ok(account.items.every(({ at, seconds }) => at !== undefined && seconds !== undefined));
  assert.equal(new Set(account.items.map(({ pod }) => pod)).size, 2);
  assert.deepEqual([account.logs, account.lost, account.silent], [3, 0, 0]);
  assert.match(
    itemsPage('job', account),
    /^Items of job\n1 done, 1 failed\n\nfüg nr\. 1 {2}job-\w{5} {2}failed \(exit code 1\) {2}\d\.\d s\napple {6}job-\w{5} {2}done {18}\d\.\d s\n\nA failed item/,
  );
  const failed = failedItems(account.items);
  assert.deepEqual(failed, [{ item: 'füg nr. 1\n', whole: true, failures: 1 }]);
  const depth = await broker.depth(queue);
  assert.equal(depth?.ready, 0);
  const now = { ready: 0, unacked: 0, consumers: 0, deliveryLimit: 0, deadLetters: false };
  assert.deepEqual(whereFailedItemsAre(failed, now).gone, [
    { item: 'füg nr. 1\n', whole: true, failures: 1, copies: 1 },
  ]);
});
