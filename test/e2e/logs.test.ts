import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { apply, kubectl } from '../lab/kubectl.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';

const namespace = `logs-${randomBytes(4).toString('hex')}`;
let editor: Editor;
let folder: string;

/** What one Pod of three writes: terminal sequences, a change of direction, bytes that are no text, ten million characters. */
const HOSTILE = String.raw`printf '\033[31mred\033[0m \033]0;title\007plain \342\200\256evil \377\n'; head -c 10000000 /dev/zero | tr '\0' x; echo; echo after the huge line; sleep 600`;
const COMMAND = `case $JOB_COMPLETION_INDEX in
0) ${HOSTILE};;
1) sleep 1; echo warn: disk is full; exit 3;;
2) n=0; while true; do n=$((n+1)); echo tick $n; sleep 1; done;;
esac`;

function job(name: string, spec: object, command: string, restartPolicy: string): object {
  const env = [{ name: 'QUEUE', value: 'job1' }];
  const containers = [{ name: 'c', image: '127.0.0.1:5000/lab/worker:1', command: ['sh', '-c', command], env }];
  const template = { spec: { restartPolicy, terminationGracePeriodSeconds: 1, containers } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace }, spec: { ...spec, template } };
}

before(async () => {
  const { kubeconfig } = await labUp();
  folder = await mkdtemp(join(tmpdir(), 'kwq-logs-'));
  await writeFile(join(folder, 'notes.txt'), 'notes\n');
  await kubectl(['create', 'namespace', namespace]);
  editor = await openEditor({
    folder,
    extensions: [packageExtension()],
    env: { KUBECONFIG: kubeconfig },
    report: console.log,
  });
  await editor.showContainer('Work Queues');
  await editor.runCommand('Work Queue: Choose Namespace…');
  await (await editor.quickPick('Choose Namespace in')).pick(namespace);
  await apply([
    job('fruit', { completions: 3, parallelism: 3, completionMode: 'Indexed', backoffLimit: 6 }, COMMAND, 'Never'),
    job('again', { completions: 1, backoffLimit: 6 }, 'echo start of $(date +%N); sleep 1; exit 1', 'OnFailure'),
  ]);
  await editor.treeRow('Jobs', 'fruit', { where: row => row.description.includes('failed'), timeout: 60_000 });
});

after(async () => {
  await editor?.close();
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A test that leaves a picture and logs when it fails. */
function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 120_000 }, () => withEvidence(editor, name, run));
}

function shows(what: string, ...found: RegExp[]): Promise<string> {
  return editor.wait(
    what,
    async () => {
      const text = await editor.editorText();
      return found.every(one => one.test(text)) && text;
    },
    { timeout: 60_000 },
  );
}

see('one click shows the logs of all Pods of a Job, and a hostile line does no harm', async () => {
  await editor.treeAction('Jobs', 'fruit', 'Show All Logs');
  await editor.activeTab('Job fruit.log');
  const text = await shows('the lines of three Pods', /warn: disk is full/, /tick 3/, /after the huge line/);
  assert.match(text, /^\[0-[a-z0-9]{5}\] red plain evil \ufffd$/m);
  assert.match(text, /^\[0-[a-z0-9]{5}\] x{10000}… \(9990000 more characters in this line\)$/m);
  const names = new Set([...text.matchAll(/^\[(\d)-[a-z0-9]{5}\] /gm)].map(([, index]) => index));
  assert.deepEqual([...names].sort(), ['0', '1', '2']);
  assert.ok(!text.includes('\u001b') && !text.includes('\u202e') && !text.includes('\u0007'));
  await shows('lines that come while it is open', new RegExp(`tick ${(text.match(/tick \d+/g)?.length ?? 0) + 2}\\b`));
  await editor.page.keyboard.press('Control+End');
  await editor.screenshot('90-job-log');
});

see('a log is filtered by text and by failed Pods, and saved as it is shown', async () => {
  await editor.runCommand('Work Queue: Filter Log…');
  const box = await editor.quickPick('A part of the line');
  await box.type('/disk|tick/');
  await box.pick('Lines of failed Pods only');
  const text = await shows(
    'the lines of failed Pods',
    /— filter: \d+ of \d+ lines, with \/disk\|tick\/, of failed Pods —/,
  );
  assert.match(text, /^\[1-[a-z0-9]{5}\] warn: disk is full$/m);
  assert.doesNotMatch(text, /tick \d/);
  await editor.screenshot('91-log-filtered');
  await editor.runCommand('Work Queue: Save Log…');
  await editor.saveAs('saved.log');
  await (await editor.notification('Saved to saved.log, as it is shown')).dismiss();
  const saved = await readFile(join(folder, 'saved.log'), 'utf8');
  assert.match(saved, /warn: disk is full/);
  assert.doesNotMatch(saved, /tick \d/);
});

