import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect as amqp } from 'amqplib';
import { formatBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { address as lab, manage } from '../integration/broker/labBroker.ts';
import { apply, kubectl } from '../lab/kubectl.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
const suffix = randomBytes(4).toString('hex');
const vhost = `mend-${suffix}`;
const namespace = `test-mend-${suffix}`;
const url = formatBrokerUrl({ ...lab, vhost });
let folder: string;
let editor: Editor;

/** Ends well for every item. */
const DOES = 'cat';
/** Never ends by itself. */
const HANGS = 'sleep 600';
/** Says which item it has, as the workers of Create Worker do, and fails for one of them. */
const FAILS =
  'i=$(cat); echo "work-queue item \\"$i\\""; if [ "$i" = rotten ]; then echo "work-queue failed 3 0.1s"; exit 3; fi; ' +
  'echo "work-queue done 0.1s"; : >/tmp/ok';

before(async () => {
  const { kubeconfig } = await labUp();
  await manage('PUT', `vhosts/${vhost}`);
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  await fill('boxes', ['1', '2', '3', '4', '5']);
  await fill('plums', ['1', '2']);
  await fill('pears', ['1', '2', '3']);
  await fill('grapes', ['sweet', 'rotten', 'sour']);
  folder = await mkdtemp(join(tmpdir(), 'kwq-mend-'));
  editor = await openEditor({
    folder,
    extensions: [packageExtension()],
    env: { KUBECONFIG: kubeconfig },
    settings: { 'workQueue.broker': url },
    report: console.log,
  });
  await editor.showContainer('Work Queues');
  await editor.runCommand('Work Queue: Choose Namespace…');
  await (await editor.quickPick('Choose Namespace in')).pick(namespace);
  await apply([
    job('packing', 'boxes', { completions: 8, depth: 5, run: HANGS }),
    job('drying', 'plums', { completions: 3, depth: 2, run: DOES }),
    job('slicing', 'pears', { completions: 1, depth: 3, run: DOES }),
    job('pressing', 'grapes', { completions: 3, depth: 3, run: FAILS }),
  ]);
});

after(async () => {
  await editor?.close();
  await manage('DELETE', `vhosts/${vhost}`);
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
  if (folder) await rm(folder, { recursive: true, force: true });
});

function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 3 * MINUTE }, () => withEvidence(editor, name, run));
}

see('a Job with too many completions is replaced by one with as many as its queue has messages', async () => {
  await row('packing', /^0 of 8 done, 1 running/);
  const old = await jobOf('packing');
  await editor.treeRow('Queues', 'boxes', { where: ({ description }) => /^4 ready, 1 unacked/.test(description) });
  await editor.treeContext('Jobs', 'packing', 'Replace Job with the Right Number…');
  const modal = await editor.modal('Delete Job packing with completions 8, and create it anew with 5?');
  assert.match(modal.detail, /In queue boxes: 4 ready, 1 unacked, which come back when its Pods end\./);
  assert.ok(modal.detail.includes(`Namespace: ${namespace}`), modal.detail);
  await editor.screenshot('100-replace');
  await modal.click('Replace');
  await row('packing', /^0 of 5 done, 1 running/);
  const now = await jobOf('packing');
  assert.equal(now.spec.completions, 5);
  assert.notEqual(now.metadata.uid, old.metadata.uid);
  assert.equal(now.metadata.annotations['work-queue.vscode/depth'], '5');
});

see('a Job that waits for nothing is stopped as its remedy says: kept, with its Pods', async () => {
  const pick = await mend('drying', 'Waiting on an empty queue');
  const rows = await pick.rows();
  const stop = rows.find(({ label }) => label.includes('Stop Job and Keep It…'));
  assert.equal(stop?.detail, 'Ends Job drying with 2 items done; keeps it, 3 Pods and their logs.');
  assert.ok(rows.some(({ label, detail }) => label.includes('Publish 1 item') && /^By hand/.test(detail ?? '')));
  await editor.screenshot('101-mend-waiting');
  await pick.pick(stop.label);
  await (await editor.modal('Stop Job drying as it stands?')).click('Stop and Keep');
  await editor.notification('Job drying is stopped and kept', { timeout: MINUTE });
  const { status } = await jobOf('drying');
  assert.equal(status.succeeded, 2);
  assert.ok(status.conditions?.some(({ type, reason }) => type === 'Failed' && reason === 'DeadlineExceeded'));
  assert.equal((await podsOf('drying')).length, 3);
});

see('what a Job left behind is run by one more, for as many as the remedy says', async () => {
  const pick = await mend('slicing', 'The Job is complete, with 2 items left');
  const [rest] = await pick.rows();
  assert.match(rest?.label ?? '', /Run a Job for the Rest \(2\)/);
  assert.equal(rest?.detail, 'Creates a Job like slicing with completions 2, for the rest of pears.');
  await pick.pick(rest?.label ?? '');
  await (await editor.modal('Create Job slicing-rest with completions 2?', { timeout: MINUTE })).click('Create Job');
  await row('slicing-rest', /^2 of 2 done/);
  assert.equal((await jobOf('slicing-rest')).spec.completions, 2);
  assert.deepEqual(await bodies('pears'), []);
  await (await editor.notification('Job slicing-rest is complete', { timeout: MINUTE })).dismiss();
});

