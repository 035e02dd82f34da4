import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect, publish } from '../../src/broker/index.ts';
import { address } from '../integration/broker/labBroker.ts';
import { apply, kubectl } from '../lab/kubectl.ts';
import type { LabStatus } from '../lab/status.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';
import { replaceLine } from './walk.ts';

const MINUTE = 60_000;
const id = Date.now().toString(36);
const namespace = `manifest-${id}`;
const queue = `fruit-${id}`;
const purpose = 'test of job.yaml';

const MANIFEST = `apiVersion: batch/v1
kind: Job
metadata:
  name: job-wq-1
spec:
  # One for each fruit.
  completions: 9
  parallelism: 20 # at once
  template:
    spec:
      restartPolicy: OnFailure # as in the documentation
      containers:
        - name: c
          image: me/job-wq-1
          env:
            - name: QUEUE
              value: ${queue}
            - name: BROKER_URL
              value: "amqp://guest:guest@rabbit:5672" # who
`;

let lab: LabStatus;
let folder: string;
let editor: Editor;

before(async () => {
  lab = await labUp();
  const broker = await connect({ address, purpose });
  await broker.declare(queue);
  await broker.close();
  const items = ['apple', 'banana', 'cherry', 'fig', 'grape'].map((body, index) => ({ body, line: index + 1 }));
  await publish({ address, purpose, queue, runId: id, items });
  await kubectl(['create', 'namespace', namespace]);
  await apply([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'mq', namespace },
      spec: { ports: [{ port: 5672 }], selector: { app: 'mq' } },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'rabbitmq-broker', namespace },
      stringData: { url: 'amqp://me:secret@mq:5672' },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'earlier', namespace },
      spec: {
        suspend: true,
        completions: 2,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'c', image: 'a', env: [{ name: 'QUEUE', value: queue }] }],
          },
        },
      },
    },
  ]);
  folder = await mkdtemp(join(tmpdir(), 'kwq-manifest-'));
  await writeFile(join(folder, 'job.yaml'), MANIFEST);
  await writeFile(join(folder, 'Dockerfile'), 'FROM debian\nCMD amqp-consume -q $QUEUE -c 1 /worker.py\n');
  await writeFile(join(folder, 'pi.yaml'), 'apiVersion: batch/v1\nkind: Job\nspec:\n  completions: "8"\n');
  editor = await openEditor({
    folder,
    extensions: [packageExtension()],
    env: { KUBECONFIG: lab.kubeconfig },
    settings: { 'workQueue.broker': lab.broker.url },
    report: console.log,
  });
});

after(async () => {
  await editor?.close();
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  const broker = await connect({ address, purpose });
  await broker.remove(queue);
  await broker.close();
  await rm(folder, { recursive: true, force: true });
});

/** A test that leaves a picture and logs when it fails. */
function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 3 * MINUTE }, () => withEvidence(editor, name, run));
}

/** Waits until the problems of job.yaml are these: code, line, column. */
async function problems(expected: [string, number, number][]): Promise<void> {
  const now = async () =>
    (await editor.diagnostics())
      .filter(({ source }) => source === 'Work Queue')
      .map(({ code, line, column }) => [code, line, column] as const)
      .sort(([, a], [, b]) => a - b);
  const wanted = JSON.stringify(expected);
  await editor.wait(`the problems ${wanted}`, async () => JSON.stringify(await now()) === wanted, {
    timeout: MINUTE,
    instead: async () => [JSON.stringify(await now())],
  });
}

