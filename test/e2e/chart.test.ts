import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, publish } from '../../src/broker/index.ts';
import { address } from '../integration/broker/labBroker.ts';
import { wireTo } from '../integration/broker/wire.ts';
import type { LabStatus } from '../lab/status.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, type EditorOptions, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
const purpose = 'test of the chart';
const queue = `chart-${Date.now().toString(36)}`;
let lab: LabStatus;
let folder: string;

before(async () => {
  lab = await labUp();
  folder = await mkdtemp(join(tmpdir(), 'kwq-chart-'));
  const manifest = await readFile(join(import.meta.dirname, '../../samples/fruit/job.yaml'), 'utf8');
  await writeFile(join(folder, 'job.yaml'), manifest.replace('job1', queue));
  const broker = await connect({ address, purpose });
  await broker.declare(queue);
  await broker.close();
});

after(async () => {
  const broker = await connect({ address, purpose });
  await broker.remove(queue);
  await broker.close();
  await rm(folder, { recursive: true, force: true });
});

async function withEditor(t: TestContext, options: Partial<EditorOptions>, run: (editor: Editor) => Promise<void>) {
  const env = { KUBECONFIG: lab.kubeconfig };
  const editor = await openEditor({ folder, extensions: [packageExtension()], env, ...options });
  try {
    await withEvidence(editor, t.name, () => run(editor));
  } finally {
    await editor.close();
  }
}

/** The page of the chart that is open. */
function chartIn(editor: Editor) {
  const page = editor.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  const figure = async (name: string) => {
    const value = page.locator('.figures > div', { hasText: name }).locator('dd');
    // Until the page has been loaded it has none.
    return (await value.textContent({ timeout: 1000 }).catch(() => null)) ?? '';
  };
  const shows = (what: string, name: string, expected: (text: string) => boolean) =>
    editor.wait(what, async () => expected(await figure(name)), { timeout: MINUTE });
  return { page, figure, shows };
}

test('a queue’s chart shows its depth and rates as they change, and goes on after it was hidden', {
  timeout: 4 * MINUTE,
}, async t => {
  await withEditor(t, { settings: { 'workQueue.broker': lab.broker.url } }, async editor => {
    const { page, figure, shows } = chartIn(editor);
    await editor.showContainer('Work Queues');
    await editor.treeRow('Queues', queue);
    await editor.treeContext('Queues', queue, 'Show Queue Chart');
    await editor.activeTab('queueChart');
    await shows('the chart to say that nothing is ready', 'Ready', text => text === '0');
    await shows('the rates of a queue without messages', 'Published', text => text === '0/s');

    const stop = new AbortController();
    async function* items() {
      for (let line = 1; !stop.signal.aborted; line++) {
        yield { body: 'x', line };
        await pause(50);
      }
    }
    const publishing = publish({ address, purpose, queue, runId: 'chart', items: items() });
    try {
      await shows('the messages that are published meanwhile', 'Ready', text => Number(text) > 50);
      await shows('the publish rate', 'Published', text => /^[1-9]\d?(\.\d)?\/s$/.test(text));
      assert.equal(await figure('Delivered'), '0/s');
    } finally {
      stop.abort();
    }
    const { confirmed } = await publishing;
    await shows('all that was published', 'Ready', text => text === String(confirmed));
    await editor.screenshot('50-chart');

    // By keyboard: the first moment of the line, in words.
    const slider = page.getByRole('slider', { name: 'Depth and rates over time' });
    await slider.focus();
    await slider.press('Home');
    assert.match(
      (await slider.getAttribute('aria-valuetext')) ?? '',
      /^\d\d:\d\d:\d\d: Ready 0, Unacked (0|unknown), /,
    );
    assert.equal(await figure('Ready'), '0');
    await slider.press('Escape');
    assert.equal(await figure('Ready'), String(confirmed));

    await editor.runCommand('File: New Untitled Text File');
    await editor.activeTab('Untitled');
    // A second call brings the same chart to the front.
    await editor.treeContext('Queues', queue, 'Show Queue Chart');
    await editor.activeTab('queueChart');
    await shows('the chart again', 'Ready', text => text === String(confirmed));
    await page.getByText('Figures as a table').click();
    await editor.wait('the figures from before it was hidden', async () => {
      const ready = await page.locator('tbody td:nth-child(2)').allTextContents();
      return ready.includes('0') && ready.includes(String(confirmed));
    });
    assert.equal((await editor.tabs()).filter(({ name }) => name.includes('queueChart')).length, 1);
    await editor.screenshot('51-chart-table');
  });
});

test('without the management API the depth is drawn alone; a broker that goes away is said; in Chinese, high contrast', {
  timeout: 3 * MINUTE,
}, async t => {
  const wire = await wireTo(address);
  t.after(() => wire[Symbol.asyncDispose]());
  const settings = {
    'workQueue.broker': `amqp://${address.user}:${address.password}@127.0.0.1:${wire.address.port}`,
    'workbench.colorTheme': 'Default High Contrast Light',
  };
  await withEditor(t, { locale: 'zh-cn', settings }, async editor => {
    const { page, figure, shows } = chartIn(editor);
    await editor.showContainer('工作队列');
    await editor.treeRow('队列', queue);
    await editor.treeContext('队列', queue, '显示队列图表');
    await editor.activeTab('queueChart');
    await shows('the depth', '就绪', text => /^\d+$/.test(text));
    const ready = await figure('就绪');
    await editor.wait('why there are no rates', () =>
      page.getByText('发布和投递速率未知：消息代理的管理 API 未提供。').isVisible(),
    );
    for (const name of ['未确认', '发布', '投递']) assert.equal(await figure(name), '未知');
    assert.equal(await page.getByText('速率（每秒消息数）').isVisible(), false);
    await editor.screenshot('52-chart-depth-alone');

    await wire[Symbol.asyncDispose]();
    await editor.wait('the chart to say that the broker is away', async () =>
      /^消息代理自 \d\d:\d\d:\d\d 起无法访问，正在重试/.test((await page.getByRole('status').textContent()) ?? ''),
    );
    assert.equal(await figure('就绪'), ready);
    await page.getByText('上次所见').waitFor();
    await editor.screenshot('53-chart-broker-away');
  });
});
