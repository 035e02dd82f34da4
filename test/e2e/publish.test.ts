import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Broker, connect } from '../../src/broker/index.ts';
import { address, manage } from '../integration/broker/labBroker.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';
import { processesOf } from './editor/server.ts';

const MINUTE = 60_000;
const queue = `publish-${randomBytes(4).toString('hex')}`;
const FRUITS = ['apple', 'banana', 'cherry', 'date', 'fig', 'grape', 'lemon', 'melon'];
const MANY = 120_000;
let folder: string;
let editor: Editor;
let broker: Broker;

before(async () => {
  const lab = await labUp();
  broker = await connect({ address, purpose: 'test' });
  folder = await mkdtemp(join(tmpdir(), 'kwq-publish-'));
  const file = (name: string, text: string) => writeFile(join(folder, name), text);
  await file('items.txt', `${FRUITS.join('\n')}\n`);
  await file('again.txt', 'apple\n\nfig\napple\nfig\napple\n');
  await file('table.csv', 'id;fruit\n1;apple\n2;"fig; dried"\n');
  await file('list.json', '[\n  "apple",\n  {"name": "fig",\n   "count": 2}\n]\n');
  await file('broken.json', '[\n  "apple"\n  "fig"\n]\n');
  await file('many.txt', Array.from({ length: MANY }, (_, i) => `frame ${i}\n`).join(''));
  await file('job.yaml', jobYaml(lab.broker.url));
  editor = await openEditor({
    folder,
    extensions: [packageExtension()],
    env: { KUBECONFIG: join(folder, 'none') },
  });
  await editor.showContainer('Work Queues');
});

after(async () => {
  await editor?.close();
  await broker?.remove(queue);
  await broker?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The lab's broker with its password, as a job.yaml of one's own may name it. */
const jobYaml = (url: string) => `apiVersion: batch/v1
kind: Job
metadata: { name: publish }
spec:
  completions: 1
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: c
          image: worker
          command: ["amqp-consume", "-q", "$(QUEUE)", "-c", "1", "./worker"]
          env:
            - { name: QUEUE, value: "${queue}" }
            - { name: BROKER_URL, value: "${url}" }
`;

/** A test that leaves a picture and logs when it fails. */
function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 3 * MINUTE }, () => withEvidence(editor, name, run));
}

const depth = async () => (await broker.depth(queue))?.ready;

/** Takes all messages out of the queue, and gives their bodies in order. */
async function takeAll(): Promise<string[]> {
  const got = await manage<{ payload: string }[]>('POST', `queues/%2F/${queue}/get`, {
    count: 1000,
    ackmode: 'ack_requeue_false',
    encoding: 'auto',
  });
  return got.map(({ payload }) => payload);
}

/** The form's rows, without the icons. */
async function form(about: string) {
  const pick = await editor.quickPick(about);
  const rows = async () => (await pick.rows()).map(({ label, description }) => `${label} | ${description}`.trim());
  return { ...pick, shown: rows };
}

see('the first publish makes the queue that job.yaml names, in one question', async () => {
  await editor.openFile('items.txt');
  await editor.selectLines(1, 8);
  await editor.editorContext('Publish Selected Lines as Messages');
  const pick = await form('Publish the Selected Lines of items.txt');
  await editor.screenshot('40-form');
  await pick.pick(`Create queue ${queue} and publish 8 messages to it`);
  const outcome = await editor.notification(`${queue} confirmed 8 of 8 messages.`);
  assert.deepEqual(outcome.buttons, ['Run Job', 'Undo…']);
  await editor.screenshot('41-outcome');
  await outcome.dismiss();
  assert.deepEqual(await takeAll(), FRUITS);
});