see('the item that a Job failed at is moved aside, and no other', async () => {
  const pick = await mend('pressing', 'Kubernetes ended the Job after too many failed Pods');
  const aside = (await pick.rows()).find(({ label }) => label.includes('Put Failed Items Aside…'));
  assert.equal(aside?.detail, 'Shows what failed in grapes and moves it to grapes.failed; the rest stays.');
  await editor.screenshot('102-mend-poison');
  await pick.pick(aside?.label ?? '');
  const modal = await editor.modal('Move 1 message from grapes to grapes.failed?', { timeout: MINUTE });
  assert.match(modal.detail, /rotten/);
  assert.match(modal.detail, /the workers reported as failed/);
  assert.match(modal.detail, /Queue grapes\.failed is made, durable/);
  await editor.screenshot('103-aside');
  await modal.click('Move');
  await editor.treeRow('Queues', 'grapes.failed', { where: ({ description }) => description.startsWith('1 ready') });
  await editor.screenshot('105-moved');
  const said = await editor.notification('1 message moved from grapes to grapes.failed.');
  assert.match(said.text, /Still in grapes: 1 message that did not match/);
  assert.deepEqual(await bodies('grapes.failed'), ['rotten']);
  assert.deepEqual(await bodies('grapes'), ['sour']);
});

see('the results of runs stand below their queue, and are saved for a spreadsheet', async () => {
  await editor.clearNotifications();
  await editor.treeExpand('Queues', 'pears');
  const run = await editor.treeRow('Queues', 'slicing-rest', { timeout: MINUTE });
  assert.match(run.description, /^2 of 2 done · took \d+ s · \d\d:\d\d:\d\d$/);
  await editor.treeRow('Queues', 'slicing');
  await editor.screenshot('104-history');
  await editor.runCommand('Work Queue: Export Run History…');
  await editor.saveAsProposed('runs.csv');
  await editor.notification('Saved to runs.csv');
  const csv = await readFile(join(folder, 'runs.csv'), 'utf8');
  const found = csv.trimEnd().split('\r\n').slice(1);
  const of = (job: string) => found.find(line => line.startsWith(`${job},`)) ?? assert.fail(csv);
  assert.match(of('slicing-rest'), /,pears,[^,]*,complete,[^,]*,2,2,2,0,0,/);
  assert.match(of('slicing'), /,pears,[^,]*,complete,[^,]*,3,1,1,0,2,.*,items-left-behind,/);
  assert.match(of('pressing'), /,grapes,[^,]*,failed,BackoffLimitExceeded,3,3,1,2,2,.*backoff-exhausted/);
});

const row = (label: string, description: RegExp) =>
  editor.treeRow('Jobs', label, { where: seen => description.test(seen.description), timeout: MINUTE });

/**
 * Clicks on what is wrong with a Job, once its row says it: by then the rows below it stand still.
 * @param title how the finding begins
 * @returns the remedies to pick from
 */
async function mend(name: string, title: string) {
  await editor.clearNotifications();
  await row(name, new RegExp(title));
  await editor.treeExpand('Jobs', name);
  const begins = new RegExp(`^${title}`);
  await editor.treeClick('Jobs', begins);
  return editor.quickPick(begins);
}

interface JobSeen {
  metadata: { uid: string; annotations: Record<string, string> };
  spec: { completions: number };
  status: { succeeded?: number; conditions?: { type: string; reason: string }[] };
}

async function jobOf(name: string): Promise<JobSeen> {
  return JSON.parse(await kubectl(['get', 'job', name, '-n', namespace, '-o', 'json']));
}

async function podsOf(name: string): Promise<string[]> {
  const names = await kubectl([
    'get',
    'pods',
    '-n',
    namespace,
    '-l',
    `batch.kubernetes.io/job-name=${name}`,
    '-o',
    'name',
  ]);
  return names.split('\n').filter(line => line !== '');
}

async function fill(queue: string, items: string[]): Promise<void> {
  const connection = await amqp(url);
  try {
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(queue, { durable: true });
    for (const item of items) channel.sendToQueue(queue, Buffer.from(item), { persistent: true });
    await channel.waitForConfirms();
  } finally {
    await connection.close();
  }
}

/** What is in a queue; it goes back. */
async function bodies(queue: string): Promise<string[]> {
  const connection = await amqp(url);
  try {
    const channel = await connection.createChannel();
    const found: string[] = [];
    for (;;) {
      const message = await channel.get(queue);
      if (!message) return found;
      found.push(message.content.toString());
    }
  } finally {
    await connection.close();
  }
}

function job(name: string, queue: string, o: { completions: number; depth: number; run: string }): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      annotations: { 'work-queue.vscode/queue': queue, 'work-queue.vscode/depth': String(o.depth) },
    },
    spec: {
      completions: o.completions,
      parallelism: 1,
      backoffLimit: 1,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'c',
              image: '127.0.0.1:5000/lab/worker:1',
              command: [
                'sh',
                '-c',
                `amqp-consume --url=$BROKER_URL -q $QUEUE -c 1 -- sh -c "$RUN"${o.run === FAILS ? ' && test -e /tmp/ok' : ''}`,
              ],
              env: [
                { name: 'BROKER_URL', value: url },
                { name: 'QUEUE', value: queue },
                { name: 'RUN', value: o.run },
              ],
            },
          ],
        },
      },
    },
  };
}
