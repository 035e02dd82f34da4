import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { openCluster } from '../../src/cluster/index.ts';
import { ownApiServer } from '../faults/ownApiServer.ts';
import { labUp } from '../lab/up.ts';
import { inParallel, makeJobs, setPodStatus } from './manyJobs.ts';
import { openRuns } from './runs.ts';
import { betterBy, median, type Row } from './table.ts';

const CHANGES = 1_000;
const QUIET_CHANGES = 31;
/** Between two changes, so that neither is gathered with the other. */
const QUIET_MS = 300;
const TIMEOUT_MS = 60_000;
const PODS = 10;

/** From the change of a Pod's phase to the row that the Jobs view draws, beside the line that `kubectl get -w` prints. */
export async function bench(): Promise<Row[]> {
  const { kubectl } = await labUp();
  await using server = await ownApiServer();
  await makeJobs(server.kubeconfig, 1, PODS);
  const cluster = openCluster({ kubeconfig: server.kubeconfig, namespace: 'default' });
  const argv = ['--kubeconfig', server.kubeconfig, '-n', 'default', 'get', 'pods', '-w', '--no-headers', '-o'];
  const columns = 'custom-columns=NAME:.metadata.name,REASON:.status.reason';
  const child = spawn(kubectl, [...argv, columns], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { runs, close } = openRuns(server.kubeconfig);
  // What each of the two has shown last, by Pod.
  const shown = { ours: new Map<string, string>(), kubectl: new Map<string, string>() };
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  runs.onDidChange.on(() => {
    for (const { pods } of runs.rows) for (const pod of pods) shown.ours.set(pod.name, pod.reason ?? '');
    wake();
  });
  createInterface({ input: child.stdout }).on('line', line => {
    const [name = '', reason = ''] = line.split(/\s+/);
    shown.kubectl.set(name, reason);
    wake();
  });
  const until = (who: keyof typeof shown, is: (seen: Map<string, string>) => boolean) =>
    new Promise<number>((resolve, reject) => {
      const look = () => {
        if (!is(shown[who])) return;
        waiting.delete(look);
        resolve(performance.now());
      };
      const late = AbortSignal.timeout(TIMEOUT_MS);
      late.addEventListener('abort', () => reject(new Error(`${who} has not shown it`)));
      waiting.add(look);
      look();
    });
  const change = (pod: string, reason: string) => setPodStatus(cluster, pod, { reason });
  const both = (is: (seen: Map<string, string>) => boolean) => Promise.all([until('ours', is), until('kubectl', is)]);
  try {
    runs.look();
    await both(seen => seen.size >= PODS);
    const quiet: [number, number][] = [];
    for (let i = 0; i < QUIET_CHANGES; i++) {
      await setTimeout(QUIET_MS);
      const began = performance.now();
      const done = both(seen => seen.get('job-0-0') === `Quiet${i}`);
      await change('job-0-0', `Quiet${i}`);
      const [ours, theirs] = await done;
      quiet.push([ours - began, theirs - began]);
    }
    const began = performance.now();
    const last = both(seen => Array.from({ length: PODS }, (_, i) => seen.get(`job-0-${i}`)).every(r => r === 'Last'));
    await inParallel(
      Array.from({ length: CHANGES - PODS }, (_, i) => i),
      i => change(`job-0-${i % PODS}`, `Change${i}`),
    );
    for (let i = 0; i < PODS; i++) await change(`job-0-${i}`, 'Last');
    const [ours, theirs] = (await last).map(at => at - began) as [number, number];
    return [
      row('one change, when it is quiet', quiet),
      row(`${CHANGES.toLocaleString('en-US')} changes as fast as they come, until the last is shown`, [[ours, theirs]]),
    ];
  } finally {
    close();
    child.kill();
    cluster.close();
  }
}

function row(words: string, pairs: [number, number][]): Row {
  const name = 'kubectl get -w';
  return {
    row: `watch: ${words}`,
    ours: median(pairs.map(([ours]) => ours)),
    unit: 'ms',
    better: 'lower',
    beside: { [name]: median(pairs.map(([, theirs]) => theirs)) },
    paired: { [name]: median(pairs.map(([ours, theirs]) => betterBy('lower', ours, theirs))) },
  };
}