see('several cursors publish their lines once each, in the order of the file', async () => {
  await editor.openFile('items.txt');
  await editor.selectLines(7, 7);
  await selectAlso(2);
  await editor.runCommand('Work Queue: Publish Selected Lines as Messages');
  await form('Publish the Selected Lines of items.txt');
  await editor.page.keyboard.press('Enter');
  await (await editor.notification(`${queue} confirmed 2 of 2 messages.`)).dismiss();
  assert.deepEqual(await takeAll(), ['banana', 'lemon']);
});

/** Adds a cursor that selects a line: Alt and a double click on its word. */
async function selectAlso(line: number): Promise<void> {
  const word = editor.page.locator('.editor-instance .view-line', { hasText: FRUITS[line - 1] });
  await editor.page.keyboard.down('Alt');
  await word.locator('span span').first().dblclick();
  await editor.page.keyboard.up('Alt');
}

see('a file from the explorer is published without being opened; duplicates are left out when wanted', async () => {
  await editor.closeAllTabs();
  await explorer('again.txt');
  const pick = await form('Publish again.txt');
  await choose('Leave out 3 duplicates');
  await editor.wait('the duplicates to be left out', async () =>
    (await pick.rows()).some(row => row.label === '3 duplicates are left out'),
  );
  await editor.screenshot('42-duplicates');
  await pick.pick(`Publish 2 messages to ${queue}`);
  const outcome = await editor.notification(`${queue} confirmed 2 of 2 messages.`);
  assert.match(outcome.text, /Blank lines left out: 1\. Duplicates left out: 3\./);
  await outcome.dismiss();
  assert.deepEqual(await takeAll(), ['apple', 'fig']);
  assert.deepEqual(await editor.tabs(), []);
});

/** Clicks a row that leaves the question open. */
async function choose(label: string): Promise<void> {
  const name = editor.page.locator('.quick-input-list-row:first-child .label-name', { hasText: label });
  await name.first().click();
}

async function explorer(file: string): Promise<void> {
  await editor.showContainer('Explorer');
  await editor.treeContext(basename(folder), file, 'Publish File as Messages…');
}

see('a CSV column is chosen in the form, and remembered for the next table', async () => {
  await explorer('table.csv');
  const pick = await form('Publish table.csv');
  await pick.pick('CSV: column id; the first line has the columns’ names');
  const format = await editor.quickPick('Format');
  await editor.screenshot('43-format');
  await format.pick('One column of a CSV table…');
  const column = await editor.quickPick('Column of the CSV Table');
  await editor.screenshot('44-column');
  await column.pick('fruit');
  const again = await form('Publish table.csv');
  await editor.screenshot('45-csv');
  await again.pick(`Publish 2 messages to ${queue}`);
  await (await editor.notification(`${queue} confirmed 2 of 2 messages.`)).dismiss();
  assert.deepEqual(await takeAll(), ['apple', 'fig; dried']);
  await explorer('table.csv');
  const next = await form('Publish table.csv');
  const shown = await next.shown();
  assert.ok(shown.includes('CSV: column fruit; the first line has the columns’ names | change'), shown.join('\n'));
  await next.cancel();
});

see('the elements of a JSON array are published; what is wrong with one is named by its place', async () => {
  await explorer('list.json');
  const pick = await form('Publish list.json');
  await pick.pick(`Publish 2 messages to ${queue}`);
  await (await editor.notification(`${queue} confirmed 2 of 2 messages.`)).dismiss();
  assert.deepEqual(await takeAll(), ['apple', '{"name":"fig","count":2}']);
  await explorer('broken.json');
  const broken = await form('Publish broken.json');
  await editor.screenshot('46-broken');
  await broken.pick(
    'broken.json: line 3, column 3: a quote may not stand there in JSON; a comma may be missing before it',
  );
  await editor.activeTab('broken.json');
  await editor.statusBarShows('Ln 3, Col 3');
  assert.equal(await depth(), 0, 'nothing was sent');
});

