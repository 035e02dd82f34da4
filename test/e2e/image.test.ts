import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { docker } from '../lab/docker.ts';
import { kubectl } from '../lab/kubectl.ts';
import type { LabStatus } from '../lab/status.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
const id = Date.now().toString(36);
const namespace = `image-${id}`;
const CLOSED = 'registry that wants a login';
let lab: LabStatus;
let folder: string;
let programs: string;
let editor: Editor;
let image: string;
let closedImage = '';

before(async () => {
  lab = await labUp();
  await kubectl(['create', 'namespace', namespace]);
  image = `${lab.registry}/test-image-${id}/fruit:1`;
  folder = await mkdtemp(join(tmpdir(), 'kwq-image-'));
  programs = await mkdtemp(join(tmpdir(), 'kwq-programs-'));
  await writeFile(join(folder, 'items.txt'), 'apple\n$(touch /tmp/x) "banana"\npoison\nsleep\n');
  // A file that is written while the editor runs is found by its name only after a while.
  for (const where of ['.', 'closed', 'local']) await writeWorker(where, '<registry>/fruit');
  await standIn('kind');
  // The editor takes PATH from a login shell, as on a desktop.
  await writeFile(join(programs, '.profile'), `PATH="${programs}:${dirname(lab.docker)}:$PATH"\n`);
  await writeTasks();
  editor = await openEditor({
    folder,
    extensions: [packageExtension()],
    env: {
      KUBECONFIG: await twoContexts(),
      DOCKER_HOST: lab.dockerHost,
      // A login that is kept on this machine must not get in, nor one of this test's stay.
      DOCKER_CONFIG: join(programs, 'docker'),
      HOME: programs,
    },
  });
  await editor.showContainer('Work Queues');
});

after(async () => {
  await editor?.close();
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  const built = [image, tagged('task'), `fruit-${id}:1`, closedImage].filter(Boolean);
  await docker(['image', 'rm', '--force', ...built]).catch(() => {});
  for (const path of [folder, programs]) await rm(path, { recursive: true, force: true });
});

function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 3 * MINUTE }, () => withEvidence(editor, name, run));
}

see('a worker that is not built yet cannot be tried, and building is offered', async () => {
  await editor.openFile('items.txt');
  await editor.runCommand('Work Queue: Try Worker on a Line');
  const message = await editor.notification('The worker’s image is not built yet.');
  assert.deepEqual(message.buttons, ['Build Worker Image']);
  await message.dismiss();
});

see(
  'two clicks on a Dockerfile push the image; its name is asked for once, and looked at while it is typed',
  async () => {
    await editor.openFile('Dockerfile');
    await editor.editorContext('Build and Push Worker Image');
    const name = await editor.inputBox('Name of the Worker’s Image');
    for (const [typed, said] of [
      ['fruit:1', 'Docker Hub keeps such names for its own images'],
      ['me/team/fruit:1', 'Docker Hub has only user/name'],
      ['ghcr.io/fruit', 'ghcr.io/OWNER/name'],
      ['us-docker.pkg.dev/project/fruit', 'PROJECT/REPOSITORY/name'],
      [`me/fruit@sha256:${'a'.repeat(64)}`, 'Leave out the digest'],
    ] as const) {
      await name.type(typed);
      await name.says(said);
    }
    await editor.screenshot('80-image-name');
    await name.type(image);
    await name.accept();
    const pushed = await editor.notification(`${image} is pushed.`, { timeout: MINUTE });
    assert.deepEqual(pushed.buttons, ['Run Job', 'Pin Its Digest in job.yaml']);
    await editor.screenshot('81-pushed');
    await pushed.click('Pin Its Digest in job.yaml');
    const jobYaml = () => readFile(join(folder, 'job.yaml'), 'utf8');
    const digestIn = (text: string) => text.match(new RegExp(`image: "${image}@(sha256:[0-9a-f]{64})"`))?.[1];
    const first = await editor.wait('the digest in job.yaml', async () => digestIn(await jobYaml()));
    assert.equal(first, await digestInRegistry());

    await writeFile(join(folder, 'worker.py'), `${WORKER}# changed\n`);
    await editor.openFile('Dockerfile');
    await editor.editorContext('Build and Push Worker Image');
    const again = await editor.notification('job.yaml names its new digest.', { timeout: MINUTE });
    await again.dismiss();
    const second = digestIn(await jobYaml());
    assert.equal(second, await digestInRegistry());
    assert.notEqual(second, first);
  },
);

