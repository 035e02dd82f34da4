import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect as amqp } from 'amqplib';
import { publish } from '../../src/broker/index.ts';
import { displayBrokerUrl, formatBrokerUrl } from '../../src/workload/brokerUrl.ts';
import type { Item } from '../../src/workload/message.ts';
import { parseSaved } from '../../src/workload/savedMessage.ts';
import { address as lab, manage } from '../integration/broker/labBroker.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';

/** A virtual host of its own: no queue of another test is seen or touched. */
const vhost = `messages-${randomBytes(4).toString('hex')}`;
const address = { ...lab, vhost };
const url = formatBrokerUrl(address);
let editor: Editor;
let folder: string;

before(async () => {
  const { kubeconfig } = await labUp();
  await manage('PUT', `vhosts/${vhost}`);
  folder = await mkdtemp(join(tmpdir(), 'kwq-messages-'));
  await writeFile(join(folder, 'notes.txt'), 'notes\n');
  editor = await openEditor({
    folder,
    extensions: [packageExtension()],
    env: { KUBECONFIG: kubeconfig },
    settings: { 'workQueue.broker': url },
    report: console.log,
  });
  await editor.showContainer('Work Queues');
});

after(async () => {
  await editor?.close();
  await manage('DELETE', `vhosts/${vhost}`);
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A test that leaves a picture and logs when it fails. */
function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 120_000 }, () => withEvidence(editor, name, run));
}

see('a queue is created with its dead-letter queue and a time to live, in one form', async () => {
  await nameQueue('job1');
  let form = await editor.quickPick('Create Queue job1');
  assert.deepEqual(
    (await form.rows()).map(row => row.label),
    ['Create queue job1', 'Type: classic', 'Dead letters: none', 'Time to live: none', 'Other arguments: none'],
  );
  await choose('Dead letters: none', 'Dead letters: job1.dead');
  await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Time to live: none' }).click();
  const ttl = await editor.inputBox('Time to live of the messages');
  await ttl.type('2 weeks');
  await ttl.says('That is no length of time');
  await ttl.type('2 h');
  await ttl.accept();
  form = await editor.quickPick('Create Queue job1');
  await editor.screenshot('60-create-queue');
  await form.pick('Create queue job1');
  const there = await editor.notification(
    'Queue job1 is there, classic and durable; its dead letters go to job1.dead.',
  );
  await there.dismiss();
  await queueRow('job1', '0 ready');
  await queueRow('job1.dead', '0 ready');
  const made = await manage<{ arguments: object; durable: boolean }>('GET', `queues/${vhost}/job1`);
  assert.equal(made.durable, true);
  assert.deepEqual(made.arguments, {
    'x-queue-type': 'classic',
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': 'job1.dead',
    'x-message-ttl': 7_200_000,
  });
});

see('a queue that is there already and differs is explained by what differs', async () => {
  await nameQueue('job1');
  await (await editor.quickPick('Create Queue job1')).pick('Create queue job1');
  const error = await editor.notification('A queue of that name exists already, and it differs');
  assert.match(error.text, /its x-dead-letter-exchange|its x-message-ttl/);
  await editor.screenshot('61-queue-differs');
  await error.dismiss();
  await queueRow('job1', '0 ready');
});

