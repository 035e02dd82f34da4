import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job, V1Pod, V1Secret } from '@kubernetes/client-node';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { ClusterError } from '../../../src/cluster/error.ts';
import { type Probe, runProbe } from '../../../src/cluster/probe.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { watchUntil } from '../../../src/cluster/until.ts';
import { labNamespace, seenThrough, WORKER_IMAGE } from './namespace.ts';

const LIMIT = { timeout: 120_000 };
const cluster = await labNamespace();
const { namespace } = cluster;
const NOWHERE = 'registry.invalid/nothing:1';

const probe = (given: Partial<Probe>): Probe => ({
  namespace,
  image: WORKER_IMAGE,
  command: ['sh', '-c', 'echo "$GREETING $SECRET" >/dev/termination-log'],
  env: { GREETING: 'hello' },
  secrets: {},
  signal: AbortSignal.timeout(60_000),
  ...given,
});

/** Returns when nothing of a probe is in the namespace. */
async function nothingLeft(): Promise<void> {
  for (const [version, plural] of [
    ['batch/v1', 'jobs'],
    ['v1', 'secrets'],
    ['v1', 'pods'],
  ] as const) {
    await watchUntil(cluster, {
      path: resourcePath(version, namespace, plural),
      query: plural === 'secrets' ? { labelSelector: 'app.kubernetes.io/managed-by=kube-work-queue' } : {},
      signal: AbortSignal.timeout(30_000),
      timeoutMs: 20_000,
      late: () => new ClusterError('timeout', `${plural} are left`),
      done: items => items.length === 0 || undefined,
    });
  }
}

/** The cluster, and a look at all that is sent to it. */
function watched(): { seen: Cluster; bodies: Record<string, unknown>[] } {
  const bodies: Record<string, unknown>[] = [];
  const seen = seenThrough(cluster, o => {
    if (o.method === 'POST') bodies.push(o.body as Record<string, unknown>);
    return cluster.request(o);
  });
  return { seen, bodies };
}

test('a command’s answer and exit code come back, its secret is in no Pod, and nothing stays', LIMIT, async () => {
  const { seen, bodies } = watched();
  const result = await runProbe(seen, probe({ secrets: { SECRET: { value: 'p/s %s' } } }));
  assert.deepEqual(result, { exitCode: 0, answer: 'hello p/s %s\n' });
  const [job, secret] = bodies as unknown as [V1Job, V1Secret];
  assert.ok(!JSON.stringify(job).includes('p/s'));
  assert.deepEqual(secret.stringData, { SECRET: 'p/s %s' });
  // An editor that is killed meanwhile: the cluster ends the Job and removes it, and all that it owns.
  assert.equal(secret.metadata?.ownerReferences?.[0]?.name, job.metadata?.name);
  assert.equal(job.spec?.backoffLimit, 0);
  assert.ok((job.spec?.activeDeadlineSeconds ?? 999) + (job.spec?.ttlSecondsAfterFinished ?? 999) <= 300);
  await nothingLeft();
});

test('a Secret that is there is read by the Pod itself', LIMIT, async t => {
  const path = resourcePath('v1', namespace, 'secrets');
  await cluster.request({ method: 'POST', path, body: { metadata: { name: 'own' }, stringData: { url: 'kept' } } });
  t.after(() => cluster.request({ method: 'DELETE', path: `${path}/own` }));
  const { seen, bodies } = watched();
  const command = ['sh', '-c', 'echo "$SECRET" >/dev/termination-log; exit 3'];
  const result = await runProbe(seen, probe({ command, secrets: { SECRET: { name: 'own', key: 'url' } } }));
  assert.deepEqual(result, { exitCode: 3, answer: 'kept\n' });
  assert.equal(bodies.length, 1);
  const missing = runProbe(cluster, probe({ secrets: { SECRET: { name: 'own', key: 'nothing' } } }));
  await assert.rejects(missing, { code: 'not-ready', detail: /CreateContainerConfigError: .*nothing/ });
});

test('an image that cannot be pulled is told instead of an answer, and nothing stays', LIMIT, async () => {
  const told: (string | undefined)[] = [];
  const pull = runProbe(cluster, probe({ image: NOWHERE, onWait: ({ reason }) => told.push(reason) }));
  await assert.rejects(pull, { code: 'not-ready', detail: /(ErrImagePull|ImagePullBackOff): .*registry\.invalid/ });
  assert.ok(told.length > 0);
  await nothingLeft();
});

test('an image that lacks the program is told by its runtime’s words', LIMIT, async () => {
  const start = runProbe(cluster, probe({ command: ['no-such-program'] }));
  await assert.rejects(start, { code: 'not-ready', detail: /no-such-program.*not found/ });
});

test('a probe that is cancelled leaves nothing behind', LIMIT, async () => {
  const stop = new AbortController();
  const command = ['sleep', '100'];
  const cancelled = runProbe(cluster, probe({ command, secrets: { SECRET: { value: 'x' } }, signal: stop.signal }));
  const end = assert.rejects(cancelled, { code: 'cancelled' });
  await watchUntil<V1Pod, true>(cluster, {
    path: resourcePath('v1', namespace, 'pods'),
    query: { labelSelector: 'app.kubernetes.io/managed-by=kube-work-queue' },
    signal: AbortSignal.timeout(60_000),
    timeoutMs: 30_000,
    late: () => new ClusterError('timeout', 'no probe Pod'),
    done: items => items.some(({ status }) => status?.phase === 'Running') || undefined,
  });
  stop.abort();
  await end;
  await nothingLeft();
});

test('a Pod that the namespace does not take is told at once, and why', LIMIT, async t => {
  const path = resourcePath('v1', namespace, 'resourcequotas');
  const quota = { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } };
  await cluster.request({ method: 'POST', path, body: quota });
  t.after(() => cluster.request({ method: 'DELETE', path: `${path}/none` }));
  await assert.rejects(runProbe(cluster, probe({})), {
    code: 'not-ready',
    detail: /exceeded quota|status unknown for quota/,
  });
  await nothingLeft();
});

test(
  'the probe takes what the worker’s Pod has, and is welcome under the strictest Pod security standard',
  LIMIT,
  async () => {
    await cluster.request({
      method: 'PATCH',
      path: `/api/v1/namespaces/${namespace}`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
    });
    const { seen, bodies } = watched();
    const spec = { serviceAccountName: 'default', nodeSelector: { 'kubernetes.io/os': 'linux' }, hostNetwork: true };
    assert.equal((await runProbe(seen, probe({ like: { labels: { app: 'worker' }, spec } }))).exitCode, 0);
    const template = (bodies[0] as unknown as V1Job).spec?.template;
    assert.equal(template?.metadata?.labels?.app, 'worker');
    assert.equal(template?.metadata?.labels?.['work-queue.vscode/test'], 'true');
    assert.deepEqual(template?.spec?.nodeSelector, spec.nodeSelector);
    assert.equal(template?.spec?.hostNetwork, undefined);
  },
);
