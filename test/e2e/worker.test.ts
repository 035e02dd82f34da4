import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readManifest } from '../../src/workload/manifest.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
let editor: Editor;
let folder: string;
let tool: string;

before(async () => {
  const lab = await labUp();
  folder = await mkdtemp(join(tmpdir(), 'kwq-worker-'));
  tool = join(folder, 'tool');
  await mkdir(tool);
  await writeFile(join(tool, 'resize.rb'), 'puts $stdin.read\n');
  await writeFile(join(tool, 'odd.bas'), '10 PRINT\n');
  editor = await openEditor({ folder, extensions: [packageExtension()], env: { KUBECONFIG: lab.kubeconfig } });
  await editor.showContainer('Work Queues');
});

after(async () => {
  await editor?.close();
  await rm(folder, { recursive: true, force: true });
});

function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 2 * MINUTE }, () => withEvidence(editor, name, run));
}

/** Answers up to the queue's name, which is asked for as long as no queue is known. */
async function create(program: string, shape: string, between?: () => Promise<void>): Promise<void> {
  await editor.runCommand('Work Queue: Create Worker…');
  await (await editor.quickPick('Create Worker')).pick(program);
  await between?.();
  await (await editor.quickPick('Create Worker: Shape')).pick(shape);
  const queue = await editor.inputBox('Create Worker');
  await queue.type('fruit');
  await queue.accept();
}

const read = (...path: string[]) => readFile(join(folder, ...path), 'utf8');
const built = async () => (await editor.notification('build and push')).dismiss();

see('each question says what the choices trade; a sample in Python is written in the strict shape', async () => {
  await editor.runCommand('Work Queue: Create Worker…');
  const program = await editor.quickPick('Create Worker');
  await editor.screenshot('90-worker-program');
  await program.pick('Sample in Python');
  const shape = await editor.quickPick('Create Worker: Shape');
  await editor.screenshot('91-worker-shape');
  await shape.pick('Strict: one item a Pod');
  const queue = await editor.inputBox('Create Worker');
  await queue.type('fruit');
  await queue.accept();
  await built();
  assert.deepEqual((await readdir(folder)).sort(), ['Dockerfile', 'job.yaml', 'take-item.sh', 'tool', 'worker.py']);
  assert.match(await read('Dockerfile'), /^CMD \["\/take-item.sh", "\/worker.py"\]$/m);
  const [job] = readManifest(await read('job.yaml')).jobs;
  assert.deepEqual([job?.queue?.value, job?.completions?.value], ['fruit', 1]);
});

see('what is there is overwritten only when the person says so', async () => {
  await writeFile(join(folder, 'Dockerfile'), 'FROM mine\n');
  await create('Sample in Node', 'Many items a Pod');
  const modal = await editor.modal('Overwrite what is there already?');
  assert.match(modal.detail, /^Dockerfile, job.yaml in /);
  await modal.click('Keep Existing');
  await built();
  assert.equal(await read('Dockerfile'), 'FROM mine\n');
  assert.match(await read('worker.mjs'), /readFileSync/);
  assert.match(await read('take-items.py'), /basic_ack/);
});

see('many items a Pod: the Job has no completions, and says its shape', async () => {
  await create('Sample in shell', 'Many items a Pod');
  await (await editor.modal('Overwrite what is there already?')).click('Overwrite');
  await built();
  assert.match(await read('Dockerfile'), /^CMD \["\/take-items.py", "\/worker.sh"\]$/m);
  assert.match(await read('worker.sh'), /Processing/);
  const [job] = readManifest(await read('job.yaml')).jobs;
  assert.equal(job?.completions, undefined);
  assert.match(await read('job.yaml'), /work-queue.vscode\/shape: many-items/);
});

see('a Dockerfile is written around a file of the workspace, beside it', async () => {
  await create('Own program: a file…', 'As in the Kubernetes documentation', async () => {
    const file = await editor.quickPick('Create Worker: Program');
    await file.pick('tool/resize.rb');
  });
  await built();
  assert.deepEqual((await readdir(tool)).sort(), ['Dockerfile', 'job.yaml', 'odd.bas', 'resize.rb']);
  const dockerfile = await read('tool', 'Dockerfile');
  assert.match(dockerfile, /amqp-tools ca-certificates ruby/);
  assert.match(dockerfile, /^CMD .*exec amqp-consume .*"ruby", "\/app\/resize.rb"\]$/m);
  await editor.closeAllTabs();
});

see('a file that nobody knows how to run is not guessed at; a command line is taken', async () => {
  await editor.runCommand('Work Queue: Create Worker…');
  await (await editor.quickPick('Create Worker')).pick('Own program: a file…');
  await (await editor.quickPick('Create Worker: Program')).pick('tool/odd.bas');
  const message = await editor.notification('It is not clear how odd.bas is run');
  await message.dismiss();
  await create('Own program: a command line…', 'Strict: one item a Pod', async () => {
    const command = await editor.inputBox('Create Worker: Command Line');
    await command.type('python3 tool/main.py --fast');
    await command.accept();
  });
  await (await editor.modal('Overwrite what is there already?')).click('Overwrite');
  await built();
  assert.match(await read('Dockerfile'), /^CMD \["\/take-item.sh", "python3", "tool\/main.py", "--fast"\]$/m);
});
