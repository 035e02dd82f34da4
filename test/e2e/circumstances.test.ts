import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { relayTo } from '../integration/cluster/relay.ts';
import { kubectl } from '../lab/kubectl.ts';
import type { LabStatus } from '../lab/status.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, type EditorOptions, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
const namespace = `circumstances-${Date.now().toString(36)}`;
let lab: LabStatus;
let vsix: string;
let folder: string;

before(async () => {
  lab = await labUp();
  vsix = packageExtension();
  folder = await mkdtemp(join(tmpdir(), 'kwq-circumstances-'));
  await cp(join(import.meta.dirname, '../../samples/fruit'), folder, { recursive: true });
  await kubectl(['create', 'namespace', namespace]);
  await kubectl(['create', 'job', 'one', '-n', namespace, '--image=127.0.0.1:5000/lab/worker:1', '--', 'true']);
});

after(async () => {
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await rm(folder, { recursive: true, force: true });
});

async function withEditor(t: TestContext, options: Partial<EditorOptions>, run: (editor: Editor) => Promise<void>) {
  const editor = await openEditor({ folder, extensions: [vsix], ...options });
  try {
    await withEvidence(editor, t.name, () => run(editor));
  } finally {
    await editor.close();
  }
}

async function choose(editor: Editor): Promise<void> {
  await editor.showContainer('Work Queues');
  await editor.runCommand('Work Queue: Choose Namespace…');
  await (await editor.quickPick('Choose Namespace in')).pick(namespace);
}

const awayJobs = /^Cluster away since \d\d:\d\d:\d\d, trying again$/;

test('a password is asked once and kept; a cluster that goes away is said so and comes back', {
  timeout: 4 * MINUTE,
}, async t => {
  const relay = await relayTo(t, lab.kubeconfig, namespace);
  const { host } = new URL(lab.broker.url);
  const settings = { 'workQueue.broker': `amqp://guest@${host}` };
  await withEditor(t, { env: { KUBECONFIG: relay.kubeconfig }, settings }, async editor => {
    await choose(editor);
    await editor.viewWelcomeClick('Queues', 'Enter Broker Password…');
    const box = await editor.inputBox(`Password of amqp://guest@${host}`);
    assert.equal(box.password, true);
    await box.type('wrong');
    await box.accept();
    const refused = await editor.notification('The broker refused the user name or password');
    await editor.screenshot('30-refused');
    await refused.click('Enter Password…');
    const again = await editor.inputBox(`Password of amqp://guest@${host}`);
    await again.type('guest');
    await again.accept();
    await editor.wait(
      'the queues, or that there are none',
      async () =>
        (await editor.treeRows('Queues')).some(row => row.icon === 'inbox') ||
        (await editor.viewWelcome('Queues'))?.text.includes('no queues yet'),
    );
    const settingsText = JSON.stringify([...(await editor.server.logs()).values()]);
    assert.ok(!settingsText.includes('guest:guest'), 'no log has the password');

    await editor.treeRow('Jobs', 'one', {
      where: row => /^1 of 1 done · took \d+ s$/.test(row.description),
      timeout: MINUTE,
    });
    await relay.cut();
    await editor.treeRow('Jobs', awayJobs);
    const shown = await editor.treeRow('Jobs', 'one');
    assert.match(shown.description, /\(as last seen\)$/);
    await editor.screenshot('31-cluster-away');
    await kubectl(['create', 'job', 'two', '-n', namespace, '--image=127.0.0.1:5000/lab/worker:1', '--', 'true']);
    await relay.mend();
    await editor.treeRow('Jobs', 'two', { timeout: MINUTE });
    await editor.wait('the row that says the cluster is away to be gone', async () =>
      (await editor.treeRows('Jobs')).every(row => !awayJobs.test(row.label)),
    );
  });
});

test('a cluster that is away when the editor starts is said so, and shown once it is there', {
  timeout: 3 * MINUTE,
}, async t => {
  const relay = await relayTo(t, lab.kubeconfig, namespace);
  const config = JSON.parse(await readFile(relay.kubeconfig, 'utf8'));
  config.contexts[0].context.namespace = namespace;
  await writeFile(relay.kubeconfig, JSON.stringify(config));
  await relay.cut();
  await withEditor(t, { env: { KUBECONFIG: relay.kubeconfig } }, async editor => {
    await editor.showContainer('Work Queues');
    const away = await editor.treeRow('Jobs', awayJobs);
    assert.match(away.description, /127\.0\.0\.1/);
    await editor.runCommand('Work Queue: Describe Job');
    const message = await editor.notification(/127\.0\.0\.1/);
    assert.equal(message.severity, 'error');
    await editor.screenshot('38-away-at-start');
    await relay.mend();
    await editor.treeRow('Jobs', 'one', { timeout: MINUTE });
  });
});