see('what a container wrote before it was started again is shown by itself', async () => {
  await editor.closeAllTabs();
  await editor.treeRow('Jobs', 'again');
  await editor.wait(
    'a restart',
    async () =>
      /[1-9]/.test(
        await kubectl([
          'get',
          'pods',
          '-n',
          namespace,
          '-l',
          'job-name=again',
          '-o',
          'jsonpath={.items[*].status.containerStatuses[*].restartCount}',
        ]),
      ),
    { timeout: 60_000 },
  );
  await editor.runCommand('Work Queue: Show Previous Log');
  await (await editor.quickPick('Show the previous log of which Pod?')).pick('again');
  await (await editor.quickPick('Show the previous log of which Pod?')).pick(/^again-/);
  await editor.activeTab(/previous\.log/);
  await shows('the first start’s log', /^start of \d+$/m);
  await editor.screenshot('92-previous-log');
});

see('which item went to which Pod is shown, and those that failed are saved', async () => {
  await editor.closeAllTabs();
  const report = (item: string) => `printf 'work-queue item "${item}"\\n';`;
  const command = `case $JOB_COMPLETION_INDEX in
0) ${report('apple')} echo work-queue done 1.5s;;
1) ${report('fig')} echo work-queue failed 3 0.2s; exit 3;;
2) ${report('x'.repeat(200))} echo work-queue failed 4 0.1s; exit 4;;
esac`;
  const spec = {
    completions: 3,
    parallelism: 3,
    completionMode: 'Indexed',
    backoffLimitPerIndex: 0,
    maxFailedIndexes: 3,
  };
  await apply([job('report', spec, command, 'Never')]);
  await editor.treeRow('Jobs', 'report', { where: row => row.description.includes('2 Pods failed'), timeout: 60_000 });
  await editor.runCommand('Work Queue: Show Items');
  await (await editor.quickPick('Show the items of which Job?')).pick('report');
  await editor.activeTab('Items of report');
  const text = await shows('three items', /^1 done, 2 failed$/m);
  assert.match(
    text,
    /^fig +report-1-\w{5} +failed \(exit code 3\) +0\.2 s\nx{59}… +report-2-\w{5} .*\napple +report-0-\w{5} +done +1\.5 s$/m,
  );
  await editor.page.keyboard.press('Control+Home');
  await editor.screenshot('94-items');
  await editor.runCommand('Work Queue: Save Failed Items…');
  await (await editor.quickPick('Save the failed items of which Job?')).pick('report');
  await editor.saveAsProposed('report.failed.txt');
  const saved = await editor.notification('Failed items saved to report.failed.txt: 1, each once.');
  assert.match(saved.text, /Not saved: 1 item \(“x+…”\)\. A worker reports the first 200 characters/);
  await editor.screenshot('95-items-saved');
  await saved.dismiss();
  assert.equal(await readFile(join(folder, 'report.failed.txt'), 'utf8'), 'fig\n');
});

see('the logs of a Job are there after it has been deleted with its Pods', async () => {
  await editor.closeAllTabs();
  await kubectl(['delete', 'job', 'fruit', '-n', namespace]);
  await editor.wait('the row to be gone', async () =>
    (await editor.treeRows('Jobs')).every(row => row.label !== 'fruit'),
  );
  await editor.wait(
    'the Pods to be gone',
    async () => (await kubectl(['get', 'pods', '-n', namespace, '-l', 'job-name=fruit', '-o', 'name'])) === '',
    { timeout: 60_000 },
  );
  await editor.runCommand('Work Queue: Show All Logs');
  const list = await editor.quickPick('Show the logs of which Job?');
  const row = (await list.rows()).find(({ label }) => label === 'fruit');
  assert.match(row?.description ?? '', /^deleted; logs kept at /);
  await list.pick('fruit');
  const text = await shows('the kept logs', /warn: disk is full/, /tick 3/);
  assert.match(text, /— kept on this computer from Pods that are gone: fruit-/);
  await editor.page.keyboard.press('Control+Home');
  await editor.screenshot('93-kept-logs');
});
