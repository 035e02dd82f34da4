import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from '../../src/broker/index.ts';
import { address, manage } from '../integration/broker/labBroker.ts';
import { kubectl } from '../lab/kubectl.ts';
import type { LabStatus } from '../lab/status.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
const run = Date.now().toString(36);
const namespace = `brokers-${run}`;
const vhost = `brokers/${run}`;
let lab: LabStatus;
let folder: string;
let editor: Editor;

before(async () => {
  lab = await labUp();
  folder = await mkdtemp(join(tmpdir(), 'kwq-brokers-'));
  await writeFile(join(folder, 'items.txt'), 'one\ntwo\n');
  await kubectl(['create', 'namespace', namespace]);
  await manage('PUT', `vhosts/${encodeURIComponent(vhost)}`);
  await manage('PUT', `permissions/${encodeURIComponent(vhost)}/guest`, {
    configure: '.*',
    write: '.*',
    read: '.*',
  });
  const broker = await connect({ address: { ...address, vhost }, purpose: 'test' });
  for (let number = 1; number <= 205; number++) await broker.declare(`frames-${String(number).padStart(3, '0')}`);
  await broker.close();
  // A Service that leads to the lab's broker from this namespace, as somebody else's would.
  await kubectl(['create', 'service', 'externalname', 'none', '-n', namespace, '--external-name=nowhere.invalid']);
  await kubectl(['create', 'service', 'clusterip', 'spare-rabbit', '-n', namespace, '--tcp=5672:5672']);
  const { host } = new URL(lab.broker.url);
  editor = await openEditor({
    folder,
    extensions: [packageExtension()],
    env: { KUBECONFIG: lab.kubeconfig },
    settings: {
      'workQueue.brokers': [{ name: 'Farm', url: `amqp://guest@${host}/${encodeURIComponent(vhost)}` }],
    },
  });
});

after(async () => {
  await editor?.close();
  await manage('DELETE', `vhosts/${encodeURIComponent(vhost)}`);
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await rm(folder, { recursive: true, force: true });
});

test('brokers stand side by side, each with its own password, queues, filter and order', {
  timeout: 4 * MINUTE,
}, async t => {
  await withEvidence(editor, t.name, async () => {
    await editor.showContainer('Work Queues');
    await editor.runCommand('Work Queue: Choose Namespace…');
    await (await editor.quickPick('Choose Namespace in')).pick(namespace);
    await editor.treeRow('Queues', 'Farm');
    const spare = await editor.treeRow('Queues', 'spare-rabbit');
    assert.equal(spare.expanded, false, 'nothing is connected to before somebody opens it');

    await editor.treeExpand('Queues', 'Farm');
    await editor.treeRow('Queues', 'Farm', { where: row => row.description === 'needs a password' });
    await editor.screenshot('60-brokers');
    await editor.treeClick('Queues', 'Enter Password…');
    const box = await editor.inputBox('Password of amqp://guest@');
    await box.type('guest');
    await box.accept();
    await editor.treeRow('Queues', 'Farm', { where: row => row.description === '205 queues' });
    await editor.treeRow('Queues', 'frames-001', {
      where: row => row.description === '0 ready, 0 unacked, 0 consumers',
    });
    const rows = await editor.treeRows('Queues');
    const more = rows.find(row => row.label === '5 more…');
    assert.ok(more, 'two hundred are shown, the rest is said');
    await editor.screenshot('61-many-queues');

    await editor.treeClick('Queues', '5 more…');
    const filter = await editor.inputBox('Filter Queues');
    await filter.type('-20');
    await filter.accept();
    await editor.wait('the filtered queues', async () => {
      const shown = (await editor.treeRows('Queues')).filter(row => row.icon === 'inbox');
      return shown.length === 6 && shown.every(row => row.label.includes('-20'));
    });
    assert.match((await editor.viewTitle('Queues')).message ?? '', /^6 of 205 queues: those with “-20” in the name$/);
    await editor.screenshot('62-filtered');
  });
});
