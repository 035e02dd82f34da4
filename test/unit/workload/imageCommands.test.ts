import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildCommand,
  endCommand,
  type ImageTool,
  isPlatform,
  labelsCommand,
  loadCommands,
  pushCommand,
  runCommand,
} from '../../../src/workload/imageCommands.ts';
import type { LocalCluster } from '../../../src/workload/localCluster.ts';

test("the documentation's build and push", () => {
  assert.deepEqual(buildCommand({ image: 'job-wq-1', context: '.' }), ['docker', 'build', '-t', 'job-wq-1', '.']);
  assert.deepEqual(pushCommand('me/job-wq-1'), ['docker', 'push', 'me/job-wq-1']);
});

test('a Dockerfile elsewhere and a platform go into the build, each as one argument', () => {
  assert.deepEqual(
    buildCommand({ image: 'a', context: '/my work', dockerfile: '/my work/Docker file', platform: 'linux/arm64' }),
    ['docker', 'build', '-t', 'a', '-f', '/my work/Docker file', '--platform', 'linux/arm64', '/my work'],
  );
});

test('a folder or file that begins with a dash is no option', () => {
  const argv = buildCommand({ image: 'a', context: '-x', dockerfile: '--y' });
  assert.deepEqual(argv.slice(-3), ['-f', './--y', './-x']);
});

test('podman is given whole names, since it takes a short one for an image of its own', () => {
  assert.deepEqual(pushCommand('me/app:1', 'podman'), ['podman', 'push', 'docker.io/me/app:1']);
  assert.deepEqual(buildCommand({ tool: 'podman', image: 'r.io/app:1', context: '.' }).slice(0, 4), [
    ...['podman', 'build', '-t', 'r.io/app:1'],
  ]);
  assert.deepEqual(pushCommand('me/app:1', 'nerdctl'), ['nerdctl', 'push', 'me/app:1']);
});

const archive = '/tmp/a.tar';
const LOADS: [ImageTool, LocalCluster, string][] = [
  ['docker', { tool: 'kind', name: 'dev' }, 'kind load docker-image app:1 --name dev'],
  ['docker', { tool: 'k3d', name: 'dev' }, 'k3d image import app:1 --cluster dev'],
  ['docker', { tool: 'minikube', name: 'dev' }, 'minikube image load app:1 --profile dev'],
  [
    'podman',
    { tool: 'kind', name: 'dev' },
    'podman save -o /tmp/a.tar docker.io/library/app:1 ; kind load image-archive /tmp/a.tar --name dev',
  ],
  ['nerdctl', { tool: 'k3d', name: 'd' }, 'nerdctl save -o /tmp/a.tar app:1 ; k3d image import /tmp/a.tar --cluster d'],
  [
    'podman',
    { tool: 'minikube', name: 'minikube' },
    'podman save -o /tmp/a.tar docker.io/library/app:1 ; minikube image load /tmp/a.tar --profile minikube',
  ],
];
for (const [tool, cluster, commands] of LOADS) {
  test(`an image of ${tool} is loaded into ${cluster.tool}`, () => {
    const argvs = loadCommands({ tool, image: 'app:1', cluster, archive });
    assert.equal(argvs.map(argv => argv.join(' ')).join(' ; '), commands);
  });
}

test('the worker’s program runs in place of the image’s own command, and its arguments stay apart', () => {
  assert.deepEqual(runCommand({ image: 'app:1', program: ['python3', '/worker.py', 'a b'], container: 'try-1' }), [
    ...['docker', 'run', '--rm', '-i', '--name', 'try-1', '--entrypoint', 'python3', 'app:1', '/worker.py', 'a b'],
  ]);
  assert.deepEqual(endCommand('try-1', 'podman'), ['podman', 'rm', '--force', 'try-1']);
  assert.deepEqual(labelsCommand('app:1'), [
    ...['docker', 'image', 'inspect', '--format', '{{json .Config.Labels}}', 'app:1'],
  ]);
});

test('a platform is os/architecture, with a variant where it has one', () => {
  for (const good of ['linux/amd64', 'linux/arm/v7']) assert.ok(isPlatform(good), good);
  for (const bad of ['', 'amd64', '--rm', 'linux/', 'linux/a b', 'linux/amd64,linux/arm64']) {
    assert.ok(!isPlatform(bad), bad);
    assert.throws(() => buildCommand({ image: 'a', context: '.', platform: bad }), RangeError);
  }
});

for (const image of ['--rm', '', '<repo>/a', 'a b', 'A']) {
  test(`no command is made for ${JSON.stringify(image)}`, () => {
    const cluster: LocalCluster = { tool: 'kind', name: 'dev' };
    assert.throws(() => buildCommand({ image, context: '.' }), RangeError);
    assert.throws(() => pushCommand(image), RangeError);
    assert.throws(() => loadCommands({ image, cluster, archive }), RangeError);
    assert.throws(() => runCommand({ image, program: ['a'], container: 'c' }), RangeError);
    assert.throws(() => labelsCommand(image), RangeError);
  });
}
