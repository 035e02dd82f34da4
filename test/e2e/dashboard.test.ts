import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { connect, publish } from '../../src/broker/index.ts';
import { formatBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { strictScript } from '../../src/workload/strictWorker.ts';
import { address, lab as labBroker } from '../integration/broker/labBroker.ts';
import { apply, kubectl } from '../lab/kubectl.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, type EditorOptions, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
const suffix = randomBytes(4).toString('hex');
const namespace = `test-dashboard-${suffix}`;
const queue = `dashboard-${suffix}`;
const purpose = 'test of the dashboard';
const url = formatBrokerUrl({ ...address, host: `${labBroker.service}.${labBroker.namespace}` });
let folder: string;
let kubeconfig: string;

before(async () => {
  const lab = await labUp();
  folder = await mkdtemp(join(tmpdir(), 'kwq-dashboard-'));
  const config = JSON.parse(await readFile(lab.kubeconfig, 'utf8'));
  const [{ name, context }] = config.contexts;
  kubeconfig = join(folder, '.kubeconfig');
  const contexts = [{ name, context: { ...context, namespace } }];
  await writeFile(kubeconfig, JSON.stringify({ ...config, contexts, 'current-context': name }), { mode: 0o600 });
  await kubectl(['create', 'namespace', namespace]);
  const broker = await connect({ address, purpose });
  await broker.declare(queue);
  await broker.close();
  async function* items() {
    for (let line = 1; line <= 6; line++) yield { body: `item ${line}`, line };
  }
  const { confirmed } = await publish({ address, purpose, queue, runId: suffix, items: items() });
  assert.equal(confirmed, 6);
});

after(async () => {
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
  const broker = await connect({ address, purpose });
  await broker.remove(queue);
  await broker.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A Job that wants one item more than there are. */
function job(name: string): object {
  const worker = strictScript('amqp-consume --url=$BROKER_URL -q $QUEUE -c 1 /worker.sh');
  const command = `printf '#!/bin/sh\nsleep 1\n' >/worker.sh && chmod 755 /worker.sh && ${worker}`;
  const env = [
    { name: 'QUEUE', value: queue },
    { name: 'BROKER_URL', value: url },
  ];
  const container = { name: 'c', image: '127.0.0.1:5000/lab/worker:1', command: ['sh', '-c', command], env };
  const spec = { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers: [container] };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace },
    spec: { completions: 7, parallelism: 2, backoffLimit: 6, template: { spec } },
  };
}

async function withEditor(t: TestContext, options: Partial<EditorOptions>, run: (editor: Editor) => Promise<void>) {
  const env = { KUBECONFIG: kubeconfig };
  const settings = { 'workQueue.broker': url, ...options.settings };
  const editor = await openEditor({ folder, extensions: [packageExtension()], env, ...options, settings });
  try {
    await withEvidence(editor, t.name, () => run(editor));
  } finally {
    await editor.close();
  }
}

/** The page that is open. */
function pageIn(editor: Editor) {
  const page = editor.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  const figure = async (key: string) => {
    const value = page.locator('.figures > div', { has: page.locator(`.swatch.${key}`) }).locator('dd');
    return (await value.textContent({ timeout: 1000 }).catch(() => null)) ?? '';
  };
  const shows = (what: string, expected: Record<string, string>) =>
    editor.wait(
      what,
      async () => {
        for (const [key, value] of Object.entries(expected)) if ((await figure(key)) !== value) return false;
        return true;
      },
      { timeout: MINUTE },
    );
  return { page, figure, shows };
}

test('a run’s page shows what cluster and broker say, is saved, comes back, and its remedy works', {
  timeout: 5 * MINUTE,
}, async t => {
  await withEditor(t, { settings: { 'window.confirmBeforeClose': 'never' } }, async editor => {
    const { page, figure, shows } = pageIn(editor);
    await editor.showContainer('Work Queues');
    await editor.viewTitle('Jobs');
    await apply([job('fruit')]);
    await editor.treeRow('Jobs', 'fruit', { timeout: MINUTE });
    await editor.treeAction('Jobs', 'fruit', 'Show Dashboard');
    await editor.activeTab('workQueue.dashboard');

    await shows('the run to wait for an item that does not come', {
      succeeded: '6',
      ready: '0',
      owed: '1',
      running: '1',
    });
    const said = JSON.parse(await kubectl(['get', 'job', 'fruit', '-n', namespace, '-o', 'json']));
    assert.equal(said.status.succeeded, 6);
    const broker = await connect({ address, purpose });
    assert.equal((await broker.depth(queue))?.ready, 0);
    await broker.close();
    await page
      .getByText('Waiting on an empty queue: 1 Pod, with 1 of 7 completions still to come.')
      .waitFor({ timeout: MINUTE });
    await page.getByText(/^Start-up takes \d+% of a Pod’s time/).waitFor();
    await page.getByRole('cell', { name: 'Job/fruit' }).first().waitFor();
    await editor.screenshot('110-dashboard-dark');

    // By keyboard: the moment at which the run began, in words.
    const slider = page.getByRole('slider', { name: 'Queue and Pods over time' });
    await slider.focus();
    await slider.press('Home');
    assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /Completions to come 7, .*Done 0$/);
    assert.equal(await figure('owed'), '7');
    await slider.press('Escape');
    await page.getByText('Figures as a table').click();
    assert.ok((await page.locator('details tbody tr').count()) > 3);
    await page.getByText('Figures as a table').click();

    await page.getByRole('button', { name: 'Save as Picture…' }).click();
    await editor.saveAsProposed('fruit.png');
    await (await editor.notification('Saved to fruit.png.')).dismiss();
    const png = await readFile(join(folder, 'fruit.png'));
    assert.deepEqual([...png.subarray(1, 4)], [...Buffer.from('PNG')]);
    await page.getByRole('button', { name: 'Save as Page…' }).click();
    await editor.saveAsProposed('fruit.html');
    await (await editor.notification('Saved to fruit.html.')).dismiss();
    await opensAnywhere(editor);

    await editor.runCommand('Preferences: Toggle between Light/Dark Themes');
    await editor.wait('the page to be light', async () => (await page.locator('body.vscode-light').count()) > 0);
    await editor.screenshot('111-dashboard-light');

    await editor.open(folder);
    await editor.activeTab('workQueue.dashboard');
    await shows('the page that came back', { succeeded: '6', owed: '1' });
    await slider.focus();
    await slider.press('Home');
    assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /Completions to come 7, .*Done 0$/);
    await slider.press('Escape');

    const remedy = page.getByRole('button', { name: 'Delete Job…' });
    await remedy.focus();
    await remedy.press('Enter');
    await (await editor.modal('fruit')).click('Delete');
    await page.getByText('That Job is not there any more.').waitFor({ timeout: MINUTE });
    assert.equal(await kubectl(['get', 'jobs', '-n', namespace, '-o', 'name']), '');
  });
});

