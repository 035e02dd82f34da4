import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJob, openCluster } from '../../src/cluster/index.ts';
import { ownApiServer } from '../faults/ownApiServer.ts';
import { run } from '../lab/command.ts';
import { labUp } from '../lab/up.ts';
import { inTurns } from './inTurns.ts';
import { suspendedJob } from './manyJobs.ts';
import type { Row } from './table.ts';

const ROUNDS = 11;

/** A Job created on a connection that is open, as the editor's is, beside `kubectl create -f`. */
export async function bench(): Promise<Row[]> {
  const { kubectl } = await labUp();
  await using server = await ownApiServer();
  const cluster = openCluster({ kubeconfig: server.kubeconfig, namespace: 'default' });
  const folder = await mkdtemp(join(tmpdir(), 'kwq-bench-run-'));
  let made = 0;
  const timed = async (work: (name: string) => Promise<unknown>) => {
    const name = `run-${made++}`;
    const began = performance.now();
    await work(name);
    return performance.now() - began;
  };
  const create = (name: string, dryRun: boolean) =>
    createJob(cluster, { namespace: 'default', body: suspendedJob(name), dryRun });
  const byKubectl = (...flags: string[]) =>
    timed(name => {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify(suspendedJob(name)));
      return run([kubectl, '--kubeconfig', server.kubeconfig, '-n', 'default', 'create', ...flags, '-f', file]);
    });
  try {
    const once = await inTurns('lower', ROUNDS, () => timed(name => create(name, false)), {
      'kubectl create -f': () => byKubectl(),
    });
    const checked = await inTurns(
      'lower',
      ROUNDS,
      () =>
        timed(async name => {
          await create(name, true);
          await create(name, false);
        }),
      {
        'kubectl create -f, twice': async () => (await byKubectl('--dry-run=server')) + (await byKubectl()),
      },
    );
    return [
      { row: 'run: a Job created', unit: 'ms', ...once, ratioLimit: { 'kubectl create -f': 5 } },
      { row: 'run: a Job checked by a dry run and created', unit: 'ms', ...checked },
    ];
  } finally {
    cluster.close();
    await rm(folder, { recursive: true });
  }
}