/** Picks a quick fix, and tells which lines it took and brought. */
async function fix(line: number, title: string): Promise<{ gone: string[]; come: string[] }> {
  const before = (await editor.editorText()).split('\n');
  await editor.quickFix(line, title);
  await editor.wait(
    `the quick fix ${title} to change the text`,
    async () => (await editor.editorText()) !== before.join('\n'),
  );
  const after = (await editor.editorText()).split('\n');
  let start = 0;
  while (before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { gone: before.slice(start, before.length - end), come: after.slice(start, after.length - end) };
}

/** A picture of what is said about the place, asked for by keyboard. */
async function picture(line: number, column: number, name: string): Promise<void> {
  const { page } = editor;
  await editor.goTo(line, column);
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+i');
  const hover = page.locator('.monaco-hover:not(.workbench-hover)').filter({ visible: true });
  await editor.wait('the hover', () => hover.first().isVisible());
  await editor.screenshot(name);
  await page.keyboard.press('Escape');
}

/** Picks from the list of completions at the end of a line. */
async function pickSuggestion(line: number, label: RegExp, picture?: string): Promise<void> {
  const { page } = editor;
  const rows = page.locator('.suggest-widget.visible .monaco-list-row');
  await editor.goTo(line);
  await page.keyboard.press('End');
  await editor.wait(
    `the completion ${label}`,
    async () => {
      if (await rows.filter({ hasText: label }).first().isVisible()) return true;
      // The list is made once, from what the extension knew at that moment.
      await page.keyboard.press((await rows.first().isVisible()) ? 'Escape' : 'Control+Space');
      return false;
    },
    { instead: () => rows.allInnerTexts() },
  );
  if (picture) await editor.screenshot(picture);
  await rows.filter({ hasText: label }).first().click();
}

see(
  'a job.yaml is warned of at the places that are wrong, by its queue, its cluster and the Dockerfile beside it',
  async () => {
    await editor.showContainer('Work Queues');
    await editor.runCommand('Work Queue: Choose Namespace…');
    await (await editor.quickPick('Choose Namespace in')).pick(namespace);
    await editor.openFile('job.yaml');
    await problems([
      ['completions-above-depth', 7, 16],
      ['logs-lost-on-failure', 11, 22],
      ['worker-hides-failures', 14, 18],
      ['broker-not-here', 19, 23],
      ['plaintext-credentials', 19, 23],
    ]);
    await editor.screenshot('60-manifest-problems');
  },
);

see('the hover on completions spells the sum, those on QUEUE and the image say what is known', async () => {
  const sum = await editor.hover('completions', /a run now/);
  assert.match(sum, new RegExp(`5 messages ready in ${queue}`));
  assert.match(sum, /− 2 for Job earlier, 0 of 2 done/);
  assert.match(sum, /= 3 completions for a run now/);
  await picture(7, 4, '61-manifest-sum');
  const known = await editor.hover(queue, /Queue fruit/);
  assert.match(known, /5 ready/);
  assert.match(known, /Active on it: Job earlier/);
  assert.match(await editor.hover('me/job-wq-1', /Docker Hub/), /no tag: whatever latest is/);
});

see('each quick fix changes what it must, and nothing else', async () => {
  const title = `Set completions to 3 (5 messages ready in ${queue}, 2 for active Jobs)`;
  assert.deepEqual(await fix(7, title), { gone: ['  completions: 9'], come: ['  completions: 3'] });
  assert.deepEqual(await fix(8, 'Set parallelism to 3'), {
    gone: ['  parallelism: 20 # at once'],
    come: ['  parallelism: 3 # at once'],
  });
  assert.deepEqual(await fix(2, 'Set ttlSecondsAfterFinished to 86400'), {
    gone: [],
    come: ['  ttlSecondsAfterFinished: 86400'],
  });
  assert.deepEqual(await fix(12, 'Set restartPolicy to Never'), {
    gone: ['      restartPolicy: OnFailure # as in the documentation'],
    come: ['      restartPolicy: Never # as in the documentation'],
  });
  assert.deepEqual(await fix(20, 'Use Service mq'), {
    gone: ['              value: "amqp://guest:guest@rabbit:5672" # who'],
    come: ['              value: "amqp://guest:guest@mq:5672" # who'],
  });
  await problems([
    ['worker-hides-failures', 15, 18],
    ['plaintext-credentials', 20, 23],
  ]);
  assert.deepEqual(await fix(20, 'Take the URL from Secret rabbitmq-broker'), {
    gone: ['              value: "amqp://guest:guest@mq:5672" # who'],
    come: [
      '              valueFrom:',
      '                secretKeyRef:',
      '                  name: rabbitmq-broker',
      '                  key: url # who',
    ],
  });
  await problems([['worker-hides-failures', 15, 18]]);
  await editor.screenshot('62-manifest-fixed');
});

see('what is typed is judged as it is typed, and a queue that is not there can be another', async () => {
  await replaceLine(editor, /value: fruit/, `              value: ${queue}x`);
  await problems([
    ['worker-hides-failures', 15, 18],
    ['queue-missing', 18, 22],
  ]);
  assert.deepEqual(await fix(18, `Use queue ${queue}`), {
    gone: [`              value: ${queue}x`],
    come: [`              value: ${queue}`],
  });
  await replaceLine(editor, /completions:/, '  completions: [3');
  await editor.wait('the error in the YAML', async () =>
    (await editor.diagnostics()).some(({ code, severity }) => code === 'refused' && severity === 'error'),
  );
  await replaceLine(editor, /completions:/, '  completions: "3"');
  await problems([
    ['refused', 7, 17],
    ['worker-hides-failures', 15, 18],
  ]);
});

see('the queues of the broker and the number that fits are offered where they are written', async () => {
  await replaceLine(editor, /completions:/, '  completions: ');
  await pickSuggestion(7, /^3/);
  assert.match(await editor.editorText(), /^ {2}completions: 3$/m);
  await replaceLine(editor, /value: fruit/, '              value: ');
  await pickSuggestion(18, new RegExp(`^${queue}`), '63-manifest-queues');
  assert.equal((await editor.editorText()).split('\n')[17], `              value: ${queue}`);
  await problems([['worker-hides-failures', 15, 18]]);
});

see('a script around amqp-consume in job.yaml is made one that fails when the worker fails', async () => {
  const script = (text: string) => `          command: [/bin/sh, -c, ${JSON.stringify(text)}] # run`;
  const consume = 'amqp-consume --url=$BROKER_URL -q $QUEUE -c 1';
  // The editor indents a new line by itself.
  await replaceLine(editor, /image:/, `          image: me/job-wq-1\n${script(`${consume} /worker.py`).trim()}`);
  await problems([['worker-hides-failures', 16, 11]]);
  assert.deepEqual(await fix(16, 'Use a worker container that fails when the worker fails'), {
    gone: [script(`${consume} /worker.py`)],
    come: [script(`${consume} -- sh -c 'cat >/tmp/item && /worker.py </tmp/item && : >/tmp/ok' && test -e /tmp/ok`)],
  });
  await problems([]);
});

see('a Job that takes no messages is not judged', async () => {
  await editor.openFile('pi.yaml');
  await editor.openFile('job.yaml');
  await replaceLine(editor, /restartPolicy:/, '      restartPolicy: Always');
  await problems([['policy-cannot-work', 12, 22]]);
});
