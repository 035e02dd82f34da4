import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';
import { processesOf } from './editor/server.ts';
import { waitFor } from './editor/waitFor.ts';

const root = join(import.meta.dirname, '../..');
let temporary: string;
let editor: Editor;

async function openFixture(locale?: 'zh-cn'): Promise<Editor> {
  const folder = await mkdtemp(join(temporary, 'workspace-'));
  await cp(join(import.meta.dirname, 'fixture/workspace'), folder, { recursive: true });
  return openEditor({
    folder,
    extensions: [join(temporary, 'fixture.vsix')],
    env: { FIXTURE_WORD: 'kiwi' },
    locale,
    report: console.log,
  });
}

before(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'kwq-driver-'));
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const options = ['--no-dependencies', '--allow-missing-repository', '--skip-license'];
  execFileSync(process.execPath, [vsce, 'package', ...options, '--out', join(temporary, 'fixture.vsix')], {
    cwd: join(import.meta.dirname, 'fixture'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  editor = await openFixture();
});

after(async () => {
  await editor?.close();
  await rm(temporary, { recursive: true, force: true });
});

/** A test that leaves a picture and logs when it fails. */
function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 90_000 }, () => withEvidence(editor, name, run));
}

see('a file is opened and read', async () => {
  await editor.openFile('items.txt');
  assert.deepEqual(await editor.tabs(), [{ name: 'items.txt', active: true, dirty: false }]);
  assert.equal(await editor.editorText(), 'apple\nbanana\n\ncherry\ncount: 3\nfig\n');
  await editor.statusBarShows('fixture ready');
  assert.ok((await editor.statusBar()).some(item => item.id === 'work-queues.fixture.greeting'));
});

see('lines are selected and counted from the context menu', async () => {
  await editor.openFile('items.txt');
  await editor.selectLines(2, 4);
  assert.match(await editor.selection(), /^Ln 4, Col 7 \(14 selected\)$/);
  await editor.editorContext('Count Selected Lines');
  const message = await editor.notification('lines from');
  assert.equal(message.text, '3 lines from "banana" to "cherry"');
  await message.dismiss();
  await editor.openFile('long.txt');
  await editor.selectLines(2, 59);
  await editor.runCommand('Fixture: Count Selected Lines');
  await (await editor.notification('58 lines from "line 2 ')).dismiss();
});

see('a message is answered by its button', async () => {
  await editor.runCommand('Fixture: Say Hello');
  const hello = await editor.notification('Hello');
  assert.deepEqual([hello.text, hello.severity, hello.buttons], ['Hello, world!', 'info', ['Yes', 'No']]);
  await editor.screenshot('driver-message');
  await hello.click('Yes');
  const answer = await editor.notification(/^answer/);
  assert.deepEqual([answer.text, answer.severity], ['answer: Yes', 'warning']);
  await editor.clearNotifications();
  assert.deepEqual(await editor.notificationsSeen(), []);
});

see('a message that has gone from the corner is found among all messages', async () => {
  await editor.showContainer('Fixture');
  await editor.statusBarClick('fixture ready');
  for (const fruit of ['apple', 'banana', 'cherry', 'fruit 4']) await editor.treeAction('Fruits', fruit, 'Eat');
  await editor.notification('ate fruit 4');
  await (await editor.notification('ate apple')).dismiss();
  await (await editor.notification('Hello, world!')).click('No');
  await editor.clearNotifications();
});

