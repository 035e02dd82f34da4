import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1ResourceQuota } from '@kubernetes/client-node';
import { ClusterError, createJob, podRefusal } from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { watchUntil } from '../../../src/cluster/until.ts';
import { labNamespace, WORKER_IMAGE } from './namespace.ts';

const LIMIT = { timeout: 60_000 };
const cluster = await labNamespace();
const { namespace } = cluster;

const job = (name: string) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    template: {
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: WORKER_IMAGE, command: ['true'] }] },
    },
  },
});

test('why a Job gets no Pods is told in the cluster’s words, of that very Job', LIMIT, async () => {
  await cluster.request({
    method: 'POST',
    path: resourcePath('v1', namespace, 'resourcequotas'),
    body: { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } },
  });
  // Until its controller has counted, a quota refuses nothing.
  await watchUntil<V1ResourceQuota, true>(cluster, {
    path: resourcePath('v1', namespace, 'resourcequotas'),
    signal: AbortSignal.timeout(30_000),
    timeoutMs: 30_000,
    late: () => new ClusterError('timeout', 'the quota was not counted'),
    done: ([quota]) => (quota?.status?.hard ? true : undefined),
  });
  const { uid } = await createJob(cluster, { namespace, body: job('refused') });
  let message: string | undefined;
  for (const signal = AbortSignal.timeout(30_000); message === undefined; ) {
    signal.throwIfAborted();
    message = await podRefusal(cluster, { namespace, uid, signal });
  }
  assert.match(message, /exceeded quota: none, requested: pods=1/);
  assert.equal(await podRefusal(cluster, { namespace, uid: '00000000-0000-0000-0000-000000000000' }), undefined);
});
