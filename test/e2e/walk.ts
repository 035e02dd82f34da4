import assert from 'node:assert/strict';
import type { Editor } from './editor/driver.ts';

export interface WalkOptions {
  editor: Editor;
  /** A namespace of the cluster that is there and empty. */
  namespace: string;
  /** The name for the worker's image, in a registry that docker can push to and the cluster pull from. */
  image: string;
  report: (line: string) => void;
}

export interface WalkResult {
  items: number;
  succeeded: number;
  failed: number;
  left: number;
  completions: number;
  seconds: number;
}

const QUEUE = 'job1';
export const MINUTE = 60_000;

/**
 * The whole workflow as a person does it, on a copy of samples/fruit: from an empty namespace to eight fruits done, by
 * palette, menus, dialogs and lenses. What it returns is what the editor showed.
 */
export async function walk(o: WalkOptions): Promise<WalkResult> {
  const { editor, report } = o;
  const start = Date.now();
  await editor.showContainer('Work Queues');
  await widenSideBar(editor);
  await chooseNamespace(o);
  report('starting RabbitMQ in the cluster');
  await startBroker(o);
  report('creating the queue and publishing the eight fruits');
  await createQueue(editor);
  await publishFruits(editor);
  report('creating the worker, building and pushing its image');
  await createWorker(editor);
  await buildAndPush(o);
  report('running the Job');
  const job = 'job-wq-1';
  await editor.openFile('job.yaml');
  await editor.clickCodeLens(`8 messages ready in ${QUEUE}: run with completions 8`);
  await confirmRun(editor, { job, namespace: o.namespace, button: 'Create Job' });
  const end = await editor.notification(`Job ${job} is complete`, { timeout: 3 * MINUTE });
  assert.match(end.text, /8 of 8 done\. Queue job1 is empty\./);
  await end.dismiss();
  const row = await editor.treeRow('Jobs', job, { where: seen => /^8 of 8 done/.test(seen.description) });
  const queue = await editor.treeRow('Queues', QUEUE, { where: seen => /^0 ready, 0 unacked/.test(seen.description) });
  await editor.screenshot('08-complete');
  const [, succeeded, completions] = row.description.match(/^(\d+) of (\d+) done/) ?? [];
  const [, failed = '0'] = row.description.match(/(\d+) Pods? failed/) ?? [];
  const [, ready, unacked] = queue.description.match(/^(\d+) ready, (\d+) unacked/) ?? [];
  return {
    items: 8,
    succeeded: Number(succeeded),
    failed: Number(failed),
    left: Number(ready) + Number(unacked),
    completions: Number(completions),
    seconds: Math.round((Date.now() - start) / 1000),
  };
}

/** A new window's side bar is too narrow for rows with words. */
async function widenSideBar({ page }: Editor): Promise<void> {
  const sideBar = await page.locator('.part.sidebar').boundingBox();
  assert.ok(sideBar, 'the side bar is shown');
  const edge = sideBar.x + sideBar.width;
  const middle = sideBar.y + sideBar.height / 3;
  await page.mouse.move(edge, middle);
  await page.mouse.down();
  await page.mouse.move(edge + 160, middle, { steps: 4 });
  await page.mouse.up();
}

async function chooseNamespace({ editor, namespace }: WalkOptions): Promise<void> {
  await editor.runCommand('Work Queue: Choose Namespace…');
  const pick = await editor.quickPick(/Choose Namespace in/);
  await pick.pick(namespace);
  await editor.wait(`the views to name the namespace ${namespace}`, async () =>
    (await editor.viewTitle('Queues')).description.endsWith(`/ ${namespace}`),
  );
  await editor.viewWelcome('Queues');
  await editor.screenshot('01-nothing-yet');
}

