import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { apply, kubectl } from '../lab/kubectl.ts';
import type { LabStatus } from '../lab/status.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
const namespace = `test-broker-${Date.now().toString(36)}`;
const WORKER_IMAGE = '127.0.0.1:5000/lab/worker:1';
let lab: LabStatus;
let vsix: string;
let folder: string;
let editor: Editor;

before(async () => {
  lab = await labUp();
  vsix = packageExtension();
  folder = await mkdtemp(join(tmpdir(), 'kwq-broker-'));
  await cp(join(import.meta.dirname, '../../samples/fruit'), folder, { recursive: true });
  await jobYaml(WORKER_IMAGE);
  await apply(strictBroker());
  await kubectl(['wait', 'pod/rabbitmq-0', '-n', namespace, '--for=condition=Ready', '--timeout=120s'], {
    timeoutMs: 2 * MINUTE,
  });
  editor = await openEditor({ folder, extensions: [vsix], env: { KUBECONFIG: lab.kubeconfig } });
  await editor.showContainer('Work Queues');
  await editor.runCommand('Work Queue: Choose Namespace…');
  await (await editor.quickPick('Choose Namespace in')).pick(namespace);
});

after(async () => {
  await editor?.close();
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await rm(folder, { recursive: true, force: true });
});

function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 3 * MINUTE }, () => withEvidence(editor, name, run));
}

see('a user who may log in from loopback only works here and fails from Pods, and that is said', async () => {
  await editor.runCommand('Work Queue: Test Broker');
  const summary = await editor.notification('Works from here, fails from Pods: user guest', { timeout: MINUTE });
  assert.equal(summary.severity, 'warning');
  await summary.dismiss();
  const text = await editor.editorText();
  assert.match(text, /^amqp:\/\/guest@rabbitmq-service:5672\nRabbitMQ 4\.\d/);
  assert.match(text, /From the editor, by a port-forward to Service rabbitmq-service: the broker sees 127\.0\.0\.1/);
  assert.match(text, /✓ Compare the two/);
  assert.match(text, /✓ Resolve the name rabbitmq-service: 10\.96\./);
  assert.match(text, /✗ Connect, log in and create a queue \(amqp-declare-queue\)\n +.*ACCESS_REFUSED/);
  assert.match(text, /– Publish a message \(amqp-publish\): not tried, an earlier check failed/);
  assert.match(text, /→ Make a user of your own/);
  assert.match(text, /messages are kept on an emptyDir \(Pod rabbitmq-0\)/);
  assert.match(text, /rabbitmq-service is used with user guest and password guest/);
  assert.ok(!text.includes('guest:guest'));
  await editor.goTo(1);
  await editor.screenshot('40-loopback-only');
  await nothingLeft();
});

see('a worker image that cannot be pulled is explained, and the broker’s own tells of the name', async () => {
  await jobYaml('registry.invalid/worker:1');
  await editor.runCommand('Work Queue: Test Broker');
  const summary = await editor.notification(/The broker test found something: 1 of \d+ checks failed/, {
    timeout: MINUTE,
  });
  await summary.dismiss();
  const text = await editor.editorText();
  assert.match(text, /✗ Start a Pod with the image registry\.invalid\/worker:1\n +The image cannot be had\. Push it/);
  assert.match(text, /✓ Start a Pod with the image rabbitmq:4-management/);
  assert.match(text, /✓ Resolve the name rabbitmq-service/);
  assert.match(text, /– Find amqp-tools in the image\n +amqp-tools are not at hand \(amqp-declare-queue is missing\)/);
  await editor.goTo(1);
  await editor.screenshot('41-image-pull');
  await nothingLeft();
});

see('an alarm of the broker is said where publishing fails by it', async () => {
  await watermark('1MiB');
  await editor.runCommand('Work Queue: Test Broker');
  const summary = await editor.notification(/The broker test found something/, { timeout: MINUTE });
  await summary.dismiss();
  const text = await editor.editorText();
  assert.match(text, /✓ Ask for the user’s rights/);
  assert.match(text, /✗ Publish a message\n +The broker takes no messages from anybody at the moment: low on memory/);
  assert.match(text, /– Get a message back: not tried/);
  assert.match(text, /✓ Delete the queue/);
  // The nodes' own figures come up to 5 s later than the alarm.
  assert.match(text, /✗ Memory alarm(: | on rabbit@rabbitmq-0: \d+ MiB in use)/);
  await watermark('10GiB');
  await nothingLeft();
});

