import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { formatBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { address as lab, manage } from '../integration/broker/labBroker.ts';
import { apply, kubectl } from '../lab/kubectl.ts';
import type { LabStatus } from '../lab/status.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
const suffix = randomBytes(4).toString('hex');
const vhost = `jobs-${suffix}`;
const namespace = `test-jobs-${suffix}`;
const url = formatBrokerUrl({ ...lab, vhost });
const JOB = 'fruit';
const QUEUE = 'job1';
let status: LabStatus;
let vsix: string;
let folder: string;
let editor: Editor;

before(async () => {
  status = await labUp();
  vsix = packageExtension();
  await manage('PUT', `vhosts/${vhost}`);
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  folder = await mkdtemp(join(tmpdir(), 'kwq-jobs-'));
  await writeFile(join(folder, 'items.txt'), 'apple\nbanana\ncherry\ndate\n');
  await writeFile(join(folder, 'job.yaml'), manifest());
  editor = await open(status.kubeconfig);
});

after(async () => {
  await editor?.close();
  await manage('DELETE', `vhosts/${vhost}`);
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function open(kubeconfig: string): Promise<Editor> {
  const opened = await openEditor({
    folder,
    extensions: [vsix],
    env: { KUBECONFIG: kubeconfig },
    settings: { 'workQueue.broker': url },
  });
  await opened.showContainer('Work Queues');
  await opened.runCommand('Work Queue: Choose Namespace…');
  const pick = await opened.quickPick('Choose Namespace in');
  await pick.pick(namespace);
  return opened;
}

function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 3 * MINUTE }, () => withEvidence(editor, name, run));
}

const row = (label: string, description: RegExp) =>
  editor.treeRow('Jobs', label, { where: seen => description.test(seen.description), timeout: MINUTE });

see('selected lines are published and run by one command, for as many as the broker confirmed', async () => {
  await editor.openFile('items.txt');
  await editor.selectLines(1, 4);
  await editor.editorContext('Publish Selected Lines and Run');
  const pick = await editor.quickPick('Publish the Selected Lines of items.txt');
  await pick.pick(`Create queue ${QUEUE} and publish 4 messages to it`);
  const modal = await editor.modal(`Create Job ${JOB} with completions 4?`, { timeout: MINUTE });
  assert.match(modal.detail, /completions: 4, as many as the broker confirmed/);
  assert.match(modal.detail, new RegExp(`Namespace: ${namespace}`));
  await editor.screenshot('90-publish-and-run');
  await modal.click('Create Job');
  await row(JOB, /^0 of 4 done, 2 running/);
});

see('an active Job is given another parallelism, suspended and resumed on its row', async () => {
  await editor.treeAction('Jobs', JOB, 'Set Parallelism…');
  const box = await editor.inputBox(`Parallelism of Job ${JOB}`);
  assert.equal(box.value, '2');
  await box.says('Now 2: 0 of 4 done');
  await box.type('0');
  await box.says('0 pauses the Job');
  await editor.screenshot('91-parallelism');
  await box.type('1');
  await box.says('Pods beyond 1 end');
  await box.accept();
  await row(JOB, /, 1 running/);
  await editor.treeAction('Jobs', JOB, 'Suspend Job');
  await row(JOB, /^suspended, 0 of 4 done(?!.*running)/);
  await editor.screenshot('92-suspended');
  await editor.treeAction('Jobs', JOB, 'Resume Job');
  await row(JOB, /^0 of 4 done, 1 running/);
});

see('a Job is stopped as it stands and kept, and run again for the rest', async () => {
  await editor.treeContext('Jobs', JOB, 'Stop Job and Keep It…');
  const stop = await editor.modal(`Stop Job ${JOB} as it stands?`);
  assert.ok(stop.detail.includes(`Namespace: ${namespace}`), stop.detail);
  assert.match(stop.detail, /The Job, its Pods and their logs are kept/);
  await editor.screenshot('93-stop');
  await stop.click('Stop and Keep');
  await (await editor.notification(`Job ${JOB} is stopped and kept`, { timeout: MINUTE })).dismiss();
  await row(JOB, /^failed \(DeadlineExceeded\)/);
  await rm(join(folder, 'job.yaml'));
  await editor.treeAction('Jobs', JOB, 'Run Again for the Rest');
  const again = await editor.modal(`Create Job ${JOB}-rest with completions 4?`, { timeout: MINUTE });
  assert.match(again.detail, new RegExp(`Like Job ${JOB}, for what is left in its queue`));
  await editor.screenshot('94-rest');
  await again.click('Create Job');
  await row(`${JOB}-rest`, /^0 of 4 done, 1 running/);
});

see('a Job is deleted and its Pods are waited for', async () => {
  await editor.treeAction('Jobs', `${JOB}-rest`, 'Delete Job…');
  const modal = await editor.modal(`Delete Job ${JOB}-rest and its Pods?`);
  await modal.click('Delete');
  const progress = await editor.progress(`Deleting Job ${JOB}-rest`);
  await progress.says('1 Pod still ending; until then they may take messages of job1');
  await editor.screenshot('95-delete');
  await progress.ended({ timeout: MINUTE });
  await editor.wait('the row to be gone', async () =>
    (await editor.treeRows('Jobs')).every(({ label }) => label !== `${JOB}-rest`),
  );
});

test('who may only look is offered nothing that changes Jobs', { timeout: 2 * MINUTE }, async t => {
  await editor.close();
  await writeFile(join(folder, 'job.yaml'), manifest());
  await kubectl([
    'create',
    'job',
    'other',
    '-n',
    namespace,
    '--image=127.0.0.1:5000/lab/worker:1',
    '--',
    'sleep',
    '600',
  ]);
  editor = await open(status.kubeconfigs.viewer);
  await withEvidence(editor, t.name, async () => {
    await row('other', /1 running/);
    const line = editor.page.locator('.monaco-list-row', { hasText: 'other' }).first();
    await line.hover();
    const buttons = () => line.getByRole('button').evaluateAll(all => all.map(one => one.ariaLabel));
    await editor.wait('the buttons of the row to be those of who may look', async () => {
      const names = (await buttons()).join(', ');
      return /Describe/.test(names) && !/Suspend|Parallelism|Delete/.test(names);
    });
    await editor.screenshot('96-viewer');
  });
});

function manifest(): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${JOB}
spec:
  parallelism: 2
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 3
      containers:
        - name: c
          image: 127.0.0.1:5000/lab/worker:1
          command: ["sh", "-c", "trap '' TERM; amqp-consume --url=$BROKER_URL -q $QUEUE -c 1 -- sleep 600"]
          env:
            - name: BROKER_URL
              value: ${url}
            - name: QUEUE
              value: ${QUEUE}
`;
}