see('a question of several steps is answered', async () => {
  await editor.runCommand('Fixture: Fill Basket');
  const fruit = await editor.quickPick('Which fruit?');
  assert.equal(fruit.placeholder, 'A fruit');
  const rows = await fruit.rows();
  assert.equal(rows.length, 43);
  assert.deepEqual(
    [rows[42]?.label, rows[42]?.description, rows[42]?.detail],
    ['fruit 43', '8 letters', 'from the tree of fruit 43'],
  );
  await editor.screenshot('driver-quick-pick');
  await fruit.pick('fruit 30');
  const count = await editor.inputBox('How many?');
  assert.equal(count.value, '1');
  assert.match(count.message, /^The number of fruit 30s/);
  await count.type('many');
  assert.equal(await count.says('digits'), 'Only digits, please');
  await count.type('7');
  await count.says('The number');
  await count.accept();
  const password = await editor.inputBox('Password');
  assert.equal(password.password, true);
  await password.type('secret');
  await password.accept();
  const extras = await editor.quickPick('Extras');
  assert.deepEqual(
    (await extras.rows()).map(row => [row.label, row.checked]),
    [
      ['ribbon', false],
      ['card', false],
      ['wax', false],
    ],
  );
  await extras.tick('card', 'wax');
  await (await editor.notification('7 fruit 30, 6 letters kept secret, with card and wax')).dismiss();
});

see('a question is called off', async () => {
  await editor.runCommand('Fixture: Fill Basket');
  await (await editor.quickPick('Which fruit?')).cancel();
  await (await editor.notification('no fruit')).dismiss();
});

see('a dialog is read and answered', async () => {
  await editor.runCommand('Fixture: Throw All Away');
  const dialog = await editor.modal('Throw all away?');
  assert.equal(dialog.detail, 'This removes 43 fruits.');
  assert.deepEqual(dialog.buttons.toSorted(), ['Cancel', 'Throw Away']);
  await editor.screenshot('driver-dialog');
  await dialog.click('Throw Away');
  const message = await editor.notification('all gone');
  assert.equal(message.severity, 'error');
  await message.dismiss();
});

see('progress is followed and cancelled, and its short steps are known', async () => {
  await editor.runCommand('Fixture: Work');
  const work = await editor.progress('Working');
  await work.says('cooking (3 of 4)');
  assert.deepEqual(await work.said(), [
    'Working: washing (1 of 4)',
    'Working: cutting (2 of 4)',
    'Working: cooking (3 of 4)',
  ]);
  await work.cancel();
  await work.ended();
  await (await editor.notification('work cancelled')).dismiss();
});

see('a tree is read whole, unfolded and acted on', async () => {
  await editor.showContainer('Fixture');
  assert.equal((await editor.viewTitle('Fruits')).description, 'fresh');
  const rows = await editor.treeRows('Fruits');
  assert.equal(rows.length, 43);
  assert.deepEqual(
    {
      label: rows[0]?.label,
      description: rows[0]?.description,
      aria: rows[0]?.aria,
      icon: rows[0]?.icon,
      level: rows[0]?.level,
    },
    { label: 'apple', description: '5 letters', aria: 'The fruit apple', icon: 'circle-filled', level: 1 },
  );
  assert.deepEqual([rows[0]?.expanded, rows[1]?.expanded], [false, undefined]);
  await editor.treeExpand('Fruits', 'apple');
  assert.deepEqual(
    (await editor.treeRows('Fruits')).slice(0, 4).map(row => [row.label, row.level]),
    [
      ['apple', 1],
      ['seed', 2],
      ['peel', 2],
      ['banana', 1],
    ],
  );
  await editor.screenshot('driver-tree');
  assert.equal(await editor.treeHover('Fruits', 'banana'), 'The fruit banana');
  await editor.treeAction('Fruits', 'fruit 40', 'Eat');
  await (await editor.notification('ate fruit 40')).dismiss();
  await editor.treeContext('Fruits', 'seed', 'Peel');
  await (await editor.notification('peeled seed')).dismiss();
  await editor.viewAction('Fruits', 'Peel');
  await (await editor.notification('peeled')).dismiss();
  await editor.treeCollapse('Fruits', 'apple');
  assert.equal((await editor.treeRow('Fruits', 'apple', { where: row => row.expanded === false })).level, 1);
});

see('an empty view says what to do', async () => {
  await editor.showContainer('Fixture');
  assert.deepEqual(await editor.treeRows('Baskets'), []);
  assert.deepEqual(await editor.viewWelcome('Baskets'), { text: 'There is no basket yet.', buttons: ['Fill Basket'] });
  assert.equal(await editor.viewWelcome('Fruits'), undefined);
  await editor.viewWelcomeClick('Baskets', 'Fill Basket');
  await (await editor.quickPick('A fruit')).cancel();
  await editor.clearNotifications();
});