see('the clipboard is published', async () => {
  await editor.page.evaluate("navigator.clipboard.writeText('kiwi\\nlime\\n')");
  await editor.runCommand('Work Queue: Publish Clipboard as Messages…');
  const pick = await form('Publish the Clipboard');
  await editor.screenshot('47-clipboard');
  await pick.pick(`Publish 2 messages to ${queue}`);
  await (await editor.notification(`${queue} confirmed 2 of 2 messages.`)).dismiss();
});

see('the last publish is taken back, and what others have published stays', async () => {
  await editor.openFile('items.txt');
  await editor.goTo(1);
  await editor.runCommand('Work Queue: Publish Selected Lines as Messages');
  await (await form('Publish items.txt')).pick(`Publish 8 messages to ${queue}`);
  const outcome = await editor.notification(`${queue} confirmed 8 of 8 messages.`);
  assert.equal(await depth(), 10);
  await outcome.click('Undo…');
  const modal = await editor.modal(`Take back what was published to ${queue}?`);
  await editor.screenshot('48-undo');
  assert.match(modal.detail, /Published: 8 messages from items\.txt/);
  assert.match(modal.detail, /In the queue now: 10 messages/);
  await modal.click('Take Back');
  const done = await editor.notification('8 of 8 messages were taken back');
  await editor.screenshot('49-taken-back');
  await done.dismiss();
  assert.deepEqual(await takeAll(), ['kiwi', 'lime']);
});

see(
  'what the person cancels, and what a crash then cuts off, is gone on with: each line is there, none twice',
  async () => {
    await explorer('many.txt');
    await (await form('Publish many.txt')).pick(`Publish ${MANY} messages to ${queue}`);
    await confirmedMore(2_000);
    await (await editor.progress('Publishing many.txt')).cancel();
    const cancelled = await editor.notification('You cancelled the rest.');
    assert.match(cancelled.text, /Not confirmed: .*lines \d+ to 120000 \(not sent\)\.$/);
    assert.deepEqual(cancelled.buttons, ['Go On', 'Undo…', 'Show Account']);
    await editor.screenshot('50-cancelled');
    await cancelled.click('Go On');
    await confirmedMore(2_000 + ((await depth()) ?? 0));
    await killExtensionHost();
    const before = await depth();
    assert.ok(before !== undefined && before < MANY, `${before} messages before the kill`);
    const many = await readFile(join(folder, 'many.txt'));
    await writeFile(join(folder, 'many.txt'), `frame\n${many}`);
    await editor.open(folder);
    await editor.showContainer('Work Queues');
    const offer = await editor.notification('Publishing many.txt to', { timeout: MINUTE });
    await editor.screenshot('51-offer');
    assert.deepEqual(offer.buttons, ['Go On', 'Show Account', 'Discard']);
    await offer.click('Go On');
    const changed = await editor.notification('many.txt is not what it was');
    await editor.screenshot('52-changed');
    await changed.click('Show Account');
    await editor.activeTab(`Account of the publication to ${queue}.txt`);
    assert.match(await editor.editorText(), /\nlines \d+ to 120000: not sent\n/);
    await editor.screenshot('53-account');
    await writeFile(join(folder, 'many.txt'), many);
    await editor.runCommand('Work Queue: Resume Publishing…');
    const ask = await editor.quickPick('Publication of many.txt');
    await editor.screenshot('54-resume');
    await ask.pick(/Go on: publish the other \d+ messages/);
    const outcome = await editor.notification(`${queue} confirmed ${MANY} of ${MANY} messages.`, { timeout: MINUTE });
    await outcome.dismiss();
    assert.equal(await depth(), MANY);
    await broker.purge(queue);
    await editor.runCommand('Work Queue: Resume Publishing…');
    await (await editor.notification('No publication was cut off')).dismiss();
  },
);

const confirmedMore = (than: number) =>
  editor.wait(`more than ${than} messages`, async () => ((await depth()) ?? 0) > than, { timeout: MINUTE });

async function killExtensionHost(): Promise<void> {
  for (const pid of await processesOf(editor.server.folder)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('--type=extensionHost')) process.kill(pid, 'SIGKILL');
  }
}
