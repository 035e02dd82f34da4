import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { V1Pod } from '@kubernetes/client-node';
import { ClusterError } from '../../../src/cluster/error.ts';
import { listNodes, lookInRegistry, type PodRow, toPodRow } from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { watchUntil } from '../../../src/cluster/until.ts';
import { imagePullTrouble } from '../../../src/workload/imagePull.ts';
import { judgeImage } from '../../../src/workload/imageVerdict.ts';
import { labUp } from '../../lab/up.ts';
import { labNamespace, WORKER_IMAGE } from './namespace.ts';
import { otherArchitecture } from './otherArchitecture.ts';

const LIMIT = { timeout: 60_000 };
const cluster = await labNamespace();
const { signal } = new AbortController();
let images: { single: string; index: string };

before(async () => {
  images = await otherArchitecture((await labUp(() => {})).registry);
});

const PODS: [string, () => string, object, string][] = [
  ['of a tag that is not there', () => `${WORKER_IMAGE}-nosuch`, {}, 'not-found'],
  ['of a repository that is not there', () => '127.0.0.1:5000/lab/nosuch:1', {}, 'not-found'],
  ['of an index without the node’s platform', () => images.index, {}, 'wrong-architecture'],
  [
    'of a program for another architecture, where the status has the log’s end',
    () => images.single,
    { terminationMessagePolicy: 'FallbackToLogsOnError' },
    'wrong-architecture',
  ],
  ['of a name that is none', () => 'Bad/Name', {}, 'bad-name'],
  ['that may not be pulled', () => '127.0.0.1:5000/lab/never:1', { imagePullPolicy: 'Never' }, 'never-pulled'],
  [
    'whose Secret is not there',
    () => WORKER_IMAGE,
    { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'nosuch', key: 'url' } } }] },
    'needs-object',
  ],
];
for (const [index, [name, image, more, trouble]] of PODS.entries()) {
  test(`a real Pod ${name} is told of as ${trouble}`, LIMIT, async () => {
    const pod = await podThatCannotRun(`pod-${index}`, { image: image(), ...more });
    assert.deepEqual(imagePullTrouble(pod.reason, pod.message), { trouble }, `${pod.reason}: ${pod.message}`);
  });
}

test('before a run the registry and the nodes tell whether the image can start there', LIMIT, async () => {
  const nodes = await listNodes(cluster);
  assert.deepEqual(
    nodes.map(({ os, architecture }) => `${os}/${architecture}`),
    [`linux/${process.arch === 'x64' ? 'amd64' : process.arch}`],
  );
  const judge = async (image: string) =>
    judgeImage({ image, alwaysPulls: false, nodes, registry: await lookInRegistry({ image, signal }) })?.code;
  assert.equal(await judge(WORKER_IMAGE), undefined);
  assert.equal(await judge('127.0.0.1:5000/lab/nosuch:1'), 'missing');
  assert.equal(await judge(images.single), 'wrong-architecture');
  assert.equal(await judge(images.index), 'wrong-architecture');
});

async function podThatCannotRun(name: string, container: object): Promise<PodRow> {
  await cluster.request({
    method: 'POST',
    path: resourcePath('v1', cluster.namespace, 'pods'),
    body: { metadata: { name }, spec: { restartPolicy: 'Never', containers: [{ name: 'c', ...container }] } },
  });
  return await watchUntil<V1Pod, PodRow>(cluster, {
    path: resourcePath('v1', cluster.namespace, 'pods'),
    query: { fieldSelector: `metadata.name=${name}` },
    signal: AbortSignal.timeout(45_000),
    timeoutMs: 45_000,
    late: () => new ClusterError('timeout', 'the Pod has not failed'),
    done: pods => pods.map(toPodRow).find(row => row.message !== undefined && row.reason !== undefined),
  });
}
