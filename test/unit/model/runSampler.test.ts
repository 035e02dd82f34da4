import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { JobRow, PodRow } from '../../../src/cluster/index.ts';
import { Emitter } from '../../../src/model/emitter.ts';
import { RunSampler } from '../../../src/model/runSampler.ts';
import type { Run } from '../../../src/model/runs.ts';

const START = 1_000_000;

function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: START });
  const job = { uid: 'j', name: 'fruit', state: 'running', completions: 3, parallelism: 2 } as JobRow;
  Object.assign(job, { succeeded: 0, failed: 0, created: START, started: START });
  const run: Run = { job, pods: [], queue: undefined, findings: [] };
  const onDidChange = new Emitter();
  const sampler = new RunSampler({ find: uid => (uid === 'j' ? run : undefined), onDidChange }, 'j');
  t.after(() => sampler.dispose());
  const pod = (uid: string, phase: PodRow['phase']) => {
    run.pods = [...run.pods.filter(one => one.uid !== uid), { uid, phase, created: START } as PodRow];
    onDidChange.fire();
  };
  return { run, job, onDidChange, sampler, pod };
}

test('an active run is sampled every two seconds, and not after its end', t => {
  const { job, onDidChange, sampler, pod } = setUp(t);
  const sent: number[] = [];
  sampler.onDidSample.on(samples => sent.push(...samples.map(({ at }) => at - START)));
  pod('a', 'running');
  t.mock.timers.tick(2000);
  t.mock.timers.tick(2000);
  assert.deepEqual(sent, [2000, 4000]);
  assert.equal(sampler.samples.at(-1)?.running, 1);
  assert.equal(sampler.samples.at(-1)?.owed, 3);
  assert.equal(sampler.samples.at(-1)?.ready, undefined);
  t.mock.timers.tick(1000);
  Object.assign(job, { state: 'complete', succeeded: 3 });
  onDidChange.fire();
  t.mock.timers.tick(10_000);
  assert.deepEqual(sent, [2000, 4000, 5000]);
  assert.equal(sampler.samples.at(-1)?.owed, 0);
});

test('a Pod’s start and work are what was seen of it; of Pods that were there before, nothing is known', t => {
  const { sampler, pod, onDidChange, run } = setUp(t);
  run.pods = [];
  onDidChange.fire();
  pod('a', 'waiting');
  t.mock.timers.tick(1500);
  pod('a', 'running');
  t.mock.timers.tick(700);
  pod('a', 'succeeded');
  assert.deepEqual(sampler.podTimes, [{ created: START, begun: START + 1500, finished: START + 2200 }]);
  const later = new RunSampler({ find: () => run, onDidChange }, 'j');
  t.after(() => later.dispose());
  onDidChange.fire();
  assert.deepEqual(later.podTimes, []);
});

test('what a closed window has kept goes before what is seen since', t => {
  const { sampler } = setUp(t);
  t.mock.timers.tick(2000);
  const before = [100, 200].map(at => ({
    at,
    ready: 5,
    unacked: 0,
    owed: 3,
    waiting: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
  }));
  sampler.restore(before);
  assert.deepEqual(
    sampler.samples.map(({ at, ready }) => [at, ready]),
    [
      [100, 5],
      [200, 5],
    ],
  );
});