test('Jobs are shown by their state and from several namespaces, each Pod with the reason why it waits', {
  timeout: 4 * MINUTE,
}, async t => {
  const other = `${namespace}-more`;
  await kubectl(['create', 'namespace', other]);
  t.after(() => kubectl(['delete', 'namespace', other, '--wait=false']));
  const image = '--image=127.0.0.1:5000/no-such-image:1';
  await kubectl(['create', 'job', 'elsewhere', '-n', other, image, '--', 'true']);
  await withEditor(t, { env: { KUBECONFIG: lab.kubeconfig } }, async editor => {
    await choose(editor);
    await editor.treeRow('Jobs', 'one', { timeout: MINUTE });
    await editor.runCommand('Work Queue: Show Jobs of Other Namespaces…');
    const question = await editor.quickPick('Show Jobs of Other Namespaces');
    await question.type(other);
    await question.tick(other);
    const shown = await editor.treeRow('Jobs', other, { where: row => row.description === '1 Job' });
    assert.equal(shown.level, 1);
    await editor.treeExpand('Jobs', other);
    await editor.treeRow('Jobs', 'elsewhere', { where: row => row.description.startsWith('0 of 1 done, 1 running') });
    await editor.treeExpand('Jobs', 'elsewhere');
    const waiting = await editor.treeRow('Jobs', 'Waiting', {
      where: row => row.description === '1: its image cannot be pulled',
      timeout: MINUTE,
    });
    assert.equal(waiting.level, 3);
    await editor.screenshot('35-namespaces');

    await editor.viewAction('Jobs', 'Filter Jobs…');
    const states = await editor.quickPick('Filter Jobs');
    await editor.screenshot('36-filter');
    await states.tick('active');
    await editor.wait('only the active Job', async () => {
      const jobs = (await editor.treeRows('Jobs')).map(row => row.label);
      return jobs.includes('elsewhere') && !jobs.includes('one');
    });
    await editor.wait(
      'the view to say what it shows',
      async () => (await editor.viewTitle('Jobs')).message === '1 of 3 Jobs: active',
    );
    await editor.screenshot('37-filtered');
  });
});

test('who may only look is told which right is missing, in Chinese where that is the language', {
  timeout: 3 * MINUTE,
}, async t => {
  const env = { KUBECONFIG: lab.kubeconfigs.viewer };
  await withEditor(t, { env, locale: 'zh-cn' }, async editor => {
    await editor.showContainer('工作队列');
    await editor.runCommand('工作队列: 选择命名空间…');
    await (await editor.quickPick('命名空间')).pick(namespace);
    await editor.treeRow('Job', 'one', { where: row => row.description.includes('1') });
    const away = await editor.treeRow('队列', /^消息代理自 \d\d:\d\d:\d\d 起无法访问，正在重试$/);
    assert.match(away.description, /您无权在此集群中执行该操作：.*secrets/);
    await editor.openFile('job.yaml');
    await editor.runCommand('工作队列: 在集群中启动 RabbitMQ');
    const message = await editor.notification('您无权在此集群中执行该操作');
    assert.equal(message.severity, 'error');
    await editor.screenshot('32-viewer-chinese');
  });
});

test('without a kubeconfig the views say what to do', { timeout: 2 * MINUTE }, async t => {
  await withEditor(t, { env: { KUBECONFIG: join(folder, 'no-such-file') } }, async editor => {
    await editor.showContainer('Work Queues');
    const welcomes = async (view: string, text: string) =>
      editor.wait(`the view ${view} to say "${text}"`, async () =>
        (await editor.viewWelcome(view))?.text.includes(text),
      );
    await welcomes('Jobs', 'No usable kubeconfig. Set KUBECONFIG, create ~/.kube/config');
    await welcomes('Queues', 'No Kubernetes context and no broker are known');
    await editor.screenshot('33-no-kubeconfig');
    await editor.openFile('items.txt');
    await editor.runCommand('Work Queue: Publish Selected Lines as Messages');
    const message = await editor.notification('No usable kubeconfig');
    assert.match(message.text, /no-such-file: no such file\. Set KUBECONFIG/);
  });
});

test('in a workspace that is not trusted nothing is connected to, built or run', { timeout: 2 * MINUTE }, async t => {
  await withEditor(t, { env: { KUBECONFIG: lab.kubeconfig }, untrusted: true }, async editor => {
    await editor.showContainer('Work Queues');
    for (const view of ['Queues', 'Jobs']) {
      await editor.wait(`the view ${view} to say that the workspace is not trusted`, async () =>
        (await editor.viewWelcome(view))?.text.startsWith('This workspace is not trusted'),
      );
    }
    await editor.openFile('job.yaml');
    await editor.codeLens('Trust this workspace to see what job1 holds');
    for (const command of ['Start RabbitMQ in Cluster', 'Build Worker Image', 'Run Job']) {
      await editor.clearNotifications();
      await editor.runCommand(`Work Queue: ${command}`);
      const message = await editor.notification(/[Tt]rust/);
      await message.dismiss();
    }
    await editor.screenshot('34-untrusted');
  });
});