see('a test that is cancelled leaves nothing in the cluster', async () => {
  await jobYaml(WORKER_IMAGE);
  await editor.runCommand('Work Queue: Test Broker');
  const progress = await editor.progress('Testing the broker');
  await progress.says('Start a Pod with the image');
  await progress.cancel();
  await progress.ended({ timeout: 20_000 });
  await nothingLeft();
});

test('who may create no Jobs is told so, and what works from the editor is still tested', {
  timeout: 3 * MINUTE,
}, async t => {
  await editor.close();
  const settings = { 'workQueue.broker': lab.broker.url };
  editor = await openEditor({ folder, extensions: [vsix], env: { KUBECONFIG: lab.kubeconfigs.viewer }, settings });
  await withEvidence(editor, t.name, async () => {
    await editor.showContainer('Work Queues');
    await editor.runCommand('Work Queue: Choose Namespace…');
    await (await editor.quickPick('Choose Namespace in')).pick(namespace);
    await editor.runCommand('Work Queue: Test Broker');
    const summary = await editor.notification(
      'The broker works from here: 7 checks passed. No message was sent from a Pod.',
      { timeout: MINUTE },
    );
    await summary.dismiss();
    const text = await editor.editorText();
    assert.match(text, /– Start a Pod\n +not checked: You may not do that in this cluster: jobs\.batch is forbidden/);
    await editor.goTo(1);
    await editor.screenshot('42-no-right');
  });
});

async function jobYaml(image: string): Promise<void> {
  const text = `apiVersion: batch/v1
kind: Job
metadata:
  name: job-wq-1
spec:
  completions: 8
  parallelism: 2
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: c
          image: ${image}
          env:
            - name: BROKER_URL
              value: amqp://guest:guest@rabbitmq-service:5672
            - name: QUEUE
              value: job1
`;
  await writeFile(join(folder, 'job.yaml'), text);
}

async function watermark(amount: string): Promise<void> {
  const argv = ['rabbitmqctl', 'set_vm_memory_high_watermark', 'absolute', amount];
  await kubectl(['exec', 'rabbitmq-0', '-n', namespace, '--', ...argv]);
}

async function nothingLeft(): Promise<void> {
  await editor.wait('nothing of the test to be in the cluster', async () => {
    const left = await kubectl([
      'get',
      'jobs,pods,secrets',
      '-n',
      namespace,
      '-l',
      'work-queue.vscode/test',
      '-o',
      'name',
    ]);
    return left === '';
  });
  const queues = await kubectl([
    'exec',
    'rabbitmq-0',
    '-n',
    namespace,
    '--',
    'rabbitmqctl',
    '-q',
    'list_queues',
    'name',
  ]);
  assert.doesNotMatch(queues, /work-queue-test/);
}

/** A RabbitMQ as it comes without an image's settings: guest may log in from loopback only. */
function strictBroker(): object[] {
  const labels = { app: 'rabbitmq' };
  const container = {
    name: 'rabbitmq',
    image: 'rabbitmq:4-management',
    ports: [{ containerPort: 5672 }, { containerPort: 15672 }],
    readinessProbe: { tcpSocket: { port: 5672 }, periodSeconds: 1 },
    volumeMounts: [
      { name: 'data', mountPath: '/var/lib/rabbitmq' },
      { name: 'settings', mountPath: '/etc/rabbitmq/conf.d/10-defaults.conf', subPath: '10-defaults.conf' },
    ],
    resources: { requests: { memory: '128Mi' }, limits: { memory: '512Mi' } },
  };
  const volumes = [
    { name: 'data', emptyDir: {} },
    { name: 'settings', configMap: { name: 'rabbitmq' } },
  ];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'rabbitmq', namespace },
      data: { '10-defaults.conf': 'loopback_users.guest = true\nlog.console = true\n' },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'rabbitmq-service', namespace },
      spec: {
        selector: labels,
        ports: [
          { name: 'amqp', port: 5672 },
          { name: 'management', port: 15672 },
        ],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'rabbitmq', namespace },
      spec: {
        replicas: 1,
        serviceName: 'rabbitmq-service',
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 1, containers: [container], volumes },
        },
      },
    },
  ];
}