see('a problem is shown, explained and fixed, and the file saved', async () => {
  await editor.openFile('items.txt');
  await editor.codeLens('set the count');
  assert.deepEqual(await editor.codeLenses(), ['set the count to 4', 'hello']);
  await editor.wait('a problem', async () => (await editor.diagnostics()).length === 1);
  assert.deepEqual(await editor.diagnostics(), [
    {
      file: 'items.txt',
      severity: 'warning',
      message: 'There are 4 fruits',
      source: 'fixture',
      code: 'wrong-count',
      line: 5,
      column: 1,
    },
  ]);
  const hover = await editor.hover('count', /fixture knows/);
  assert.match(hover, /There are 4 fruits/);
  assert.match(hover, /fixture knows "count"/);
  assert.match(await editor.hover('cherry'), /fixture knows "cherry"/);
  await editor.quickFix(5, 'Set the count to 4');
  await editor.wait('no problem', async () => (await editor.diagnostics()).length === 0);
  assert.equal((await editor.tabs()).find(tab => tab.name === 'items.txt')?.dirty, true);
  await editor.saveFile();
  assert.match(await readFile(join(editor.folder(), 'items.txt'), 'utf8'), /count: 4/);
  await editor.codeLens('hello');
  await editor.clickCodeLens('hello');
  await (await editor.notification('Hello')).click('No');
  await editor.editorAction('Refresh');
  await editor.notification('refreshed');
  await editor.clearNotifications();
});

see('a task runs with the environment of the editor, and its long lines are whole', async () => {
  await editor.runCommand('Tasks: Run Task');
  await (await editor.quickPick('Select the task to run')).pick('fixture');
  await (await editor.quickPick('Select the task to run')).pick('fixture: echo');
  const shown = await editor.terminal('will be reused');
  const numbers = Array.from({ length: 60 }, (_, index) => index + 1).join('-');
  assert.ok(shown.includes(`word: kiwi, ${numbers} end`), shown);
  await editor.screenshot('driver-terminal');
});

see('the log of the extension is read', async () => {
  assert.match(await editor.outputText('Fixture'), /fixture is active in en/);
});

test('a word that waits in vain says what was there instead, and leaves a picture and the logs', {
  timeout: 90_000,
}, async () => {
  let saved = '';
  const failing = withEvidence(editor, 'a wait in vain', () =>
    editor.notification('never said', { timeout: 1000 }).then(() => {}),
  );
  await failing.catch(error => {
    saved = String(error);
  });
  assert.match(saved, /Waited 1 s for the message never said\. There was instead: .*items\.txt/s);
  const folder = join(import.meta.dirname, 'failures/a-wait-in-vain');
  assert.ok((await readFile(join(folder, 'screen.png'))).length > 10_000);
  await rm(folder, { recursive: true });
});

test('an editor ends when the one that started it is killed', { timeout: 60_000 }, async () => {
  const starter = spawn(process.execPath, [join(import.meta.dirname, 'startServer.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(starter.stdout.setEncoding('utf8'), 'data');
  const folder = String(line).trim();
  assert.ok((await processesOf(folder)).length > 0);
  starter.kill('SIGKILL');
  await waitFor('the editor to end', async () => (await processesOf(folder)).length === 0, {
    instead: () => processesOf(folder),
  });
  await rm(folder, { recursive: true, force: true });
});

test('the extension speaks Chinese in a window of that language', { timeout: 90_000 }, async () => {
  const chinese = await openFixture('zh-cn');
  try {
    await withEvidence(chinese, 'Chinese', async () => {
      await chinese.runCommand('Fixture: 问好');
      const hello = await chinese.notification('你好，world！');
      assert.deepEqual(hello.buttons, ['是', '否']);
      await chinese.screenshot('driver-chinese');
    });
  } finally {
    await chinese.close();
  }
});
