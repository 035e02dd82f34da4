import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publish } from '../../src/broker/index.ts';
import { createJob } from '../../src/cluster/index.ts';
import { labNamespace } from '../integration/cluster/namespace.ts';
import { run } from '../lab/command.ts';
import { docker } from '../lab/docker.ts';
import { labUp } from '../lab/up.ts';
import { inTurns } from './inTurns.ts';
import { benchQueue } from './publishQueue.ts';
import { openRuns } from './runs.ts';
import type { Row } from './table.ts';

const TIMEOUT_MS = 5 * 60_000;
const PARALLELISM = 8;
/** Items of a run, and rounds: the long one takes minutes, in which its rounds would differ little. */
const SIZES: [number, number][] = [
  [10, 3],
  [100, 1],
];

/** A whole run (declare, publish, build and push, create, watch to the end), beside a script that does the same. */
export async function bench(): Promise<Row[]> {
  const { kubeconfig, kubectl, registry } = await labUp();
  await using queue = await benchQueue({});
  await using ends = new AsyncDisposableStack();
  const cluster = await labNamespace({ after: end => ends.defer(end) });
  const { namespace } = cluster;
  const folder = await mkdtemp(join(tmpdir(), 'kwq-bench-end-'));
  const image = `${registry}/bench/end-to-end:1`;
  writeFileSync(join(folder, 'Dockerfile'), `FROM ${registry}/lab/worker:1\nLABEL purpose=bench\n`);
  const { runs, close } = openRuns(kubeconfig, namespace);
  let made = 0;
  const build = async () => {
    await docker(['build', '-q', '-t', image, folder], { timeoutMs: TIMEOUT_MS });
    await docker(['push', '-q', image], { timeoutMs: TIMEOUT_MS });
  };
  const timed = async (work: (name: string) => Promise<void>) => {
    const name = `end-${made++}`;
    const began = performance.now();
    await work(name);
    const took = performance.now() - began;
    await queue.assertHolds(0);
    return took / 1_000;
  };
  const ours = (items: number) => () =>
    timed(async name => {
      const bodies = Array.from({ length: items }, (_, i) => ({ body: `item ${i}`, line: i + 1 }));
      await publish({ address: queue.address, purpose: 'benchmark', queue: queue.name, items: bodies, runId: name });
      await build();
      const body = jobOf(name, image, items, queue);
      await createJob(cluster, { namespace, body, dryRun: true });
      const ended = new Promise<void>(resolve => {
        const listening = runs.onDidChange.on(() => {
          if (!runs.rows.some(({ job }) => job.name === name && job.state === 'complete')) return;
          listening.dispose();
          resolve();
        });
      });
      await createJob(cluster, { namespace, body });
      await ended;
    });
  const script = (items: number) => () =>
    timed(async name => {
      const url = `--url=${queue.url}`;
      const lines = Array.from({ length: items }, (_, i) => `item ${i}\n`).join('');
      await run(['amqp-publish', url, '-r', queue.name, '-p', '-l'], { input: lines });
      await build();
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify(jobOf(name, image, items, queue)));
      const inNamespace = [kubectl, '--kubeconfig', kubeconfig, '-n', namespace];
      await run([...inNamespace, 'create', '-f', file]);
      await run(
        [...inNamespace, 'wait', '--for=condition=complete', `job/${name}`, `--timeout=${TIMEOUT_MS / 1_000}s`],
        {
          timeoutMs: TIMEOUT_MS,
        },
      );
    });
  try {
    runs.look();
    const rows: Row[] = [];
    for (const [items, rounds] of SIZES) {
      const compared = await inTurns(
        'lower',
        rounds,
        ours(items),
        { 'amqp-tools, docker, kubectl': script(items) },
        false,
      );
      const ratioLimit = { 'amqp-tools, docker, kubectl': 1 / 1.02 };
      rows.push({ row: `end to end: a run of ${items} items`, unit: 's', ...compared, ratioLimit });
    }
    return rows;
  } finally {
    close();
    await rm(folder, { recursive: true });
  }
}

function jobOf(name: string, image: string, completions: number, queue: { name: string; url: string }) {
  const consume = 'amqp-consume --url="$BROKER_URL" -q "$QUEUE" -c 1 -- sh -c "cat && : >/tmp/ok" && test -e /tmp/ok';
  const env = [
    { name: 'QUEUE', value: queue.name },
    { name: 'BROKER_URL', value: queue.url },
  ];
  const container = { name: 'c', image, command: ['/bin/sh', '-c', consume], env };
  const template = { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [container] } };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { completions, parallelism: PARALLELISM, template },
  };
}
