import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Container, V1Pod, V1Volume } from '@kubernetes/client-node';
import { brokerPods } from '../../../src/cluster/brokerPods.ts';
import type { Cluster, ClusterRequest } from '../../../src/cluster/cluster.ts';
import { quantity } from '../../../src/cluster/quantity.ts';

/** A cluster that has a Service `mq` with one Pod. */
function clusterWith(pod: V1Pod): Cluster {
  const service = { spec: { selector: { app: 'mq' }, ports: [{ port: 5672, targetPort: 'amqp' }] } };
  const request = async ({ path }: ClusterRequest) => (path.endsWith('/services/mq') ? service : { items: [pod] });
  return { request } as unknown as Cluster;
}

async function look(container: Partial<V1Container>, volumes: V1Volume[] = [], status: V1Pod['status'] = {}) {
  const broker = { name: 'mq', image: 'rabbitmq:4', ports: [{ name: 'amqp', containerPort: 5672 }], ...container };
  const sidecar = { name: 'sidecar', image: 'proxy', resources: { limits: { memory: '1Mi' } } };
  const pod: V1Pod = { metadata: { name: 'mq-0' }, spec: { containers: [sidecar, broker], volumes }, status };
  const [found] = await brokerPods(clusterWith(pod), { namespace: 'n', service: 'mq', port: 5672 });
  return found;
}
const mounted = (mountPath: string) => ({ volumeMounts: [{ name: 'data', mountPath }] });

test('the limit is that of the container with the broker’s port', async () => {
  assert.equal((await look({ resources: { limits: { memory: '512M' } } }))?.memoryLimit, 512e6);
  assert.equal((await look({}))?.memoryLimit, undefined);
});

const emptyDir = { name: 'data', emptyDir: {} };
const claim = { name: 'data', persistentVolumeClaim: { claimName: 'data-mq-0' } };
const DATA: [string, Partial<V1Container>, V1Volume[], string | undefined][] = [
  ['an emptyDir', mounted('/var/lib/rabbitmq'), [emptyDir], 'emptyDir'],
  ['an emptyDir for the database alone', mounted('/var/lib/rabbitmq/mnesia/'), [emptyDir], 'emptyDir'],
  ['a claim', mounted('/var/lib/rabbitmq'), [claim], 'kept'],
  ['a claim of the Pod’s own', mounted('/var/lib/rabbitmq'), [{ name: 'data', ephemeral: {} }], 'emptyDir'],
  ['the container itself', {}, [], 'container'],
  ['a mounted cookie is no data', mounted('/var/lib/rabbitmq/.erlang.cookie'), [claim], 'container'],
  ['another image, whose places are not known', { image: 'example/mq:1' }, [], undefined],
  ['a registry’s path', { image: 'registry.example/library/rabbitmq@sha256:0' }, [], 'container'],
  ['data put elsewhere', { env: [{ name: 'RABBITMQ_MNESIA_BASE', value: '/data' }] }, [], undefined],
];
for (const [what, container, volumes, data] of DATA) {
  test(`what a broker's data is on: ${what}`, async () => assert.equal((await look(container, volumes))?.data, data));
}

test('a container that was ended for want of memory is seen after its restart, another end is none', async () => {
  const ended = (reason: string) => ({
    containerStatuses: [
      {
        name: 'mq',
        restartCount: 3,
        lastState: { terminated: { exitCode: 137, reason } },
        image: '',
        imageID: '',
        ready: true,
      },
    ],
  });
  const killed = await look({}, [], ended('OOMKilled'));
  assert.deepEqual([killed?.oomKilled, killed?.restarts], [true, 3]);
  assert.equal((await look({}, [], ended('Error')))?.oomKilled, false);
});

test('a quantity is read as Kubernetes reads it', () => {
  assert.deepEqual(['1Gi', '512M', '1e9', '1.5Gi', '128974848', '100m', '2E'].map(quantity), [
    2 ** 30,
    512e6,
    1e9,
    1.5 * 2 ** 30,
    128_974_848,
    0.1,
    2e18,
  ]);
  for (const text of [undefined, '', 'Gi', '1gi', '1 Gi', 'x', '1constructor']) assert.equal(quantity(text), undefined);
});