see('a line is tried on the image as its standard input, and the end is said as a run would take it', async () => {
  await editor.openFile('items.txt');
  await editor.goTo(2);
  await editor.editorContext('Try Worker on a Line');
  const shown = await editor.terminal(/Exit code 0 after \d+\.\d s: in a run the item would be done\./, {
    timeout: MINUTE,
  });
  assert.match(shown, /docker run --rm -i --name try-worker-\w+ --entrypoint \/worker\.py/);
  assert.match(shown, /Processing \$\(touch \/tmp\/x\) "banana"/);
  await editor.screenshot('82-try-worker');
  await editor.openFile('items.txt');
  await editor.goTo(3);
  await editor.runCommand('Work Queue: Try Worker on a Line');
  const failed = await editor.terminal(/Exit code 3 after .*would go back to the queue/, { timeout: MINUTE });
  assert.match(failed, /cannot work on poison/);
});

see('a try that is cancelled leaves no container behind', async () => {
  const containers = async () =>
    (await docker(['ps', '--all', '--quiet', '--filter', `ancestor=${image}`])).trim().split('\n').filter(Boolean);
  await editor.openFile('items.txt');
  await editor.goTo(4);
  await editor.runCommand('Work Queue: Try Worker on a Line');
  await editor.wait('the container of the try', async () => (await containers()).length === 1);
  await (await editor.progress('Trying the Worker')).cancel();
  await editor.wait('the container to be gone', async () => (await containers()).length === 0);
});

see('Pods whose image is not there are told of in the Jobs view, with the cause', async () => {
  const container = { name: 'c', image: tagged('nosuch'), env: [{ name: 'QUEUE', value: 'job1' }] };
  const spec = { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [container] };
  const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'pulling' }, spec: { template: { spec } } };
  await kubectl(['create', '-n', namespace, '-f', '-'], { input: JSON.stringify(body) });
  await editor.treeExpand('Jobs', 'pulling');
  await editor.treeRow(
    'Jobs',
    /^The registry does not have the image\. (ErrImagePull|ImagePullBackOff): 1 Pod, first pulling-/,
  );
  await editor.screenshot('87-image-pull');
  await kubectl(['delete', 'job', 'pulling', '-n', namespace]);
});