see('messages are peeked at, opened by their content, and stay', async () => {
  await fill('job1', [
    { body: '{"fruit":"apple","size":3}', fields: { contentType: 'application/json', headers: { tenant: 'acme' } } },
    { body: 'banana' },
    { body: '<fruit><name>cherry</name></fruit>', fields: { headers: { tenant: 'other' } } },
    { body: Buffer.from([0, 1, 2, 255, 254, 0, 9]) },
    { body: '[x](command:workbench.action.quit) $(trash)' },
  ]);
  await queueRow('job1', '5 ready');
  await editor.treeContext('Queues', 'job1', 'Peek at Messages…');
  const count = await editor.inputBox('Peek at job1');
  assert.equal(count.value, '5');
  await count.says('They stay in the queue. Afterwards they are marked as redelivered.');
  await editor.screenshot('62-peek-count');
  await count.accept();
  const list = await editor.quickPick('Pick a message to open it');
  assert.equal(list.title, '5 messages of queue job1');
  const rows = (await list.rows()).map(row => row.label.replaceAll('\u2060', ''));
  assert.deepEqual(rows, [
    '1  {"fruit":"apple","size":3}',
    '2  banana',
    '3  <fruit><name>cherry</name></fruit>',
    '4  binary',
    '5  [x](command:workbench.action.quit) $(trash)',
  ]);
  await editor.screenshot('63-peeked');
  await list.pick(/^1 .*"fruit"/);
  await editor.activeTab('job1 message 1.json');
  assert.equal(await editor.editorText(), '{\n  "fruit": "apple",\n  "size": 3\n}');
  await shownText(/tenant +acme/);
  await editor.codeLens('1 of 5: pick another…');
  await editor.screenshot('64-peeked-json');
  await editor.clickCodeLens('Next');
  await editor.activeTab('job1 message 2.txt');
  await editor.clickCodeLens('2 of 5: pick another…');
  await (await editor.quickPick('Pick a message to open it')).pick(/^4 /);
  await editor.activeTab('job1 message 4.txt');
  assert.match(await editor.editorText(), /00 01 02 ff fe 00 09/);
  await editor.codeLens('Previous');
  await editor.screenshot('65-peeked-binary');
  await editor.closeAllTabs();
  await queueRow('job1', '5 ready');
});

see('a look that consumers would feel is asked about first', async () => {
  const connection = await amqp(url);
  try {
    const channel = await connection.createChannel();
    await channel.prefetch(1);
    await channel.consume('job1', () => undefined);
    await queueRow('job1', '4 ready, 1 unacked, 1 consumer');
    await editor.treeContext('Queues', 'job1', 'Peek at Messages…');
    await (await editor.inputBox('Peek at job1')).accept();
    const modal = await editor.modal('Reading messages of queue job1 now may do harm');
    assert.match(modal.detail, /A consumer takes messages of it/);
    assert.match(modal.detail, new RegExp(`Broker: ${displayBrokerUrl(address)}`));
    await editor.screenshot('66-peek-consumers');
    await modal.click('Cancel');
  } finally {
    await connection.close();
  }
  await queueRow('job1', '5 ready');
});

see('a queue’s page says how it is made, and follows what happens to it', async () => {
  await editor.treeContext('Queues', 'job1', 'Describe Queue');
  await editor.activeTab('Queue job1');
  const text = await editor.wait('the page', async () => {
    const page = await editor.editorText();
    return page.includes('5 ready') && page;
  });
  assert.match(text, /Type +classic, durable/);
  assert.match(text, /Dead letters +to queue job1\.dead/);
  assert.match(text, /x-message-ttl +7200000/);
  await editor.screenshot('67-describe-queue');
  await fill('job1', [{ body: 'date' }]);
  await editor.wait('the page to follow', async () => (await editor.editorText()).includes('6 ready'));
  await editor.closeAllTabs();
});

see('messages with a text in their headers are copied to another queue', async () => {
  await editor.treeContext('Queues', 'job1', 'Copy Messages…');
  await (await editor.quickPick('Copy messages of job1')).pick('With a text in the headers…');
  const text = await editor.inputBox('Copy messages of job1');
  await text.type('tenant: acme');
  await text.accept();
  const target = await editor.quickPick('to which queue?');
  await target.pick('Create a queue…');
  const name = await editor.inputBox('Create Queue');
  await name.type('copies');
  await name.accept();
  await (await editor.quickPick('Create Queue copies')).pick('Create queue copies');
  const said = await editor.notification('1 message copied from job1 to copies.');
  assert.match(said.text, /Left out: 5 messages that did not match\./);
  await editor.screenshot('68-copied');
  await said.dismiss();
  await queueRow('job1', '6 ready');
  await queueRow('copies', '1 ready');
  const [copy] = await bodies('copies');
  assert.deepEqual(copy, { body: '{"fruit":"apple","size":3}', headers: { tenant: 'acme' } });
});

