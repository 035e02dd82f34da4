import { join } from 'node:path';
import { ownApiServer } from '../faults/ownApiServer.ts';
import { run } from '../lab/command.ts';
import { labUp } from '../lab/up.ts';
import { makeJobs } from './manyJobs.ts';
import { median, type Row } from './table.ts';

const JOBS = 1_000;
const PODS_EACH = 10;
const ROUNDS = 3;
const TIMEOUT_MS = 2 * 60_000;

/** What a program that shows many Jobs and Pods prints of itself. */
export interface Scale {
  firstMs: number;
  syncMs: number;
  pauseMs: number;
  heapMB: number;
}

/** 1,000 Jobs with 10,000 Pods: when the first rows and all of them are there, and what that costs. */
export async function bench(): Promise<Row[]> {
  const { kubectl } = await labUp();
  await using server = await ownApiServer();
  await makeJobs(server.kubeconfig, JOBS, PODS_EACH);
  const program = (script: string) => async (): Promise<Scale> =>
    JSON.parse(
      await run(
        [process.execPath, '--expose-gc', join(import.meta.dirname, script), server.kubeconfig, `${JOBS * PODS_EACH}`],
        {
          timeoutMs: TIMEOUT_MS,
        },
      ),
    );
  const ours = program('scaleOurs.ts');
  const informer = program('scaleInformer.ts');
  const seen: { ours: Scale[]; informer: Scale[]; kubectl: number[] } = { ours: [], informer: [], kubectl: [] };
  for (let round = 0; round < ROUNDS; round++) {
    seen.ours.push(await ours());
    seen.informer.push(await informer());
    const began = performance.now();
    await run([kubectl, '--kubeconfig', server.kubeconfig, '-n', 'default', 'get', 'pods'], { timeoutMs: TIMEOUT_MS });
    seen.kubectl.push(performance.now() - began);
  }
  const of = (who: 'ours' | 'informer', what: keyof Scale) => median(seen[who].map(scale => scale[what]));
  const row = (words: string, what: keyof Scale, unit: string, more: Partial<Row> = {}): Row => ({
    row: `1,000 Jobs, 10,000 Pods: ${words}`,
    ours: of('ours', what),
    unit,
    better: 'lower',
    beside: { 'client-node informer': of('informer', what), ...more.beside },
    ...(more.limit === undefined ? {} : { limit: more.limit }),
  });
  return [
    row('first rows', 'firstMs', 'ms', { beside: { 'kubectl get pods': median(seen.kubectl) } }),
    row('all rows', 'syncMs', 'ms', { beside: { 'kubectl get pods': median(seen.kubectl) } }),
    row('longest pause of the event loop', 'pauseMs', 'ms', { limit: 50 }),
    row('growth of the heap', 'heapMB', 'MB', { limit: 60 }),
  ];
}