see('a registry that wants a login is told of with the command, and the login is one click away', async () => {
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Basic ${Buffer.from('me:secret').toString('base64')}`) {
      response.writeHead(401, { 'WWW-Authenticate': `Basic realm="${CLOSED}"` }).end();
      return;
    }
    const [host, port] = lab.registry.split(':');
    const { method, url: path, headers } = request;
    request.pipe(
      forward({ host, port, method, path, headers }, answer => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  try {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    closedImage = `${host}/fruit:1`;
    await writeWorker('closed', closedImage);
    await editor.openFile('closed/Dockerfile');
    await editor.editorContext('Build and Push Worker Image');
    const refused = await editor.notification(`${closedImage} was not pushed: ${host} wants a login`, {
      timeout: MINUTE,
    });
    assert.match(refused.text, new RegExp(`Log in with: docker login ${host}$`));
    await editor.screenshot('83-login');
    await refused.click('Log In and Push');
    await editor.terminal(/Username/);
    await editor.screenshot('84-login-terminal');
    await editor.page.keyboard.type('me\n');
    await editor.terminal(/Password/);
    await editor.page.keyboard.type('secret\n');
    const pushed = await editor.notification(`${closedImage} is pushed.`, { timeout: MINUTE });
    await pushed.dismiss();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

see('a task of tasks.json builds and pushes with the tool and for the platform that it names', async () => {
  await editor.runCommand('Tasks: Run Task');
  await (await editor.quickPick('Select the task to run')).pick('ship');
  await editor.wait('the image of the task in the registry', async () => digestInRegistry('task'), { timeout: MINUTE });
  await editor.runCommand('Tasks: Run Task');
  await (await editor.quickPick('Select the task to run')).pick('wrong');
  await editor.terminal('Of "tool" (docker, podman, nerdctl)');
});

see('in a kind cluster the image is built and loaded, and the Pods do not ask a registry for it', async () => {
  await editor.runCommand('Work Queue: Choose Context…');
  await (await editor.quickPick('Choose Context')).pick('kind-dev');
  await editor.openFile('local/Dockerfile');
  await editor.editorContext('Build and Push Worker Image');
  const name = await editor.inputBox('Name of the Worker’s Image');
  await name.type(`fruit-${id}:1`);
  await name.says('This is loaded into kind cluster dev, and not pushed.');
  await editor.screenshot('85-local-name');
  await name.accept();
  const loaded = await editor.notification(`fruit-${id}:1 is in kind cluster dev.`, { timeout: MINUTE });
  assert.match(loaded.text, /job\.yaml has imagePullPolicy IfNotPresent now/);
  await editor.screenshot('86-loaded');
  await loaded.dismiss();
  const calls = (await readFile(join(programs, 'kind.calls'), 'utf8')).trim().split('\n');
  assert.deepEqual(calls, [`load docker-image fruit-${id}:1 --name dev`]);
  assert.match(await readFile(join(folder, 'local/job.yaml'), 'utf8'), /imagePullPolicy: IfNotPresent\n/);
});

see('a load that fails says which cluster and what its program said', async () => {
  await writeFile(join(programs, 'kind'), '#!/bin/sh\necho \'ERROR: no nodes found for cluster "dev"\' >&2\nexit 1\n');
  await editor.openFile('local/Dockerfile');
  await editor.editorContext('Build and Load Worker Image into Local Cluster');
  const failed = await editor.notification(`fruit-${id}:1 was not loaded into kind cluster dev`, { timeout: MINUTE });
  assert.match(failed.text, /kind ended with exit code 1.*no nodes found/);
  await failed.dismiss();
});

const WORKER = `#!/usr/bin/env python3
import sys
import time

item = sys.stdin.read()
if item == "poison":
    print("cannot work on poison")
    sys.exit(3)
if item == "sleep":
    time.sleep(600)
print(f"Processing {item}")
`;

async function writeWorker(where: string, name: string): Promise<void> {
  const at = join(folder, where);
  await mkdir(at, { recursive: true });
  await writeFile(join(at, 'worker.py'), WORKER);
  await writeFile(
    join(at, 'Dockerfile'),
    `FROM ${lab.registry}/lab/worker:1
COPY worker.py /worker.py
RUN chmod 755 /worker.py
LABEL work-queue.worker='["/worker.py"]'
CMD ["false"]
`,
  );
  await writeFile(
    join(at, 'job.yaml'),
    `apiVersion: batch/v1
kind: Job
metadata:
  name: fruit
spec:
  completions: 3
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: c
          image: "${name}"
          imagePullPolicy: Always
          env:
            - {name: QUEUE, value: job1}
            - {name: BROKER_URL, value: "amqp://guest@nowhere.invalid:5672"}
`,
  );
}

async function writeTasks(): Promise<void> {
  await mkdir(join(folder, '.vscode'), { recursive: true });
  const task = { type: 'workQueue', label: 'ship', action: 'build-and-push', image: tagged('task'), tool: 'docker' };
  const tasks = [
    { ...task, platform: 'linux/amd64' },
    { ...task, label: 'wrong', tool: 'no-such-tool' },
  ];
  await writeFile(join(folder, '.vscode/tasks.json'), JSON.stringify({ version: '2.0.0', tasks }));
}

/** A program that only writes down how it was called. */
async function standIn(name: string): Promise<void> {
  const file = join(programs, name);
  await writeFile(file, `#!/bin/sh\necho "$*" >>${file}.calls\n`);
  await chmod(file, 0o755);
}

/** The lab's kubeconfig with its context under a second name, as kind would call it. */
async function twoContexts(): Promise<string> {
  const config = JSON.parse(await readFile(lab.kubeconfig, 'utf8'));
  const [context] = config.contexts;
  context.context.namespace = namespace;
  config.contexts.push({ ...context, name: 'kind-dev' });
  const file = join(programs, 'kubeconfig');
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

const tagged = (tag: string) => image.replace(/:1$/, `:${tag}`);

async function digestInRegistry(tag = '1'): Promise<string | null> {
  const [, repository] = image.match(/^[^/]+\/(.*):1$/) ?? [];
  const response = await fetch(`http://${lab.registry}/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers: { Accept: 'application/vnd.docker.distribution.manifest.v2+json' },
    signal: AbortSignal.timeout(10_000),
  });
  return response.headers.get('docker-content-digest');
}