see('messages are saved to a file with all they have, and stay', async () => {
  await editor.treeContext('Queues', 'job1', 'Save Messages to File…');
  await (await editor.quickPick('Save messages of job1')).pick('Keep them in the queue');
  const which = await editor.quickPick('Which messages?');
  await editor.screenshot('69-which-messages');
  await which.pick('All 6 messages');
  await editor.saveAsProposed('job1.jsonl');
  const said = await editor.notification('6 messages saved to job1.jsonl; they are still in job1.');
  await editor.screenshot('70-saved');
  await said.click('Open File');
  await editor.activeTab('job1.jsonl');
  await editor.closeAllTabs();
  const lines = (await readFile(join(folder, 'job1.jsonl'), 'utf8')).trimEnd().split('\n').map(parseSaved);
  assert.equal(lines.length, 6);
  assert.deepEqual(lines[0]?.fields.headers, { tenant: 'acme' });
  assert.deepEqual(Buffer.from(lines[3]?.body ?? ''), Buffer.from([0, 1, 2, 255, 254, 0, 9]));
  await queueRow('job1', '6 ready');
});

see('bodies that are lines are saved as lines and taken; what is no line stays', async () => {
  await editor.treeContext('Queues', 'job1', 'Save Messages to File…');
  await (await editor.quickPick('Save messages of job1')).pick('Take them out of the queue');
  await (await editor.quickPick('Which messages?')).pick('All 6 messages');
  await editor.saveAs('job1.txt');
  const modal = await editor.modal('Take messages of job1 out of the queue?');
  assert.match(modal.detail, /bodies only: headers and properties are lost/);
  await editor.screenshot('71-save-and-take');
  await modal.click('Save and Take');
  const said = await editor.notification('5 messages saved to job1.txt and taken from job1.');
  assert.match(said.text, /1 message left out/);
  assert.equal(said.severity, 'warning');
  await said.dismiss();
  await queueRow('job1', '1 ready');
  assert.equal(
    await readFile(join(folder, 'job1.txt'), 'utf8'),
    '{"fruit":"apple","size":3}\nbanana\n<fruit><name>cherry</name></fruit>\n[x](command:workbench.action.quit) $(trash)\ndate\n',
  );
});

see('the first messages are moved, each confirmed there before it is taken here', async () => {
  await fill(
    'copies',
    ['elder', 'fig', 'grape'].map(body => ({ body })),
  );
  await queueRow('copies', '4 ready');
  await editor.treeContext('Queues', 'copies', 'Move Messages…');
  await (await editor.quickPick('Move messages of copies')).pick('The first…');
  const count = await editor.inputBox('Move messages of copies');
  await count.type('5');
  await count.says('A number from 1 to 4');
  await count.type('2');
  await count.accept();
  const target = await editor.quickPick('From copies, move the first 2 messages to which queue?');
  assert.ok(!(await target.rows()).some(row => row.label === 'copies'), 'not to itself');
  await target.pick('job1');
  const modal = await editor.modal('Move messages from copies to job1?');
  await editor.screenshot('72-move');
  await modal.click('Move');
  await (await editor.notification('2 messages moved from copies to job1.')).dismiss();
  await queueRow('copies', '2 ready');
  await queueRow('job1', '3 ready');
});

see('dead letters go back to where they came from; what came from nowhere stays', async () => {
  await fill('job1.dead', [{ body: 'stray' }]);
  await manage('POST', `queues/${vhost}/job1/get`, { count: 3, ackmode: 'reject_requeue_false', encoding: 'auto' });
  await queueRow('job1.dead', '4 ready');
  await editor.treeContext('Queues', 'job1.dead', 'Return Dead-Lettered Messages…');
  await (await editor.quickPick('Return messages of job1.dead')).pick('All 4 messages');
  const modal = await editor.modal('Return messages of job1.dead to where they came from?');
  await editor.screenshot('73-return');
  await modal.click('Return');
  const said = await editor.notification('3 messages returned from job1.dead');
  assert.match(said.text, /Still in job1\.dead: 1 message that came from no other queue/);
  await editor.screenshot('74-returned');
  await said.dismiss();
  await queueRow('job1', '3 ready');
  await queueRow('job1.dead', '1 ready');
});

