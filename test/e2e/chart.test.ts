import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, publish } from '../../src/broker/index.ts';
import { type BrokerAddress, parseBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
const purpose = 'test of the chart';
const queue = `chart-${Date.now().toString(36)}`;
let address: BrokerAddress;
let folder: string;
let editor: Editor;

before(async () => {
  const lab = await labUp();
  const parsed = parseBrokerUrl(lab.broker.url);
  assert.ok('address' in parsed);
  address = parsed.address;
  folder = await mkdtemp(join(tmpdir(), 'kwq-chart-'));
  const broker = await connect({ address, purpose });
  await broker.declare(queue);
  await broker.close();
  editor = await openEditor({
    folder,
    extensions: [packageExtension()],
    env: { KUBECONFIG: lab.kubeconfig },
    settings: { 'workQueue.broker': lab.broker.url },
  });
});

after(async () => {
  await editor?.close();
  const broker = await connect({ address, purpose });
  await broker.remove(queue);
  await broker.close();
  await rm(folder, { recursive: true, force: true });
});

/** The page of the chart that is open. */
const chart = () => editor.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

/** A figure of the page, by its name. */
async function figure(name: string): Promise<string> {
  const group = chart().locator('.figures > div', { hasText: name });
  return (await group.locator('dd').textContent({ timeout: 1000 })) ?? '';
}

test('a queue’s chart shows its depth and rates as they change, and goes on after it was hidden', {
  timeout: 4 * MINUTE,
}, async t => {
  await withEvidence(editor, t.name, async () => {
    await editor.showContainer('Work Queues');
    await editor.treeRow('Queues', queue);
    await editor.treeContext('Queues', queue, 'Show Queue Chart');
    await editor.activeTab('queueChart');
    const shows = (what: string, name: string, expected: (text: string) => boolean) =>
      editor.wait(what, async () => expected(await figure(name)), { timeout: MINUTE });
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
    const slider = chart().getByRole('slider', { name: 'Depth and rates over time' });
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
    await chart().getByText('Figures as a table').click();
    const rows = chart().locator('tbody tr');
    await editor.wait('the figures from before it was hidden', async () => {
      const ready = await rows.locator('td:nth-child(2)').allTextContents();
      return ready.includes('0') && ready.includes(String(confirmed));
    });
    assert.equal((await editor.tabs()).filter(({ name }) => name.includes('queueChart')).length, 1);
    await editor.screenshot('51-chart-table');
  });
});