async function startBroker({ editor, namespace }: WalkOptions): Promise<void> {
  await editor.viewWelcomeClick('Queues', 'Start RabbitMQ in Cluster');
  const modal = await editor.modal('Start RabbitMQ in namespace');
  assert.match(modal.message, new RegExp(`namespace ${namespace} of context `));
  await editor.screenshot('02-start-rabbitmq');
  await modal.click('Start RabbitMQ');
  const ready = await editor.notification('RabbitMQ is ready', { timeout: 3 * MINUTE });
  await editor.screenshot('03-rabbitmq-ready');
  await ready.dismiss();
}

async function createQueue(editor: Editor): Promise<void> {
  await editor.viewWelcomeClick('Queues', 'Create Queue…');
  const name = await editor.inputBox('Create Queue');
  await name.type(QUEUE);
  await name.accept();
  await (await editor.quickPick(`Create Queue ${QUEUE}`)).pick(`Create queue ${QUEUE}`);
  await editor.treeRow('Queues', QUEUE, { where: row => row.description.startsWith('0 ready') });
}

/** Selects the lines of items.txt, and publishes them. */
export async function publishFruits(editor: Editor): Promise<void> {
  await editor.openFile('items.txt');
  await editor.selectLines(1, 8);
  await editor.editorContext('Publish Selected Lines as Messages');
  const pick = await editor.quickPick('Publish the Selected Lines of items.txt');
  await editor.screenshot('04-publish');
  await pick.pick(`Publish 8 messages to ${QUEUE}`);
  const outcome = await editor.notification(`${QUEUE} confirmed 8 of 8 messages.`);
  await outcome.dismiss();
  await editor.treeRow('Queues', QUEUE, { where: row => row.description.startsWith('8 ready') });
}

// The sample has a worker already: nothing is written over it without a question. The work is made to take a second.
async function createWorker(editor: Editor): Promise<void> {
  await editor.runCommand('Work Queue: Create Worker…');
  await (await editor.quickPick('Create Worker')).pick('Sample in Python');
  await (await editor.quickPick('Create Worker: Shape')).pick('Strict: one item a Pod');
  const modal = await editor.modal('Dockerfile');
  await editor.screenshot('05-create-worker');
  await modal.click('Overwrite');
  const next = await editor.notification('worker.py does the work for one item');
  await next.dismiss();
  await editor.openFile('worker.py');
  await replaceLine(editor, /WORK_SECONDS/, '    time.sleep(1)');
}

/** Writes another line in place of the first one that matches, and saves. */
export async function replaceLine(editor: Editor, line: RegExp, text: string): Promise<void> {
  const number = await lineOf(editor, line);
  await editor.selectLines(number, number);
  await editor.typeText(text);
  await editor.saveFile();
}

/** The number of the first line that matches. */
export async function lineOf(editor: Editor, line: RegExp): Promise<number> {
  const lines = (await editor.editorText()).split('\n');
  const index = lines.findIndex(text => line.test(text));
  assert.ok(index >= 0, `the editor shows a line ${line}`);
  return index + 1;
}

async function buildAndPush({ editor, image }: WalkOptions): Promise<void> {
  await editor.runCommand('Work Queue: Build and Push Worker Image');
  const name = await editor.inputBox('Name of the Worker’s Image');
  await name.type('Fruit');
  await name.says('capital letters');
  await name.type(image);
  await editor.screenshot('06-image-name');
  await name.accept();
  const pushed = await editor.notification(`${image} is pushed`, { timeout: 5 * MINUTE });
  assert.equal(pushed.severity, 'info', pushed.text);
  await editor.screenshot('07-pushed');
  await pushed.dismiss();
  await editor.openFile('job.yaml');
  assert.ok((await editor.editorText()).includes(image), 'job.yaml names the image');
}

/** Answers the one question of Run Job. */
export async function confirmRun(
  editor: Editor,
  o: { job: string; namespace: string; button: string },
): Promise<string> {
  const modal = await editor.modal(`Create Job ${o.job}`, { timeout: MINUTE });
  assert.match(modal.detail, new RegExp(`Namespace: ${o.namespace}`));
  await editor.screenshot(`run-${o.job}`);
  await modal.click(o.button);
  return modal.message;
}