/** The saved page, in a browser that may reach nothing. */
async function opensAnywhere(editor: Editor): Promise<void> {
  const context = await editor.page.context().browser()?.newContext({ offline: true });
  assert.ok(context);
  try {
    const opened = await context.newPage();
    const problems: string[] = [];
    opened.on('console', message => problems.push(message.text()));
    opened.on('pageerror', error => problems.push(String(error)));
    await opened.goto(pathToFileURL(join(folder, 'fruit.html')).href);
    await opened.getByRole('heading', { name: 'fruit' }).waitFor();
    await opened.getByText(/Waiting on an empty queue/).waitFor();
    const done = opened.locator('.figures > div', { has: opened.locator('.swatch.succeeded') }).locator('dd');
    assert.equal(await done.textContent(), '6');
    assert.equal(await opened.locator('canvas').count(), 2);
    assert.equal(await opened.getByRole('button').count(), 0);
    await opened.screenshot({ path: join(import.meta.dirname, 'screenshots/112-dashboard-saved.png'), fullPage: true });
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

test('the page is in Chinese and in high contrast where the editor is', { timeout: 3 * MINUTE }, async t => {
  const settings = { 'workbench.colorTheme': 'Default High Contrast' };
  await withEditor(t, { locale: 'zh-cn', settings }, async editor => {
    const { page, shows } = pageIn(editor);
    await editor.showContainer('工作队列');
    await apply([job('vegetable')]);
    await editor.treeRow('Job', 'vegetable', { timeout: MINUTE });
    await editor.treeAction('Job', 'vegetable', '显示仪表板');
    await shows('the Pods that wait for items', { running: '2', owed: '7' });
    await page.getByText('Pod 的时间：启动与工作').waitFor();
    await editor.screenshot('113-dashboard-high-contrast');
  });
});