see('on a production broker the name has to be typed before a queue is purged', async () => {
  await mkdir(join(folder, '.vscode'));
  await writeFile(
    join(folder, '.vscode/settings.json'),
    JSON.stringify({ 'workQueue.production': ['nothing', vhost] }),
  );
  await queueRow('job1', '3 ready');
  await editor.treeContext('Queues', 'job1', 'Purge Queue…');
  const modal = await editor.modal('Purge queue job1?');
  assert.match(modal.detail, /It drops 3 messages for good/);
  assert.match(modal.detail, new RegExp(`This is production: it matches “${vhost}”`));
  await editor.screenshot('75-purge-production');
  await modal.click('Purge');
  const name = await editor.inputBox('Purge queue job1?');
  await name.type('job');
  await name.says('Not yet the name job1');
  await editor.page.keyboard.press('Enter');
  await editor.screenshot('76-type-the-name');
  assert.equal((await depth('job1')).ready, 3, 'nothing is dropped before the name is typed');
  await name.type('job1');
  await name.accept();
  await (await editor.notification('Queue job1: 3 messages dropped.')).dismiss();
  await queueRow('job1', '0 ready');
  await writeFile(join(folder, '.vscode/settings.json'), '{}');
});

see('a queue is deleted after saying what goes with it; Cancel leaves it', async () => {
  for (const answer of ['Cancel', 'Delete']) {
    await editor.treeContext('Queues', 'copies', 'Delete Queue…');
    const modal = await editor.modal('Delete queue copies?');
    assert.match(modal.detail, /Its messages go with it: 2 ready, 0 unacked\./);
    if (answer === 'Cancel') await editor.screenshot('77-delete-queue');
    await modal.click(answer);
    if (answer === 'Cancel') assert.equal((await depth('copies')).ready, 2);
  }
  await (await editor.notification('Queue copies is deleted, and with it 2 messages.')).dismiss();
  await editor.wait('the row to be gone', async () =>
    (await editor.treeRows('Queues')).every(row => row.label !== 'copies'),
  );
});

async function nameQueue(queue: string): Promise<void> {
  await editor.runCommand('Work Queue: Create Queue…');
  const name = await editor.inputBox('Create Queue');
  await name.type(queue);
  await name.accept();
}

async function queueRow(queue: string, begin: string): Promise<void> {
  await editor.treeRow('Queues', queue, { where: row => row.description.startsWith(begin) });
}

async function fill(queue: string, messages: Omit<Item, 'line'>[]): Promise<void> {
  const items = messages.map((message, at) => ({ ...message, line: at + 1 }));
  const outcome = await publish({ address, purpose: 'test', queue, items, runId: randomBytes(4).toString('hex') });
  assert.equal(outcome.confirmed, items.length);
}

async function depth(queue: string): Promise<{ ready: number }> {
  const connection = await amqp(url);
  try {
    const channel = await connection.createChannel();
    return { ready: (await channel.checkQueue(queue)).messageCount };
  } finally {
    await connection.close();
  }
}

/** What a queue holds; its messages go back. */
async function bodies(queue: string): Promise<{ body: string; headers: unknown }[]> {
  const got = await manage<{ payload: string; properties: { headers?: unknown } }[]>(
    'POST',
    `queues/${vhost}/${queue}/get`,
    { count: 10, ackmode: 'ack_requeue_true', encoding: 'auto' },
  );
  return got.map(({ payload, properties }) => ({ body: payload, headers: properties.headers }));
}

/** Picks a row of a form that stays open, and waits until another stands in its place. */
async function choose(label: string, then: string): Promise<void> {
  const rows = editor.page.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: label }).click();
  await editor.wait(`the option ${then}`, () => rows.filter({ hasText: then }).isVisible());
}

/** Waits until an editor in sight shows a text, also one that the keyboard is not in. */
async function shownText(text: RegExp): Promise<void> {
  await editor.wait(`an editor that shows ${text}`, async () =>
    text.test(
      (await editor.page.locator('.editor-instance .view-lines').allInnerTexts()).join('\n').replaceAll('\u00a0', ' '),
    ),
  );
}
