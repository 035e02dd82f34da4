import assert from 'node:assert/strict';
import type { Editor } from './editor/driver.ts';
import { confirmRun, lineOf, MINUTE, publishFruits, replaceLine, type WalkOptions } from './walk.ts';

/** A run, and the finding that the Jobs view showed below it. */
export interface Warned {
  job: string;
  finding: string;
}

/**
 * What the documentation warns of, after the walk and in its window: too few completions, too many, and a worker whose
 * failure amqp-consume hides. Each is warned of in job.yaml beforehand, and found by the Jobs view afterwards.
 */
export async function warnings(o: WalkOptions): Promise<Warned[]> {
  o.report('running with too few completions');
  const few = await tooFew(o);
  o.report('running with too many completions');
  const many = await tooMany(o);
  o.report('running a worker whose failure amqp-consume hides');
  return [few, many, await hiddenFailure(o)];
}

async function tooFew(o: WalkOptions): Promise<Warned> {
  const { editor } = o;
  await publishFruits(editor);
  await writeCompletions(editor, 5);
  await problem(editor, 'completions is 5, with 8 messages in the queue for this Job: 3 would stay there.');
  await editor.screenshot('09-too-few');
  await editor.quickFix(await lineOf(editor, /^ {2}completions:/), 'Set completions to 8 (8 messages ready in job1)');
  await editor.wait('the quick fix to set the number', async () =>
    /^ {2}completions: 8$/m.test(await editor.editorText()),
  );
  await writeCompletions(editor, 5);
  const job = await runAs(o, 'job-wq-1-2', 'Create with 5, as in the File');
  const finding = 'The Job is complete, with 3 items left in the queue.';
  await ended(editor, job, finding);
  await editor.screenshot('10-left-behind');
  return { job, finding: await findingBelow(editor, job, finding) };
}

async function tooMany(o: WalkOptions): Promise<Warned> {
  const { editor } = o;
  await writeCompletions(editor, 6);
  await problem(editor, 'completions is 6, with only 3 messages in the queue for this Job: it would never end.');
  const job = await runAs(o, 'job-wq-1-3', 'Create with 6, as in the File');
  await editor.treeRow('Jobs', job, { where: row => row.description.startsWith('3 of 6 done'), timeout: 2 * MINUTE });
  const finding = 'Waiting on an empty queue: 2 Pods, with 3 of 6 completions still to come.';
  const shown = await findingBelow(editor, job, finding);
  await editor.screenshot('11-waiting');
  await editor.treeContext('Jobs', job, 'Delete Job…');
  const modal = await editor.modal(`Delete Job ${job} and its Pods?`);
  assert.match(modal.detail, new RegExp(`Namespace: ${o.namespace}`));
  await editor.screenshot('12-delete');
  await modal.click('Delete');
  await editor.wait(`the Job ${job} to be gone`, async () =>
    (await editor.treeRows('Jobs')).every(row => row.label !== job),
  );
  return { job, finding: shown };
}

async function hiddenFailure(o: WalkOptions): Promise<Warned> {
  const { editor } = o;
  await publishFruits(editor);
  await editor.openFile('job.yaml');
  // The documentation's command, around a worker that reads its item and fails. One that does not read it would now and
  // then break amqp-consume too, and then the Pod fails as it should.
  const command = "amqp-consume --url=$BROKER_URL -q $QUEUE -c 1 -- sh -c 'cat; exit 1'";
  await replaceLine(editor, /^ *imagePullPolicy:/, `          command: ["/bin/sh", "-c", "${command}"]`);
  await problem(editor, /amqp-consume/);
  await editor.screenshot('13-hides-failures');
  const job = await runAs(o, 'job-wq-1-3', 'Create with 8');
  const finding = '8 items came back to the queue although their Pods counted as done.';
  await ended(editor, job, finding);
  await editor.screenshot('14-came-back');
  return { job, finding: await findingBelow(editor, job, finding) };
}

/** Runs job.yaml, under another name because its own is taken. */
async function runAs(o: WalkOptions, job: string, button: string): Promise<string> {
  const { editor, namespace } = o;
  await editor.openFile('job.yaml');
  await editor.editorAction('Run Job');
  await confirmRun(editor, { job, namespace, button });
  await editor.treeRow('Jobs', job);
  return job;
}

async function ended(editor: Editor, job: string, finding: string): Promise<void> {
  const message = await editor.notification(`Job ${job} is complete`, { timeout: 3 * MINUTE });
  assert.equal(message.severity, 'warning');
  assert.ok(message.text.includes(finding), message.text);
  await message.dismiss();
}

async function findingBelow(editor: Editor, job: string, finding: string): Promise<string> {
  await editor.treeRow('Jobs', job);
  await editor.treeExpand('Jobs', job);
  return (await editor.treeRow('Jobs', finding, { timeout: MINUTE })).label;
}

async function problem(editor: Editor, message: string | RegExp): Promise<void> {
  const said = (text: string) => (typeof message === 'string' ? text.includes(message) : message.test(text));
  await editor.wait(
    `the problem ${message}`,
    async () => (await editor.diagnostics()).some(found => said(found.message)),
    {
      instead: () => editor.diagnostics(),
    },
  );
}

async function writeCompletions(editor: Editor, completions: number): Promise<void> {
  await editor.openFile('job.yaml');
  await replaceLine(editor, /^ {2}completions:/, `  completions: ${completions}`);
}
