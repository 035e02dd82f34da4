import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { kubectl } from '../lab/kubectl.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';
import { MINUTE, publishFruits, replaceLine, type WalkOptions, walk } from './walk.ts';
import { warnings } from './warnings.ts';

const namespace = `walk-${Date.now().toString(36)}`;
let editor: Editor;
let folder: string;
let options: WalkOptions;

before(async () => {
  const lab = await labUp();
  await kubectl(['create', 'namespace', namespace]);
  folder = await mkdtemp(join(tmpdir(), 'kwq-walk-'));
  await cp(join(import.meta.dirname, '../../samples/fruit'), folder, { recursive: true });
  editor = await openEditor({
    folder,
    extensions: [packageExtension()],
    env: {
      KUBECONFIG: lab.kubeconfig,
      DOCKER_HOST: lab.dockerHost,
      PATH: `${dirname(lab.docker)}:${process.env.PATH}`,
    },
    report: console.log,
  });
  options = { editor, namespace, image: `${lab.registry}/${namespace}/job-wq-1`, report: console.log };
});

after(async () => {
  await editor?.close();
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await rm(folder, { recursive: true, force: true });
});

/** A test that leaves a picture and logs when it fails. */
function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 10 * MINUTE }, () => withEvidence(editor, name, run));
}

see('a person takes eight fruits from an empty namespace to all done, without leaving the editor', async () => {
  const { seconds, ...result } = await walk(options);
  assert.deepEqual(result, { items: 8, succeeded: 8, failed: 0, left: 0, completions: 8 });
  assert.ok(seconds > 0);
  assert.deepEqual(await jobStatus('job-wq-1'), { completions: '8', succeeded: '8', depth: '8', queue: 'job1' });
});

see('the tasks that build and push stand in Run Task', async () => {
  await editor.runCommand('Tasks: Run Task');
  const types = await editor.quickPick('Select the task to run');
  await types.pick('workQueue');
  const tasks = await editor.quickPick('Select the task to run');
  const labels = (await tasks.rows()).map(row => row.label);
  assert.deepEqual(labels.slice(0, 3), ['workQueue: build', 'workQueue: build and push', 'workQueue: push']);
  await tasks.cancel();
});

see('a manifest that the cluster would refuse is refused in words, and nothing is created', async () => {
  await publishFruits(editor);
  await editor.openFile('job.yaml');
  await replaceLine(editor, /^ {2}parallelism:/, '  paralelism: 2');
  const before = await jobNames();
  await editor.editorAction('Run Job');
  const message = await editor.notification(/The cluster does not accept Job .*paralelism/);
  await editor.screenshot('19-refused');
  await message.dismiss();
  assert.deepEqual(await jobNames(), before);
  await replaceLine(editor, /^ {2}paralelism:/, '  parallelism: 2');
  await purge();
});

see('Test Broker says what works from here and from a Pod', async () => {
  await editor.runCommand('Work Queue: Test Broker');
  const summary = await editor.notification('The broker works: 15 checks passed.', { timeout: MINUTE });
  await summary.dismiss();
  const text = await editor.editorText();
  assert.match(text, /✓ Compare the two: \d+ ms/);
  assert.match(text, /✓ Resolve the name rabbitmq-service: 10\.96\./);
  assert.match(text, /✓ Take the message \(amqp-consume\)/);
  assert.match(text, /i The broker’s messages are kept on an emptyDir \(Pod rabbitmq-0\)/);
  await editor.screenshot('20-test-broker');
  const queues = (await editor.treeRows('Queues')).map(row => row.label);
  assert.deepEqual(queues, ['job1'], 'nothing of the test is left');
});

see('a Job opens to its Pods, and a Pod’s log is read', async () => {
  await editor.treeExpand('Jobs', 'job-wq-1');
  const pods = await editor.wait('eight Pods below the Job', async () => {
    const below = (await editor.treeRows('Jobs')).filter(row => row.level === 3);
    return below.length === 8 && below;
  });
  for (const pod of pods) assert.match(pod.description, /^succeeded after \d+ s/);
  const pod = pods[0]?.label ?? '';
  await editor.treeClick('Jobs', pod);
  await editor.activeTab(pod);
  await editor.wait('the Pod’s log', async () => /Processing \w+/.test(await editor.editorText()));
  await editor.screenshot('21-log');
});

see('Describe Job tells counts, Pods and events in the order of time', async () => {
  await editor.treeAction('Jobs', 'job-wq-1', 'Describe Job');
  await editor.activeTab('job-wq-1');
  const text = await editor.wait('the events', async () => {
    const shown = await editor.editorText();
    return /SuccessfulCreate/.test(shown) && /Completed/.test(shown) && shown;
  });
  assert.match(text, /8 of 8 done/);
  assert.ok(text.indexOf('SuccessfulCreate') < text.lastIndexOf('Completed'), text);
  await editor.screenshot('22-describe');
});

see('what the documentation warns of is said in job.yaml, and found afterwards', async () => {
  const found = await warnings(options);
  assert.deepEqual(
    found.map(({ job }) => job),
    ['job-wq-1-2', 'job-wq-1-3', 'job-wq-1-3'],
  );
  const rows = await editor.treeRows('Jobs');
  const warned = rows.filter(row => row.level === 1 && row.icon === 'warning').map(row => row.label);
  assert.deepEqual(
    warned,
    ['job-wq-1-3'],
    'the good run has no finding, and what the second left was taken by the third',
  );
});

see('an empty queue is not run, and nothing is created', async () => {
  await purge();
  await editor.openFile('job.yaml');
  await editor.goTo(1);
  await editor.codeLens('job1 is empty: nothing to run');
  const before = await jobNames();
  await editor.editorAction('Run Job');
  const message = await editor.notification('Queue job1 is empty: there is nothing to run, and no Job was created.');
  await message.dismiss();
  assert.deepEqual(await jobNames(), before);
});

see('a broker that goes away is said to be away, in the view and in job.yaml, until it is back', async () => {
  const scale = (replicas: number) =>
    kubectl(['scale', 'statefulset', 'rabbitmq', '-n', namespace, `--replicas=${replicas}`]);
  const away = /^Broker away since \d\d:\d\d:\d\d, trying again$/;
  await editor.openFile('job.yaml');
  await editor.goTo(1);
  await scale(0);
  const row = await editor.treeRow('Queues', away, { timeout: 2 * MINUTE });
  assert.notEqual(row.description, '');
  await editor.treeRow('Queues', 'job1', { where: queue => queue.description.endsWith('(as last seen)') });
  await editor.codeLens(/^The broker is away since/);
  await editor.screenshot('23-broker-away');
  await scale(1);
  await editor.wait(
    'the broker to be back',
    async () => (await editor.treeRows('Queues')).every(({ label }) => !away.test(label)),
    { timeout: 2 * MINUTE },
  );
  await editor.codeLens('Queue job1 does not exist yet: create it');
});

async function purge(): Promise<void> {
  await kubectl(['exec', 'rabbitmq-0', '-n', namespace, '--', 'rabbitmqctl', 'purge_queue', 'job1']);
  await editor.treeRow('Queues', 'job1', { where: row => row.description.startsWith('0 ready') });
}

async function jobNames(): Promise<string> {
  return kubectl(['get', 'jobs', '-n', namespace, '-o', 'name']);
}

async function jobStatus(name: string): Promise<Record<string, string>> {
  const { spec, status, metadata } = JSON.parse(await kubectl(['get', 'job', name, '-n', namespace, '-o', 'json']));
  return {
    completions: `${spec.completions}`,
    succeeded: `${status.succeeded}`,
    depth: metadata.annotations['work-queue.vscode/depth'],
    queue: metadata.annotations['work-queue.vscode/queue'],
  };
}
